//! Kubernetes: an Indexed Job, a pod a shard.
//!
//! Exit code 85 (to be continued) and evictions do not count as failures of an index; others may happen six times.
//! Plan, runs and images stand on volumes that every pod mounts at the place where they are here.

use std::collections::BTreeMap;

use serde_json::Value;

use super::shell::{command, output};
use super::{Command, Engine, Job, Rendered, Submission, refused};
use crate::error::{Result, SweepError};

const NAME: &str = "kubernetes";
/// Options that say on which cluster and in which namespace the job is.
const CLUSTER: [&str; 7] = [
    "-n",
    "--namespace",
    "--context",
    "--cluster",
    "--kubeconfig",
    "-s",
    "--server",
];

/// A cluster that `kubectl` reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kubernetes {
    /// The container image with this program.
    pub image: Option<String>,
    /// Persistent volume claims and where they are mounted, `CLAIM=PATH`.
    pub volumes: Vec<String>,
    /// The job's name, unlike that of any other submission.
    pub job: String,
}

impl Engine for Kubernetes {
    fn name(&self) -> &'static str {
        NAME
    }

    fn render(&self, job: &Job) -> Result<Rendered> {
        let mut words = vec![
            "kubectl",
            "apply",
            "--output",
            "name",
            "--filename",
            "{file}",
        ];
        words.extend(job.extra.iter().map(String::as_str));
        Ok(Rendered {
            file: Some(("yaml", self.manifest(job)?)),
            commands: vec![command(words)],
        })
    }

    fn start(&self, command: &Command) -> Result<Option<String>> {
        output(NAME, command)?;
        Ok(Some(self.job.clone()))
    }

    fn states(&self, submission: &Submission) -> Result<BTreeMap<String, usize>> {
        let mut states = BTreeMap::new();
        for id in &submission.ids {
            let words = ["kubectl", "get", "job", id, "--output", "json"];
            let asked = command(words.into_iter().chain(submission.options(&CLUSTER)));
            let said = match output(NAME, &asked) {
                Ok(said) => said,
                Err(error) if error.to_string().contains("NotFound") => continue,
                Err(error) => return Err(error),
            };
            let active = serde_json::from_str(&said)
                .ok()
                .and_then(|v: Value| v.get("status")?.get("active")?.as_u64());
            if let Some(count @ 1..) = active {
                *states.entry("active".to_owned()).or_insert(0) += count as usize;
            }
        }
        Ok(states)
    }

    fn cancel(&self, submission: &Submission) -> Result<()> {
        for id in &submission.ids {
            let words = ["kubectl", "delete", "job", id];
            let asked = command(words.into_iter().chain(submission.options(&CLUSTER)));
            output(NAME, &asked)?;
        }
        Ok(())
    }
}

impl Kubernetes {
    fn manifest(&self, job: &Job) -> Result<String> {
        let Some(image) = &self.image else {
            return Err(refused(
                "the container image",
                "not named",
                "given by --image",
            ));
        };
        let mut mounts = String::new();
        let mut volumes = String::new();
        for (at, volume) in self.volumes.iter().enumerate() {
            let (claim, path) = volume
                .split_once('=')
                .filter(|(claim, path)| !claim.is_empty() && path.starts_with('/'))
                .ok_or_else(|| refused("a volume", volume, "CLAIM=/PATH"))?;
            mounts.push_str(&format!(
                "        - {{name: volume-{at}, mountPath: {}}}\n",
                text(path)?
            ));
            volumes.push_str(&format!(
                "      - {{name: volume-{at}, persistentVolumeClaim: {{claimName: {}}}}}\n",
                text(claim)?
            ));
        }
        if !self.volumes.is_empty() {
            mounts.insert_str(0, "        volumeMounts:\n");
            volumes.insert_str(0, "      volumes:\n");
        }
        // The index counts from 0.
        let worker = format!("exec {}", job.worker("$((JOB_COMPLETION_INDEX + 1))")?);
        let memory = match job.memory {
            Some(bytes) => format!(", memory: \"{}Mi\"", bytes.div_ceil(1 << 20)),
            None => String::new(),
        };
        let resources = format!("{{cpu: \"{}\"{memory}}}", job.threads);
        let at_once = job.at_once.unwrap_or(job.shards).min(job.shards);
        let deadline = match &job.time {
            Some(time) => {
                let seconds: u32 = time
                    .parse()
                    .map_err(|_| refused("the time", time, "a number of seconds"))?;
                format!("      activeDeadlineSeconds: {seconds}\n")
            }
            None => String::new(),
        };
        Ok(format!(
            r#"apiVersion: batch/v1
kind: Job
metadata:
  name: {name}
spec:
  completionMode: Indexed
  completions: {shards}
  parallelism: {at_once}
  backoffLimitPerIndex: 6
  podFailurePolicy:
    rules:
    - action: Ignore
      onPodConditions: [{{type: DisruptionTarget, status: "True"}}]
    - action: Ignore
      onExitCodes: {{containerName: worker, operator: In, values: [85]}}
  template:
    spec:
      restartPolicy: Never
{deadline}      terminationGracePeriodSeconds: 300
      containers:
      - name: worker
        image: {image}
        command: [sh, -c, {worker}]
        resources:
          requests: {resources}
          limits: {resources}
{mounts}{volumes}"#,
            name = text(&self.job)?,
            shards = job.shards,
            image = text(image)?,
            worker = text(&worker)?,
        ))
    }
}

/// A word in quotes: JSON's strings are YAML's.
fn text(word: &str) -> Result<String> {
    serde_json::to_string(word).map_err(|error| SweepError::Setting {
        name: "a word of the manifest",
        value: error.to_string(),
        expected: "text",
    })
}
