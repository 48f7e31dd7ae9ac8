//! Slurm: job arrays of `sbatch`.
//!
//! An array has at most MaxArraySize elements, so many shards become several arrays of one script. USR1 comes some
//! minutes before the time limit, a worker then ends with 85, and the task is queued again: by Slurm itself where
//! RequeueExit names 85, by the script elsewhere. An array that a limit on submitted jobs refuses is halved until it is
//! taken, and no more are sent; nothing is lost by it: workers without parts of their own take up those of the others.

use std::collections::BTreeMap;

use super::shell::{command, output, quoted};
use super::{Command, Engine, Job, Rendered, Submission, refused};
use crate::error::{Result, SweepError};

const NAME: &str = "slurm";
/// Slurm's own default.
const MAX_ARRAY_SIZE: u32 = 1001;
/// The exit code of a worker that is to be continued.
const CONTINUED: &str = "85";
/// Options that say on which cluster of several the jobs are.
const CLUSTERS: [&str; 3] = ["-M", "--clusters", "--cluster"];

/// A cluster under Slurm.
#[derive(Debug, Clone, Copy, Default)]
pub struct Slurm;

/// What a site allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Site {
    max_array_size: u32,
    requeues_by_itself: bool,
}

impl Site {
    /// What `scontrol` says, or Slurm's defaults where there is none.
    fn ask() -> Self {
        let asked = output(NAME, &command(["scontrol", "show", "config"]));
        Self::read(&asked.unwrap_or_default())
    }

    fn read(config: &str) -> Self {
        let value = |key: &str| {
            config.lines().find_map(|line| {
                let (name, value) = line.split_once('=')?;
                (name.trim() == key).then(|| value.trim())
            })
        };
        let size = value("MaxArraySize").and_then(|v| v.parse().ok());
        let codes = value("RequeueExit").unwrap_or_default();
        Self {
            max_array_size: size.filter(|&s| s > 0).unwrap_or(MAX_ARRAY_SIZE),
            requeues_by_itself: codes.split(',').any(|code| code.trim() == CONTINUED),
        }
    }
}

impl Engine for Slurm {
    fn name(&self) -> &'static str {
        NAME
    }

    fn render(&self, job: &Job) -> Result<Rendered> {
        render(job, Site::ask())
    }

    fn start(&self, command: &Command) -> Result<Option<String>> {
        let said = output(NAME, command)?;
        // `JOB;CLUSTER` with several clusters.
        let id = said.trim().split(';').next().unwrap_or_default();
        Ok(Some(id.to_owned()))
    }

    /// Half as many tasks, where the site's limit on submitted jobs refused them.
    fn smaller(&self, refused: &Command, error: &SweepError) -> Option<Command> {
        let says = error.to_string();
        let is_limit = ["SubmitJobLimit", "SubmitJobPer", "MaxSubmitJob"]
            .iter()
            .any(|word| says.contains(word));
        let mut words = refused.words.clone();
        let array = words.iter_mut().find(|word| word.starts_with("--array="))?;
        let (range, throttle) = match array.split_once('%') {
            Some((range, throttle)) => (range, format!("%{throttle}")),
            None => (array.as_str(), String::new()),
        };
        let last: u32 = range.strip_prefix("--array=0-")?.parse().ok()?;
        if !is_limit || last == 0 {
            return None;
        }
        *array = format!("--array=0-{}{throttle}", last.div_ceil(2) - 1);
        Some(Command { words })
    }

    fn states(&self, submission: &Submission) -> Result<BTreeMap<String, usize>> {
        let ids = submission.ids.join(",");
        let words = ["squeue", "-h", "-r", "-o", "%T", "-j", &ids];
        let asked = command(words.into_iter().chain(submission.options(&CLUSTERS)));
        let said = match output(NAME, &asked) {
            Ok(said) => said,
            // Jobs that ended some minutes ago are unknown.
            Err(error) if error.to_string().contains("Invalid job id") => String::new(),
            Err(error) => return Err(error),
        };
        let mut states = BTreeMap::new();
        let states_said = said.lines().filter(|line| !line.starts_with("CLUSTER:"));
        for state in states_said.map(|line| line.trim().to_lowercase()) {
            *states.entry(state).or_insert(0) += 1;
        }
        Ok(states)
    }

    fn cancel(&self, submission: &Submission) -> Result<()> {
        let mut words = vec!["scancel"];
        words.extend(submission.options(&CLUSTERS));
        words.extend(submission.ids.iter().map(String::as_str));
        output(NAME, &command(words)).map(|_| ())
    }
}

fn render(job: &Job, site: Site) -> Result<Rendered> {
    let arrays = (0..job.shards).step_by(site.max_array_size as usize);
    // Slurm holds each array to it alone.
    let count = u32::try_from(arrays.len()).unwrap_or(1).max(1);
    let throttle = job.at_once.map(|n| format!("%{}", (n / count).max(1)));
    let throttle = throttle.unwrap_or_default();
    let commands = arrays.map(|first| {
        let last = (job.shards - first).min(site.max_array_size) - 1;
        let array = format!("--array=0-{last}{throttle}");
        let first = first.to_string();
        let mut words = vec!["sbatch", "--parsable", &array];
        words.extend(job.extra.iter().map(String::as_str));
        words.extend(["{file}", &first]);
        command(words)
    });
    Ok(Rendered {
        file: Some(("sbatch", script(job, site)?)),
        commands: commands.collect(),
    })
}

fn script(job: &Job, site: Site) -> Result<String> {
    let logs = job.runs.join("logs");
    let Some(logs) = logs.to_str().filter(|p| !p.contains(['"', '\n', '\\'])) else {
        let path = job.runs.display().to_string();
        return Err(refused(
            "the folder of runs",
            &path,
            "a path without quotes and line feeds",
        ));
    };
    let mut options = vec![
        "--job-name=nbzero".to_owned(),
        format!("--cpus-per-task={}", job.threads),
    ];
    if let Some(bytes) = job.memory {
        options.push(format!("--mem={}M", bytes.div_ceil(1 << 20)));
    }
    if let Some(time) = &job.time {
        options.push(format!("--time={}", quoted(time)?));
    }
    options.extend([
        format!("--signal=B:USR1@{}", job.notice),
        "--requeue".to_owned(),
        "--open-mode=append".to_owned(),
        // `%A` is the array's number; a percent sign of the path is doubled.
        format!("--output=\"{}/slurm-%A.out\"", logs.replace('%', "%%")),
    ]);
    let options = format!("#SBATCH {}\n", options.join("\n#SBATCH "));
    let worker = job.worker("$(($1 + SLURM_ARRAY_TASK_ID + 1))")?;
    let body = if site.requeues_by_itself {
        format!(
            "# Slurm queues the task again where it ends with {CONTINUED} (RequeueExit).\nexec {worker}\n"
        )
    } else {
        format!(
            r#"{worker} &
worker=$!
again=no
trap 'again=yes; kill -USR1 $worker' USR1
# What is cancelled is not queued again.
trap 'again=no; kill -TERM $worker' TERM
wait $worker
# A signal ends the wait before the worker has ended.
while kill -0 $worker 2>/dev/null; do wait $worker; done
wait $worker
code=$?
if [ $again = yes ] && [ $code = {CONTINUED} ]; then scontrol requeue "${{SLURM_ARRAY_JOB_ID}}_$SLURM_ARRAY_TASK_ID"; fi
exit $code
"#
        )
    };
    Ok(format!(
        "#!/bin/bash\n# {} workers of nbzero. $1: how many shards come before this array's.\n{options}{body}",
        job.shards
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(shards: u32) -> Job {
        Job {
            program: "/opt/nbzero".into(),
            plan: "/data/my plan".into(),
            runs: "/data/runs".into(),
            data: None,
            shards,
            at_once: Some(50),
            threads: 2,
            memory: Some(4_000_000_000),
            time: Some("4:00:00".to_owned()),
            notice: 120,
            extra: vec!["--partition=long".to_owned()],
        }
    }

    /// Oracle: Slurm's manual; an array's highest index is below MaxArraySize.
    #[test]
    fn no_array_is_longer_than_the_site_allows_and_every_shard_is_in_one() {
        let site = Site::read("MaxArraySize            = 1001\nRequeueExit = 3,85\n");
        assert_eq!(site.max_array_size, 1001);
        assert!(site.requeues_by_itself);
        let rendered = render(&job(2_500), site).expect("a script");
        let lines: Vec<String> = rendered
            .commands
            .iter()
            .map(|c| c.words.join(" "))
            .collect();
        assert_eq!(
            lines,
            [
                "sbatch --parsable --array=0-1000%16 --partition=long {file} 0",
                "sbatch --parsable --array=0-1000%16 --partition=long {file} 1001",
                "sbatch --parsable --array=0-497%16 --partition=long {file} 2002",
            ]
        );
        let (_, script) = rendered.file.expect("a script");
        assert!(script.contains("#SBATCH --mem=3815M\n"), "{script}");
        assert!(script.contains("--plan '/data/my plan'"), "{script}");
        assert!(script.contains("\nexec /opt/nbzero work"), "{script}");
    }

    #[test]
    fn a_site_that_does_not_requeue_gets_a_script_that_does() {
        let site = Site::read("RequeueExit             = (null)\n");
        assert_eq!(site.max_array_size, MAX_ARRAY_SIZE);
        let (_, script) = render(&job(3), site)
            .expect("a script")
            .file
            .expect("a script");
        assert!(script.contains("scontrol requeue"), "{script}");
    }
}
