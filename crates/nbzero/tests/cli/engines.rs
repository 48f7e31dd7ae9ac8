//! `submit` and `cancel` with the engines themselves: Slurm, HyperQueue, GNU parallel, this machine; Kubernetes'
//! manifest by its schema.
//!
//! `./test` installs them. Where one cannot be had or started the test says so and is skipped.

#![expect(clippy::print_stdout, reason = "a skipped test says why")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cluster::{collected, moment, status};
use crate::run::{Run, finish, nbzero, root, run};

/// Units of next to no work: what is seen is what lies around it.
const UNITS: &str = "2000";

fn planned(folder: &Path, count: &str, proxies: &str, parts: &str) {
    let mut plan = nbzero(folder);
    plan.args([
        "plan",
        "--spaces",
        "nbmacro",
        "--counts",
        count,
        "--proxies",
        proxies,
    ]);
    let ended = finish(plan.args(["--batch", "2", "--parts", parts, "-o", "plan"]));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

/// What `score` writes of the plan's networks.
fn scored(folder: &Path, count: &str, proxies: &str) -> Vec<u8> {
    let mut score = nbzero(folder);
    score.args([
        "score",
        "--space",
        "nbmacro",
        "--count",
        count,
        "--proxies",
        proxies,
    ]);
    let ended = finish(score.args(["--batch", "2", "-q", "-o", "scored.parquet"]));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    fs::read(folder.join("scored.parquet")).expect("scores")
}

fn submit(folder: &Path, engine: &str, more: &[&str]) -> Run {
    let first = ["submit", "--plan", "plan", "-o", "runs", "--engine", engine];
    run(folder, &[&first[..], more].concat())
}

fn script(name: &str) -> PathBuf {
    root().join("crates/nbzero/tests/engines").join(name)
}

fn has(program: &str) -> bool {
    quiet(Command::new("sh").args(["-c", &format!("command -v {program}")]))
}

fn quiet(command: &mut Command) -> bool {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Waits for what a scheduler does in its own time. A test that waits for ever says nothing: this gives up after ten
/// minutes.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_mins(10), "not so: {what}");
        moment();
    }
}

/// Python with the wheels of HyperQueue and kubernetes-validate.
fn python(module: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("NBZERO_ENGINES")
        .map_or_else(|| root().join("target/engines"), PathBuf::from);
    let python = std::path::absolute(folder.join("bin/python")).ok()?;
    quiet(Command::new(&python).args(["-c", &format!("import {module}")])).then_some(python)
}

/// A Slurm of its own; ended when dropped.
struct Slurm {
    folder: tempfile::TempDir,
}

impl Slurm {
    fn start(nodes: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for program in ["slurmctld", "slurmd", "munged", "sbatch"] {
            if !has(program) {
                println!("skipped: no {program} on this machine");
                return None;
            }
        }
        let slurm = Self { folder };
        let up = slurm
            .script("up")
            .args([nodes, "4"])
            .output()
            .expect("bash");
        if !up.status.success() {
            let why = String::from_utf8_lossy(&up.stderr);
            println!("skipped: Slurm cannot be started here: {}", why.trim());
            return None;
        }
        Some(slurm)
    }

    fn script(&self, action: &str) -> Command {
        let mut command = Command::new("bash");
        command
            .arg(script("slurm.sh"))
            .arg(action)
            .arg(self.folder.path());
        command
    }

    /// A command that finds this Slurm.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("SLURM_CONF", self.folder.path().join("slurm.conf"));
        command
    }

    fn submit(&self, folder: &Path, more: &[&str]) -> Run {
        let mut command = nbzero(folder);
        command.env("SLURM_CONF", self.folder.path().join("slurm.conf"));
        command.args([
            "submit", "--plan", "plan", "-o", "runs", "--engine", "slurm",
        ]);
        finish(command.args(more))
    }

    /// Waits for the queue to be empty.
    fn wait(&self) {
        until("the queue is empty", || {
            let queue = self.command("squeue").arg("-h").output().expect("squeue");
            let words = String::from_utf8_lossy(&queue.stderr);
            assert!(queue.status.success(), "{words}");
            queue.stdout.is_empty()
        });
    }
}

impl Drop for Slurm {
    fn drop(&mut self) {
        // Tasks that still run would outlive their daemons.
        quiet(self.command("scancel").args(["--user", "root"]));
        quiet(&mut self.script("down"));
    }
}

/// One test: a machine has one Slurm at a time.
#[cfg(target_os = "linux")]
#[test]
fn slurm_runs_arrays_in_waves_queues_again_and_outlives_a_node() {
    let Some(slurm) = Slurm::start("2") else {
        return;
    };
    waves(&slurm);
    refusals(&slurm);
    cancelled(&slurm);
    told_to_stop(&slurm);
    before_the_limit(&slurm);
    node_down(&slurm);
}

/// Waves: the site's arrays have at most 11 elements, the plan has 25 shards.
#[cfg(target_os = "linux")]
fn waves(slurm: &Slurm) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, UNITS, "params", "200");
    let alone = slurm
        .command("sbatch")
        .args(["--array=0-24", "--wrap", "true"])
        .output();
    let alone = String::from_utf8_lossy(&alone.expect("sbatch").stderr).into_owned();
    assert!(alone.contains("Invalid job array specification"), "{alone}");
    let given = slurm.submit(at, &["--shards", "25", "--json"]);
    assert_eq!(given.code, Some(0), "{}", given.stderr);
    let document: serde_json::Value = serde_json::from_str(&given.stdout).expect("JSON");
    assert_eq!(
        document["ids"].as_array().map(Vec::len),
        Some(3),
        "{document}"
    );
    slurm.wait();
    assert_eq!(status(at)["done"], 2000);
    assert!(collected(at) == scored(at, UNITS, "params"));
}

/// What the scheduler refuses is said in its own words, and nothing is submitted.
#[cfg(target_os = "linux")]
fn refusals(slurm: &Slurm) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, "10", "params", "5");
    let nowhere = slurm.submit(at, &["--shards", "2", "--", "--partition=nowhere"]);
    assert_eq!(nowhere.code, Some(1), "{}", nowhere.stderr);
    assert!(
        nowhere.stderr.contains("invalid partition specified"),
        "{}",
        nowhere.stderr
    );
    let vast = slurm.submit(at, &["--shards", "2", "--memory", "4000G"]);
    assert_eq!(vast.code, Some(1), "{}", vast.stderr);
    assert!(
        vast.stderr
            .contains("equested node configuration is not available"),
        "{}",
        vast.stderr
    );
    // So is a controller's silence: one at whose port nobody listens.
    let conf = slurm.folder.path().join("slurm.conf");
    let text = fs::read_to_string(conf).expect("a configuration");
    let deaf = at.join("deaf.conf");
    fs::write(&deaf, text.replace("=17817", "=17816")).expect("a configuration");
    let mut command = nbzero(at);
    command.env("SLURM_CONF", deaf);
    command.args([
        "submit", "--plan", "plan", "-o", "runs", "--engine", "slurm",
    ]);
    let silent = finish(&mut command);
    assert_eq!(silent.code, Some(1), "{}", silent.stderr);
    assert!(
        silent.stderr.contains("Unable to contact slurm controller"),
        "{}",
        silent.stderr
    );
}

/// What is cancelled is not queued again, and can be submitted anew; in a folder whose name holds Slurm's own signs.
#[cfg(target_os = "linux")]
fn cancelled(slurm: &Slurm) {
    let folder = tempfile::Builder::new().prefix("50 %A %%").tempdir();
    let folder = folder.expect("a temporary folder");
    let at = folder.path();
    planned(at, "400", "snip", "40");
    assert_eq!(slurm.submit(at, &["--shards", "2"]).code, Some(0));
    until("a unit is done", || status(at)["done"] != 0);
    let twice = slurm.submit(at, &["--shards", "2"]);
    assert_eq!(twice.code, Some(1), "{}", twice.stderr);
    assert!(
        twice.stderr.contains("is under way: 2 running"),
        "{}",
        twice.stderr
    );
    let mut cancel = nbzero(at);
    cancel.env("SLURM_CONF", slurm.folder.path().join("slurm.conf"));
    let cancelled = finish(cancel.args(["cancel", "runs"]));
    assert_eq!(cancelled.code, Some(0), "{}", cancelled.stderr);
    slurm.wait();
    let found = status(at);
    assert!(found["done"].as_u64() < Some(400), "{found}");
    assert_eq!(slurm.submit(at, &["--shards", "1"]).code, Some(0));
    assert_eq!(slurm.submit(at, &["--shards", "1", "--more"]).code, Some(0));
    slurm.wait();
    assert!(collected(at) == scored(at, "400", "snip"));
    let logs = fs::read_dir(at.join("runs/logs")).expect("a folder");
    let is_slurms = |name: &str| name.starts_with("slurm-") && !name.contains('%');
    let names = logs.map(|entry| entry.expect("an entry").file_name());
    assert!(names.into_iter().any(|n| n.to_str().is_some_and(is_slurms)));
}

/// USR1, as Slurm sends it two minutes before the time limit: the worker ends with 85 and is queued again.
#[cfg(target_os = "linux")]
fn told_to_stop(slurm: &Slurm) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, "150", "snip", "6");
    let given = slurm.submit(at, &["--shards", "1", "--json"]);
    assert_eq!(given.code, Some(0), "{}", given.stderr);
    let document: serde_json::Value = serde_json::from_str(&given.stdout).expect("JSON");
    let id = document["ids"][0].as_str().expect("a name").to_owned();
    until("a unit is done", || status(at)["done"] != 0);
    assert!(quiet(slurm.command("scancel").args([
        "--batch",
        "--signal=USR1",
        &id
    ])));
    slurm.wait();
    let log = log(at, "1-of-1");
    assert!(log.contains(": left at "), "{log}");
    assert_eq!(status(at)["done"], 150);
    assert!(collected(at) == scored(at, "150", "snip"));
}

/// USR1 as Slurm itself sends it, before a limit of a minute that the work, of more than a minute, cannot keep.
#[cfg(target_os = "linux")]
fn before_the_limit(slurm: &Slurm) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(
        at,
        "250",
        "grasp,fisher,zen,plain,snip,synflow,jacob_cov",
        "50",
    );
    let given = slurm.submit(at, &["--shards", "1", "--time", "1", "--notice", "30"]);
    assert_eq!(given.code, Some(0), "{}", given.stderr);
    slurm.wait();
    let log = log(at, "1-of-1");
    assert!(log.contains(": left at "), "{log}");
    assert_eq!(status(at)["done"], 250);
    // Nothing was ended by its limit.
    let ended = fs::read_to_string(slurm.folder.path().join("jobcomp.txt")).expect("a log");
    assert!(!ended.contains("TIMEOUT"), "{ended}");
}

/// A node goes down under its worker, and comes back.
#[cfg(target_os = "linux")]
fn node_down(slurm: &Slurm) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, "150", "snip", "6");
    assert_eq!(slurm.submit(at, &["--shards", "2"]).code, Some(0));
    until("a unit is done", || status(at)["done"] != 0);
    let set = |state: &str| {
        let mut control = slurm.command("scontrol");
        let state = format!("state={state}");
        quiet(control.args(["update", "nodename=n1", &state, "reason=test"]))
    };
    assert!(set("down"));
    // Refused while the controller still sees the last task off.
    until("the node resumes", || set("resume"));
    slurm.wait();
    let finished = fs::read_to_string(slurm.folder.path().join("jobcomp.txt")).expect("a log");
    assert!(finished.contains("NODE_FAIL"), "{finished}");
    assert_eq!(status(at)["done"], 150);
    assert!(collected(at) == scored(at, "150", "snip"));
}

/// The log of a shard's workers.
fn log(folder: &Path, shard: &str) -> String {
    use std::io::Read;
    let file = fs::File::open(folder.join(format!("runs/logs/{shard}.log.gz"))).expect("a log");
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_string(&mut text)
        .expect("gzip");
    text
}

/// The script of a site whose Slurm does not requeue by itself, run by hand beside a `scontrol` that writes down what
/// it is asked.
#[cfg(unix)]
#[test]
fn a_script_told_to_stop_has_its_task_queued_again_and_a_cancelled_one_has_not() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, "200", "snip", "10");
    let mut show = nbzero(at);
    show.args([
        "submit",
        "--plan",
        "plan",
        "-o",
        "runs",
        "--engine",
        "slurm",
        "--dry-run",
    ]);
    let shown = finish(show.args(["--shards", "1"]).env("PATH", at.join("nowhere")));
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    let script = shown.stdout.split("\n# and then").next().expect("a script");
    assert!(script.contains("scontrol requeue"), "{script}");
    fs::write(at.join("script"), script).expect("a script");
    let scontrol = at.join("scontrol");
    fs::write(&scontrol, "#!/bin/sh\necho \"$@\" >>asked\n").expect("a script");
    fs::set_permissions(&scontrol, fs::Permissions::from_mode(0o755)).expect("a mode");
    let path = std::env::var("PATH").unwrap_or_default();
    for (signal, asked) in [("TERM", ""), ("USR1", "requeue 7_0\n")] {
        let mut bash = Command::new("bash");
        bash.args(["script", "0"])
            .current_dir(at)
            .stderr(Stdio::null());
        bash.env("PATH", format!("{}:{path}", at.display()));
        bash.env("SLURM_ARRAY_JOB_ID", "7")
            .env("SLURM_ARRAY_TASK_ID", "0");
        let open = || fs::read_dir(at.join("runs/claims")).map_or(0, Iterator::count);
        let mut child = bash.spawn().expect("bash");
        while open() == 0 {
            assert!(child.try_wait().expect("bash").is_none(), "it ended");
        }
        let id = child.id().to_string();
        assert!(quiet(Command::new("kill").args(["-s", signal, &id])));
        assert_eq!(child.wait().expect("bash").code(), Some(85), "{signal}");
        let said = fs::read_to_string(at.join("asked")).unwrap_or_default();
        assert_eq!(said, asked, "{signal}");
    }
}

/// HyperQueue listens on every address: the test runs it in a network of its own.
#[cfg(target_os = "linux")]
#[test]
fn hyperqueue_gives_the_same_bytes_after_failing_tasks_and_a_second_submission() {
    let Some(python) = python("hyperqueue") else {
        println!("skipped: no hyperqueue wheel; ./test installs it");
        return;
    };
    if !quiet(Command::new("unshare").args(["-n", "true"])) {
        println!("skipped: no network of its own can be made here");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, UNITS, "params", "200");
    let shim = format!(
        "#!/bin/sh\nexec {} {} \"$@\"\n",
        python.display(),
        script("hq.py").display()
    );
    fs::create_dir(at.join("bin")).expect("a folder");
    fs::write(at.join("bin/hq"), shim).expect("a script");
    let body = r#"set -eu
ip link set lo up
chmod +x bin/hq
export HQ_SERVER_DIR=$PWD/server PATH=$PWD/bin:$PATH
mkdir server
hq serve "$HQ_SERVER_DIR" 2 2 >ready & server=$!
trap 'kill $server; wait $server' EXIT
until grep -q READY ready; do kill -0 $server; done
submit="$NBZERO submit --plan plan -o runs --engine hyperqueue --shards 20 --json"
# Images that are not there: every task fails.
$submit --data nothing.safetensors >first.json
hq wait 1 >failed.first
# The plan's own.
$submit >second.json
hq wait 2 >failed.second
"#;
    let mut unshare = Command::new("unshare");
    unshare.args(["-n", "bash", "-c", body]).current_dir(at);
    unshare
        .env("NBZERO", env!("CARGO_BIN_EXE_nbzero"))
        .stdin(Stdio::null());
    let ended = finish(&mut unshare);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let read = |name: &str| fs::read_to_string(at.join(name)).expect("a file");
    assert_eq!(read("failed.first").trim(), "20");
    assert_eq!(read("failed.second").trim(), "0");
    let words = read("runs/logs/hyperqueue.err");
    assert!(words.contains("nothing.safetensors"), "{words}");
    assert!(collected(at) == scored(at, UNITS, "params"));
}

/// The command itself, where somebody has it and a server runs.
#[test]
fn hyperqueue_s_own_command_takes_what_is_rendered() {
    if !has("hq") || !quiet(Command::new("hq").args(["server", "info"])) {
        println!("skipped: no hq with a running server on PATH");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, "50", "params", "10");
    let given = submit(at, "hyperqueue", &["--shards", "3", "--", "--wait"]);
    assert_eq!(given.code, Some(0), "{}", given.stderr);
    assert!(collected(at) == scored(at, "50", "params"));
}

#[test]
fn a_path_that_parallel_would_fill_in_is_refused() {
    let folder = tempfile::Builder::new().prefix("{#}").tempdir();
    let folder = folder.expect("a temporary folder");
    planned(folder.path(), "10", "params", "5");
    let ended = submit(folder.path(), "parallel", &["--shards", "2"]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("braces"), "{}", ended.stderr);
}

#[test]
fn gnu_parallel_and_this_machine_give_the_same_bytes() {
    for engine in ["parallel", "local"] {
        if engine == "parallel" && !has("parallel") {
            println!("skipped: no GNU parallel on this machine");
            continue;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = folder.path();
        planned(at, "300", "params", "30");
        let given = submit(at, engine, &["--shards", "5"]);
        assert_eq!(given.code, Some(0), "{engine}: {}", given.stderr);
        assert_eq!(status(at)["done"], 300);
        assert!(collected(at) == scored(at, "300", "params"), "{engine}");
        // Workers that fail are said to have failed.
        let failed = submit(
            at,
            engine,
            &["--shards", "2", "--data", "nothing.safetensors"],
        );
        assert_eq!(failed.code, Some(1), "{engine}: {}", failed.stderr);
        assert!(
            failed.stderr.contains("nothing.safetensors"),
            "{engine}: {}",
            failed.stderr
        );
    }
}

/// A site with a limit on submitted jobs below its MaxArraySize: an `sbatch` that takes 100 tasks in all.
#[cfg(unix)]
#[test]
fn an_array_above_the_submit_limit_is_halved_until_it_is_taken() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, "10", "params", "5");
    fs::create_dir(at.join("bin")).expect("a folder");
    let script = r#"#!/bin/sh
last=${2#--array=0-}
last=${last%\%*}
taken=0
[ ! -e taken ] || read -r taken <taken
if [ $((taken + last + 1)) -gt 100 ]; then
  echo 'Batch job submission failed: AssocMaxSubmitJobLimit' >&2
  exit 1
fi
echo $((taken + last + 1)) >taken
echo "$2" >>arrays
echo 17
"#;
    let sbatch = at.join("bin/sbatch");
    fs::write(&sbatch, script).expect("a script");
    fs::set_permissions(&sbatch, fs::Permissions::from_mode(0o755)).expect("a mode");
    let mut command = nbzero(at);
    // No other program of Slurm is found.
    command.env("PATH", at.join("bin"));
    command.args([
        "submit", "--plan", "plan", "-o", "runs", "--engine", "slurm",
    ]);
    let given = finish(command.args(["--shards", "1500", "--at-once", "40"]));
    assert_eq!(given.code, Some(0), "{}", given.stderr);
    assert!(
        given.stderr.contains("AssocMaxSubmitJobLimit"),
        "{}",
        given.stderr
    );
    let arrays = fs::read_to_string(at.join("arrays")).expect("a file");
    // 1001, 500, 250, 125, 62.
    assert_eq!(arrays, "--array=0-61%20\n");
    let record = fs::read_to_string(at.join("runs/submissions/0001.toml")).expect("a record");
    assert!(record.contains("--array=0-61%20"), "{record}");
    // Others may see who has the plan.
    let mode = |file: &str| {
        let path = at.join(file);
        fs::metadata(path).expect("a file").permissions().mode()
    };
    assert_eq!(mode("runs/submissions/0001.toml"), mode("plan/plan.toml"));
}

/// Namespace and cluster of a submission are remembered; a `kubectl` that writes down what it is asked.
#[cfg(unix)]
#[test]
fn a_submission_is_asked_for_and_cancelled_where_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, "10", "params", "5");
    let kubectl = at.join("kubectl");
    let script = "#!/bin/sh\necho \"$*\" | sed 's/nbzero-[^ ]*/JOB/;s/--filename [^ ]*/--filename FILE/' >>asked\n\
                  [ $1 != get ] || echo '{\"status\": {\"active\": 2}}'\n";
    fs::write(&kubectl, script).expect("a script");
    fs::set_permissions(&kubectl, fs::Permissions::from_mode(0o755)).expect("a mode");
    let path = format!(
        "{}:{}",
        at.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let command = |arguments: &[&str]| {
        let mut command = nbzero(at);
        finish(command.args(arguments).env("PATH", &path))
    };
    let first = [
        "submit",
        "--plan",
        "plan",
        "-o",
        "runs",
        "--engine",
        "kubernetes",
    ];
    let more = [
        "--image",
        "lab/nbzero:1",
        "--",
        "-n",
        "lab",
        "--context=far",
    ];
    let submit = [&first[..], &more].concat();
    assert_eq!(command(&submit).code, Some(0));
    let twice = command(&submit);
    assert_eq!(twice.code, Some(1), "{}", twice.stderr);
    assert!(twice.stderr.contains("2 active"), "{}", twice.stderr);
    assert_eq!(command(&["cancel", "runs"]).code, Some(0));
    let asked = fs::read_to_string(at.join("asked")).expect("a file");
    let asked: Vec<&str> = asked.lines().collect();
    assert_eq!(
        asked,
        [
            "apply --output name --filename FILE -n lab --context=far",
            "get job JOB --output json -n lab --context=far",
            "delete job JOB -n lab --context=far",
        ]
    );
}

/// Oracle: the API's schema of 1.31 in kubernetes-validate, and by hand what a schema cannot tell.
#[test]
fn kubernetes_takes_the_manifest() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, "10", "params", "5");
    let more = [
        "--shards",
        "40",
        "--at-once",
        "8",
        "--memory",
        "4G",
        "--image",
        "lab/nbzero:1",
    ];
    let volumes = [
        "--volume",
        "shared=/data",
        "--volume",
        "images=/images",
        "--dry-run",
    ];
    let shown = submit(at, "kubernetes", &[&more[..], &volumes].concat());
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    let (manifest, command) = shown.stdout.split_once("# and then").expect("both");
    assert!(command.contains("kubectl apply"), "{command}");
    assert!(!at.join("runs").exists(), "a dry run has written");
    for line in [
        "  completionMode: Indexed",
        "  completions: 40",
        "  parallelism: 8",
        "      restartPolicy: Never",
        "      onExitCodes: {containerName: worker, operator: In, values: [85]}",
    ] {
        assert!(manifest.lines().any(|l| l == line), "{line}:\n{manifest}");
    }
    assert!(
        manifest.contains("$((JOB_COMPLETION_INDEX + 1))/40"),
        "{manifest}"
    );
    let nameless = submit(at, "kubernetes", &["--dry-run"]);
    assert_eq!(nameless.code, Some(2), "{}", nameless.stderr);
    assert!(nameless.stderr.contains("--image"), "{}", nameless.stderr);
    let Some(python) = python("kubernetes_validate") else {
        println!("skipped: no kubernetes-validate; ./test installs it");
        return;
    };
    let path = at.join("job.yaml");
    fs::write(&path, manifest).expect("a file");
    let validate = |path: &Path| {
        let mut command = Command::new(python.with_file_name("kubernetes-validate"));
        quiet(
            command
                .args(["--strict", "--kubernetes-version", "1.31"])
                .arg(path),
        )
    };
    assert!(validate(&path), "{manifest}");
    // That it looks at all.
    fs::write(&path, manifest.replace("completions:", "completion:")).expect("a file");
    assert!(!validate(&path));
}

#[test]
fn an_engine_that_is_not_here_is_named_and_nothing_is_recorded_as_given() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, "10", "params", "5");
    for (engine, program) in [("slurm", "sbatch"), ("hyperqueue", "hq")] {
        let mut command = nbzero(at);
        command.env("PATH", at.join("nowhere"));
        command.args(["submit", "--plan", "plan", "-o", "runs", "--engine", engine]);
        // Twice: what was refused is not under way.
        for _ in 0..2 {
            let ended = finish(&mut command);
            assert_eq!(ended.code, Some(1), "{}", ended.stderr);
            assert!(ended.stderr.contains(program), "{}", ended.stderr);
            assert!(ended.stderr.contains("on PATH?"), "{}", ended.stderr);
        }
    }
    let cancelled = run(at, &["cancel", "runs"]);
    assert_eq!(cancelled.code, Some(0), "{}", cancelled.stderr);
    assert!(
        cancelled.stderr.contains("nothing is under way"),
        "{}",
        cancelled.stderr
    );
}
