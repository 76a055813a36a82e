//! `cargo xtask bindings`: the typed commands and events, as TypeScript.

use crate::install::{self, Need};
use crate::outcome::Outcome;
use crate::steps::Steps;
use crate::{run, ui};

/// Writes the bindings anew. That they are up to date is a normal test of the window's crate;
/// this runs the same test, told to write instead of compare.
///
/// # Errors
/// When the window's crate doesn't compile or the file can't be written.
pub fn run(arguments: &mut lexopt::Parser) -> Outcome {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    let mut steps = Steps::default();
    steps.step("Preparing", || {
        install::system(Need::Build)?;
        ui::ensure_dist()
    })?;
    steps.step("Writing the bindings", || {
        let mut test = run::cargo(["test", "--package", "heirloom"]);
        test.args(["--features", "custom-protocol", "bindings"])
            .env("HEIRLOOM_WRITE_BINDINGS", "1");
        run::finish(test)
    })?;
    steps.summary("ui/src/ipc/bindings.gen.ts is as the commands are");
    Ok(())
}
