//! GNU parallel: one line, on this machine or, by its own `--sshlogin`, on others.

use super::shell::{command, output, quoted};
use super::{Command, Engine, Job, Rendered, no_limits, refused};
use crate::error::Result;

const NAME: &str = "parallel";

/// GNU parallel. It stays until all workers have ended.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parallel;

impl Engine for Parallel {
    fn name(&self) -> &'static str {
        NAME
    }

    fn render(&self, job: &Job) -> Result<Rendered> {
        no_limits(job)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let by_cores = || u32::try_from((cores / job.threads.max(1)).max(1)).unwrap_or(1);
        let at_once = job.at_once.unwrap_or_else(by_cores);
        let extra = job.extra.iter().map(|word| quoted(word));
        let extra: String = extra.map(|word| Ok(word? + " ")).collect::<Result<_>>()?;
        let worker = job.worker("{}")?;
        // Parallel fills in whatever stands in braces.
        if worker.replacen("{}", "", 1).contains(['{', '}']) {
            return Err(refused("a path", &worker, "free of braces"));
        }
        let worker = quoted(&worker)?;
        let line = format!(
            "seq {} | parallel --will-cite --jobs {at_once} {extra}{worker}",
            job.shards
        );
        Ok(Rendered {
            file: None,
            commands: vec![command(["sh", "-c", &line])],
        })
    }

    fn stays(&self) -> bool {
        true
    }

    fn start(&self, command: &Command) -> Result<Option<String>> {
        output(NAME, command).map(|_| None)
    }
}
