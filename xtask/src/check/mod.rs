//! `cargo xtask check`: what no compiler looks at.

mod boundaries;
mod lengths;
mod metadata;
mod npm;

use std::fs;

use crate::outcome::{Failure, Outcome};
use crate::steps::Steps;
use crate::{run, workspace};

/// Runs the checks by themselves.
///
/// # Errors
/// When one of them finds something.
pub fn run(arguments: &mut lexopt::Parser) -> Outcome {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    let mut steps = Steps::default();
    steps.step("Checking boundaries and packages", all)?;
    steps.summary("Everything checked");
    Ok(())
}

/// All checks; they take a second.
///
/// # Errors
/// With everything that was found, not only the first of it.
pub fn all() -> Outcome {
    let metadata = run::output(run::cargo(["metadata", "--format-version", "1", "--no-deps"]))?;
    let crates = metadata::crates(&metadata)?;
    let core = run::output(run::cargo(
        ["tree", "--package", "heirloom-core", "--edges", "normal"]
            .into_iter()
            .chain(["--prefix", "none", "--format", "{p}"]),
    ))?;
    let lock_path = workspace::ui().join("package-lock.json");
    let lock = fs::read_to_string(&lock_path)
        .map_err(|error| Failure::new(format!("{}: {error}", lock_path.display())))?;

    let mut found = boundaries::broken(&crates);
    found.extend(boundaries::impure(&core));
    found.extend(npm::broken(&crates, &lock)?);
    for warning in lengths::warnings()? {
        println!("  warning: {warning}");
    }
    if found.is_empty() {
        println!("  {} crates keep to their boundaries", crates.len());
        return Ok(());
    }
    Err(Failure::new(found.join("\n✗ "))
        .next("ARCHITECTURE.md says which crate does what; the rules are in xtask/src/check"))
}
