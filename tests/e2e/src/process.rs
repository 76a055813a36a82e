//! Programs that run beside the test and end with it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::{Error, Result};

/// A running program; it is ended, by its own pid, when this is dropped.
#[derive(Debug)]
pub struct Background {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Background {
    /// Starts it. What it says on stderr, and on stdout unless that is piped by the caller
    /// beforehand, goes to a file in `logs`.
    pub fn start(name: &str, command: &mut Command, logs: &Path) -> Result<Self> {
        let log = logs.join(format!("{name}.log"));
        let file =
            File::options().create(true).append(true).open(&log).map_err(Error::file(&log))?;
        let child = command
            .stderr(file)
            .spawn()
            .map_err(|source| Error::Start { program: name.to_owned(), source })?;
        Ok(Self { name: name.to_owned(), child, log })
    }

    /// The first line on its stdout, which has to be piped: how many programs say they are ready.
    pub fn first_line(&mut self, within: Duration) -> Result<String> {
        let Some(stdout) = self.child.stdout.take() else {
            return Err(Error::program(&self.name, "its output is not piped"));
        };
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut lines = BufReader::new(stdout).lines();
            let _ = sender.send(lines.next());
            // Read on: a program whose output nobody takes stops when the pipe is full.
            lines.for_each(drop);
        });
        match receiver.recv_timeout(within) {
            Ok(Some(Ok(line))) => Ok(line.trim().to_owned()),
            _ => Err(Error::program(&self.name, format!("it never got ready. {}", self.said()))),
        }
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// The end of what it wrote to its log: for error messages.
    pub fn said(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        format!("Its last words: {}", lines[lines.len().saturating_sub(12)..].join("\n"))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a program to its end; gives back what it printed, if it ended well.
pub async fn bytes(program: &str, command: Command) -> Result<Vec<u8>> {
    let output = tokio::process::Command::from(command)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|source| Error::Start { program: program.to_owned(), source })?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Error::program(program, format!("{} {why}", output.status)))
    }
}

/// The same, as text.
pub async fn output(program: &str, command: Command) -> Result<String> {
    Ok(String::from_utf8_lossy(&bytes(program, command).await?).into_owned())
}

/// The pids of all programs whose environment has this entry, and so descend from where it was
/// set: also those that nobody here has a handle on.
pub fn marked(name: &str, value: &str) -> Vec<Pid> {
    let entry = format!("{name}={value}").into_bytes();
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    processes
        .flatten()
        .filter_map(|process| {
            let pid: i32 = process.file_name().to_str()?.parse().ok()?;
            let environment = fs::read(process.path().join("environ")).ok()?;
            let is_marked = environment.split(|byte| *byte == 0).any(|one| one == entry);
            is_marked.then(|| Pid::from_raw(pid)).flatten()
        })
        .collect()
}

/// Ends a program at once.
pub fn end(pid: Pid) {
    // It may have ended by itself in the meantime.
    let _ = kill_process(pid, Signal::KILL);
}
