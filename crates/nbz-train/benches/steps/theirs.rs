//! PyTorch's side, in processes that live as long as a case.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::{Case, Way};

/// The trainings of a case in one layout, a process each.
pub(crate) struct Trainings {
    processes: Vec<Process>,
    batch: usize,
}

struct Process {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Trainings {
    /// None without `NBZERO_PYTHON`.
    pub(crate) fn new(case: &Case<'_>, layout: &str) -> Option<Self> {
        let python = std::env::var_os("NBZERO_PYTHON")?;
        let (trainings, threads) = match case.way {
            Way::Alone => (1, case.threads),
            Way::Population => (case.threads, 1),
        };
        let batch = case.recipe().batch;
        let request = json!({
            "graph": case.network.document(), "layout": layout, "threads": threads, "batch": batch,
            "crop_flip": case.augmented,
        });
        let process = || {
            let mut child = Command::new(&python)
                .arg(concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/benches/steps/steps.py"
                ))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let answers = BufReader::new(child.stdout.take().unwrap());
            let mut process = Process { child, answers };
            process.say(&request);
            process
        };
        let processes = (0..trainings).map(|_| process()).collect();
        Some(Self { processes, batch })
    }

    /// Of all trainings together, over at least that time.
    pub(crate) fn images_per_second(&mut self, seconds: f64) -> f64 {
        for process in &mut self.processes {
            process.say(&json!({ "seconds": seconds }));
        }
        let batch = self.batch as f64;
        let each = self.processes.iter_mut().map(|process| {
            let answer = process.hear();
            batch * answer["steps"].as_f64().unwrap() / answer["seconds"].as_f64().unwrap()
        });
        each.sum()
    }
}

impl Drop for Trainings {
    fn drop(&mut self) {
        for process in &mut self.processes {
            drop(process.child.stdin.take());
            process.child.wait().unwrap();
        }
    }
}

impl Process {
    fn say(&mut self, line: &Value) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}
