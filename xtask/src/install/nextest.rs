//! The test runner.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::outcome::{Failure, Outcome};
use crate::{run, workspace};

/// Installed when the machine has none of its own.
const VERSION: &str = "0.9.143";

/// Gives cargo-nextest ready for its arguments: the machine's own, or one built for this
/// checkout.
///
/// # Errors
/// When it can't be built.
pub fn nextest() -> Outcome<Command> {
    if run::succeeds("cargo-nextest", &["nextest", "--version"]) {
        return Ok(command("cargo-nextest".into()));
    }
    let tools = workspace::root().join("target/tools");
    let own = tools.join("bin").join(format!("cargo-nextest{}", env::consts::EXE_SUFFIX));
    if !run::succeeds(&own, &["nextest", "--version"]) {
        println!("  cargo-nextest {VERSION}: building it once, this takes some minutes");
        // Unoptimised: it only starts tests and waits for them, and is built in half the time.
        let mut install = run::cargo(["install", "cargo-nextest", "--locked", "--debug"]);
        install.args(["--version", VERSION, "--root"]).arg(&tools);
        run::finish(install).map_err(|failure| {
            Failure::new(format!("cargo-nextest could not be installed ({failure})"))
                .next("install it by hand (nexte.st) and run this again")
        })?;
    }
    Ok(command(own))
}

fn command(program: PathBuf) -> Command {
    let mut command = Command::new(program);
    command.arg("nextest").current_dir(workspace::root());
    command
}
