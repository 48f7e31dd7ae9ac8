//! One running process: lines in, lines out, never longer than the limit.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use super::living;

/// The longest line of an answer, in bytes.
const LONGEST: u64 = 1 << 16;
/// How long a process may take to end by itself once its input has.
const FAREWELL: Duration = Duration::from_secs(2);
/// How often a process is asked whether it has ended.
const GLANCE: Duration = Duration::from_millis(5);

/// A process that was started.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    /// Lines on their way to its input; dropped, the input ends.
    requests: Option<Sender<String>>,
    answers: Receiver<Vec<u8>>,
    /// Whether it has ever answered.
    pub(super) has_answered: bool,
}

/// Why no line came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// The limit has passed.
    Late,
    /// The process is gone; how it went.
    Gone(String),
}

impl Process {
    /// Starts a program; `None` once everything has ended.
    pub(super) fn start(words: &[String]) -> io::Result<Option<Self>> {
        let mut command = Command::new(words.first().map_or("", String::as_str));
        command
            .args(words.get(1..).unwrap_or_default())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        // One process a thread, so one thread a process, unless the user has said otherwise.
        if std::env::var_os("OMP_NUM_THREADS").is_none() {
            command.env("OMP_NUM_THREADS", "1");
        }
        let Some(mut child) = living::spawn(&mut command)? else {
            return Ok(None);
        };
        let (requests, to_write) = mpsc::channel();
        // Full when a process floods: reading then waits, and so does the process.
        let (read, answers) = mpsc::sync_channel(4);
        if let Some(input) = child.stdin.take() {
            thread::spawn(move || write_lines(&to_write, input));
        }
        if let Some(output) = child.stdout.take() {
            thread::spawn(move || read_lines(output, &read));
        }
        Ok(Some(Self {
            child,
            requests: Some(requests),
            answers,
            has_answered: false,
        }))
    }

    /// Sends a line and waits for one.
    pub(super) fn ask(&mut self, line: String, limit: Duration) -> Result<Vec<u8>, Silence> {
        let start = Instant::now();
        if let Some(requests) = &self.requests {
            // Where the writer is gone the process is too, and reading says so.
            let _ = requests.send(line);
        }
        loop {
            let left = limit.saturating_sub(start.elapsed());
            match self.answers.recv_timeout(left) {
                Ok(blank) if blank.trim_ascii().is_empty() => {}
                Ok(line) => return Ok(line),
                Err(RecvTimeoutError::Timeout) => return Err(Silence::Late),
                Err(RecvTimeoutError::Disconnected) => return Err(Silence::Gone(self.farewell())),
            }
        }
    }

    /// Ends the input, waits a little, kills; says how the process went.
    fn farewell(&mut self) -> String {
        self.requests = None;
        let start = Instant::now();
        loop {
            if let Some(status) = living::reap(&mut self.child) {
                return status.to_string();
            }
            if start.elapsed() > FAREWELL {
                living::kill(&mut self.child);
                return "it closed its output".to_owned();
            }
            thread::sleep(GLANCE);
        }
    }

    /// Kills the process at once.
    pub(super) fn kill(mut self) {
        living::kill(&mut self.child);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After `kill` there is nothing to wait for.
        self.farewell();
    }
}

fn write_lines(lines: &Receiver<String>, mut input: ChildStdin) {
    for line in lines {
        let written = input
            .write_all(line.as_bytes())
            .and_then(|()| input.write_all(b"\n"))
            .and_then(|()| input.flush());
        if written.is_err() {
            return; // The process reads no more; whoever waits for its answer learns why.
        }
    }
}

fn read_lines(output: ChildStdout, lines: &SyncSender<Vec<u8>>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        match (&mut output).take(LONGEST).read_until(b'\n', &mut line) {
            Ok(read) if read > 0 && lines.send(line).is_ok() => {}
            _ => return,
        }
    }
}
