//! The npm packages of the UI.

use std::fs;

use crate::outcome::{Failure, Outcome};
use crate::{run, ui, workspace};

/// Installs exactly what package-lock.json says; skipped when that is what was last installed.
///
/// # Errors
/// Without Node or its npm, or when npm fails.
pub fn npm() -> Outcome {
    let lock = workspace::ui().join("package-lock.json");
    let wanted = fs::read(&lock)
        .map(|content| ui::fingerprint(&content))
        .map_err(|error| Failure::new(format!("{}: {error}", lock.display())))?;
    let stamp = ui::stamp("lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        println!("  npm packages: as package-lock.json says");
        return Ok(());
    }
    if !run::output(run::npm(["--version"])).is_ok_and(|version| !version.is_empty()) {
        return Err(Failure::new("the UI is built with Node, which is not here")
            .next("install Node 20.19 or newer with npm (nodejs.org, or your package manager)"));
    }
    println!("  npm packages: installing");
    run::finish(run::npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    ui::write_stamp(&stamp, &wanted)
}
