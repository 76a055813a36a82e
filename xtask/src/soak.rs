//! `cargo xtask soak`: what only shows when it is done for long.

use std::process::Command;

use lexopt::Arg;

use crate::outcome::{Failure, Outcome};
use crate::steps::Steps;
use crate::{run, workspace};

/// Builds the soak with the program it kills, and runs it with the options given.
///
/// # Errors
/// When there is no such soak, something can't be built, or something came out wrong.
pub fn run(arguments: &mut lexopt::Parser) -> Outcome {
    let usage = "cargo xtask soak sync [--seeds 200] [--kills 1000] [--from SEED] [--at-once 6]\n\
                 cargo xtask soak apply [--seeds 120] [--kills 1000] [--steps 2000] [--from SEED] \
                 [--at-once 2]";
    let (name, title) = match arguments.next()? {
        Some(Arg::Value(it)) if it == "sync" => ("sync", "Syncing under faults and kills"),
        Some(Arg::Value(it)) if it == "apply" => ("apply", "Applying under kills"),
        _ => return Err(Failure::usage(usage)),
    };
    let options: Vec<_> = arguments.raw_args()?.collect();
    let mut steps = Steps::default();
    steps.step("Compiling, optimised", || {
        let mut build = run::cargo(["build", "--release"]);
        build.args(["--package", "heirloom-soak", "--package", "heirloomctl"]);
        run::finish(build)
    })?;
    steps.step(title, || {
        let mut soak = Command::new(workspace::program("heirloom-soak", true));
        soak.arg(name).args(options);
        run::finish(soak)
    })?;
    steps.summary("Nothing wrong");
    Ok(())
}
