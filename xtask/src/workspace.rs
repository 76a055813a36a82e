//! Where things are in this checkout, and the one set of features everything is built with.

use std::env;
use std::path::{Path, PathBuf};

/// What every build, lint and test run selects. It must be the same everywhere: another set of
/// features would compile Tauri and everything above it a second time.
pub const SELECTION: [&str; 3] = ["--workspace", "--features", "heirloom/custom-protocol"];

/// The root of the checkout.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The folder of the UI.
pub fn ui() -> PathBuf {
    root().join("ui")
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        // Cargo takes a relative folder from where it runs, and here it always runs in the root.
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The path of a built program.
pub fn program(name: &str, release: bool) -> PathBuf {
    let profile = if release { "release" } else { "debug" };
    target().join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
}
