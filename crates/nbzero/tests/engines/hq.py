#!/usr/bin/env python3
"""`hq` for tests, over the hyperqueue wheel, which ships HyperQueue without its command.

    hq.py serve FOLDER WORKERS CORES     server and workers in this process; prints READY; ends on SIGTERM
    hq.py [--output-mode json] submit ... --array 1-N ... -- PROGRAM ...   what nbzero runs as `hq`

FOLDER is taken from HQ_SERVER_DIR by `submit`, as `hq` does.
"""
import json, os, signal, sys, threading

from hyperqueue import Client, Job
from hyperqueue.cluster import LocalCluster, WorkerConfig


def serve(folder, workers, cores):
    cluster = LocalCluster(server_dir=folder)
    for _ in range(int(workers)):
        cluster.start_worker(WorkerConfig(cores=int(cores)))
    print("READY", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    cluster.stop()


def submit(words):
    at = words.index("--")
    options, program = words[:at], words[at + 1:]
    value = lambda name: options[options.index(name) + 1]
    first, last = map(int, value("--array").split("-"))
    if value("--stdout") != "none" or value("--stderr") != "none":
        sys.exit("two files a task")
    client = Client(server_dir=os.environ["HQ_SERVER_DIR"])
    job = Job(max_fails=None, default_workdir=os.getcwd())
    for index in range(first, last + 1):
        # The wheel numbers tasks from 0, `hq` as the array says.
        job.program(["env", f"HQ_TASK_ID={index}", *program], stdout=None, stderr=None)
    submitted = client.submit(job)
    print(json.dumps({"id": submitted.id}))


def wait(words):
    """For tests alone: waits for a job and prints how many of its tasks failed."""
    client = Client(server_dir=os.environ["HQ_SERVER_DIR"])
    job = int(words[0])
    client.connection.wait_for_jobs([job], lambda jobs: None)
    print(len(client.connection.get_failed_tasks([job])[job]))


def info(words):
    """The wheel tells of a job only when it has ended: waits for that."""
    client = Client(server_dir=os.environ["HQ_SERVER_DIR"])
    jobs = [int(job) for job in words[1].split(",")]
    client.connection.wait_for_jobs(jobs, lambda jobs: None)
    print(json.dumps([{"info": {"id": job, "task_stats": {"running": 0, "waiting": 0}}} for job in jobs]))


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:]]
    if arguments[:2] == ["--output-mode", "json"]:
        arguments = arguments[2:]
    {"serve": lambda a: serve(*a), "submit": submit, "job": info, "wait": wait}[arguments[0]](arguments[1:])
