//! `cargo xtask test`: everything a change has to pass, cheapest first.

use lexopt::Arg;

use crate::install::{self, Need};
use crate::outcome::{Failure, Outcome};
use crate::steps::Steps;
use crate::workspace::SELECTION;
use crate::{check, run, ui};

/// Runs it all, and stops at the first part that fails.
///
/// # Errors
/// When a part fails.
pub fn run(arguments: &mut lexopt::Parser) -> Outcome {
    let mut window = true;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("no-e2e") => window = false,
            other => return Err(other.unexpected().into()),
        }
    }
    let mut steps = Steps::default();
    steps.step("Format (cargo fmt)", format)?;
    steps.step("Boundaries and packages", check::all)?;
    let nextest = steps.step("Preparing", || {
        install::system(if window { Need::Test } else { Need::Build })?;
        install::npm()?;
        install::nextest()
    })?;
    steps.step("UI: types, lint, format", || ui_script("check"))?;
    steps.step("UI: tests", || ui_script("test"))?;
    // Before any Rust: the window's crate embeds it.
    steps.step("UI: build", ui::build)?;
    steps.step("Lints (cargo clippy)", || {
        run::finish(cargo("clippy", &["--all-targets", "--", "-D", "warnings"]))
    })?;
    // With its tests, so that the programs the tests start are built with the same features.
    steps.step("Compiling", || run::finish(cargo("build", &["--all-targets"])))?;
    steps.step("Tests (cargo nextest)", || {
        let mut tests = nextest;
        tests.arg("run").args(SELECTION).arg("--all-targets");
        if !window {
            tests.args(["--filterset", "not package(heirloom-e2e)"]);
        }
        run::finish(tests).map_err(|failure| {
            failure.next("`cargo nextest run --features heirloom/custom-protocol NAME` runs one test by its name")
        })
    })?;
    let left_out = if window { "" } else { ", but the tests of the real window were left out" };
    steps.summary(&format!("All passed{left_out}"));
    Ok(())
}

fn format() -> Outcome {
    run::finish(run::cargo(["fmt", "--all", "--check"]))
        .map_err(|_| Failure::new("some files are not formatted").next("`cargo fmt --all`"))
}

fn ui_script(name: &str) -> Outcome {
    run::finish(run::npm(["run", "--silent", name]))
}

fn cargo(command: &str, arguments: &[&str]) -> std::process::Command {
    let mut cargo = run::cargo([command]);
    cargo.args(SELECTION).args(arguments);
    cargo
}
