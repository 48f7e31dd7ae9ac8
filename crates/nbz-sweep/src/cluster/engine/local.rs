//! This machine: workers side by side, until all have ended.

use super::shell::{command, output};
use super::{Command, Engine, Job, Rendered, no_limits, refused};
use crate::error::Result;

const NAME: &str = "local";

/// This machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Local;

impl Engine for Local {
    fn name(&self) -> &'static str {
        NAME
    }

    fn render(&self, job: &Job) -> Result<Rendered> {
        no_limits(job)?;
        if let Some(word) = job.extra.first() {
            return Err(refused(
                "an option for the engine",
                word,
                "left out: local has none",
            ));
        }
        // A worker does the parts of the others too: as many shards as may run at once are enough.
        let shards = job.at_once.unwrap_or(job.shards).min(job.shards);
        let job = &Job {
            shards,
            ..job.clone()
        };
        let workers = (1..=shards).map(|shard| job.worker(&shard.to_string()));
        let workers: Vec<String> = workers.map(|w| Ok(w? + " &\n")).collect::<Result<_>>()?;
        // One worker's trouble ends none of the others; the code of the last that failed is the script's.
        let wait =
            "code=0\nfor worker in $(jobs -p); do wait \"$worker\" || code=$?; done\nexit $code\n";
        Ok(Rendered {
            file: Some(("sh", format!("#!/bin/bash\n{}{wait}", workers.concat()))),
            commands: vec![command(["bash", "{file}"])],
        })
    }

    fn stays(&self) -> bool {
        true
    }

    fn start(&self, command: &Command) -> Result<Option<String>> {
        output(NAME, command).map(|_| None)
    }
}
