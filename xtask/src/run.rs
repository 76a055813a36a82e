//! Running other programs.

use std::env;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::process::{Command, Stdio};

use crate::outcome::{Failure, Outcome};
use crate::workspace;

/// Cargo, in the root of the checkout.
pub fn cargo<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(workspace::root());
    // Set for this program by `cargo run`; a nested cargo would take them for its own and rebuild.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME"] {
        command.env_remove(name);
    }
    command
}

/// npm, in the folder of the UI.
pub fn npm<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).current_dir(workspace::ui());
    command
}

/// Runs a program to its end, showing what it prints. Nothing here ever asks a question, so it
/// gets no input.
pub fn finish(mut command: Command) -> Outcome {
    let shown = shown(&command);
    let status =
        command.stdin(Stdio::null()).status().map_err(|error| not_started(&shown, &error))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{shown}`: {status}"))) }
}

/// Runs a program to its end and gives back what it printed.
pub fn output(mut command: Command) -> Outcome<String> {
    let shown = shown(&command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| not_started(&shown, &error))?;
    if !output.status.success() {
        return Err(Failure::new(format!("`{shown}`: {}", output.status)));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Failure::new(format!("`{shown}` printed something that is not text")))
}

/// Whether a program can be started and ends well; what it prints is dropped.
pub fn succeeds(program: impl AsRef<OsStr>, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

fn not_started(shown: &str, error: &std::io::Error) -> Failure {
    let failure = Failure::new(format!("`{shown}` could not be started: {error}"));
    if error.kind() == ErrorKind::NotFound {
        failure.next("install that program, or put it on the PATH")
    } else {
        failure
    }
}
