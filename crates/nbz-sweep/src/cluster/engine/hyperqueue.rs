//! HyperQueue: one job, a task a shard.
//!
//! `hq` writes two files a task by default; with thousands of tasks that harms shared file systems, so both are
//! turned off, and what a worker says of failure goes to one file of all.

use std::collections::BTreeMap;

use serde_json::Value;

use super::shell::{command, output, quoted};
use super::{Command, Engine, Job, Rendered, Submission};
use crate::error::{Result, SweepError};

const NAME: &str = "hyperqueue";

/// A HyperQueue server that `hq` finds.
#[derive(Debug, Clone, Copy, Default)]
pub struct HyperQueue;

impl Engine for HyperQueue {
    fn name(&self) -> &'static str {
        NAME
    }

    fn render(&self, job: &Job) -> Result<Rendered> {
        let errors = job
            .runs
            .join("logs")
            .join("hyperqueue.err")
            .display()
            .to_string();
        let script = format!(
            "exec {} 2>>{}",
            job.worker("$HQ_TASK_ID")?,
            quoted(&errors)?
        );
        let (array, cpus) = (format!("1-{}", job.shards), job.threads.to_string());
        let mut words = vec!["hq", "--output-mode", "json", "submit", "--name", "nbzero"];
        words.extend(["--array", &array, "--cpus", &cpus]);
        words.extend(["--stdout", "none", "--stderr", "none"]);
        if let Some(time) = &job.time {
            words.extend(["--time-limit", time]);
        }
        words.extend(job.extra.iter().map(String::as_str));
        words.extend(["--", "bash", "-c", &script]);
        Ok(Rendered {
            file: None,
            commands: vec![command(words)],
        })
    }

    fn start(&self, command: &Command) -> Result<Option<String>> {
        let said = output(NAME, command)?;
        let id = serde_json::from_str(&said)
            .ok()
            .and_then(|v: Value| v.get("id")?.as_u64());
        let id = id.ok_or_else(|| unreadable(command, &said))?;
        Ok(Some(id.to_string()))
    }

    fn states(&self, submission: &Submission) -> Result<BTreeMap<String, usize>> {
        let ids = submission.ids.join(",");
        let asked = command(["hq", "--output-mode", "json", "job", "info", &ids]);
        let said = output(NAME, &asked)?;
        let jobs: Vec<Value> =
            serde_json::from_str(&said).map_err(|_| unreadable(&asked, &said))?;
        let mut states = BTreeMap::new();
        let stats = |job: &Value| {
            job.get("task_stats")
                .or(job.get("info")?.get("task_stats"))
                .cloned()
        };
        for stats in jobs.iter().filter_map(stats) {
            for state in ["running", "waiting"] {
                let count = stats.get(state).and_then(Value::as_u64).unwrap_or(0);
                if count > 0 {
                    *states.entry(state.to_owned()).or_insert(0) += count as usize;
                }
            }
        }
        Ok(states)
    }

    fn cancel(&self, submission: &Submission) -> Result<()> {
        let ids = submission.ids.join(",");
        output(NAME, &command(["hq", "job", "cancel", &ids])).map(|_| ())
    }
}

fn unreadable(command: &Command, said: &str) -> SweepError {
    SweepError::Scheduler {
        engine: NAME,
        command: command.words.join(" "),
        trouble: format!("answers what cannot be read: {}", said.trim()),
        hint: "this was written for HyperQueue 0.19 and later".to_owned(),
    }
}
