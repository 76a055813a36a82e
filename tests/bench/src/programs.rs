//! Where the programs and environments that a bench runs are.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// `heirloomctl`, built beside this program.
///
/// # Errors
/// If it was not built.
pub fn heirloomctl() -> Result<PathBuf> {
    let path = beside()?.join(format!("heirloomctl{EXE_SUFFIX}"));
    if path.exists() {
        return Ok(path);
    }
    let said = "it is not built: `cargo xtask bench` builds what a bench needs".to_owned();
    Err(Failure::Program { program: path.display().to_string(), said })
}

/// Where the environments of other people's clients are kept: those of their own tests serve here
/// too.
pub fn environments() -> Result<PathBuf> {
    let beside = beside()?;
    Ok(beside.parent().unwrap_or(&beside).join("tmp").join("clients"))
}

/// A file of this crate's source.
pub fn source(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

fn beside() -> Result<PathBuf> {
    let own = std::env::current_exe().map_err(Failure::program("heirloom-bench"))?;
    Ok(own.parent().unwrap_or(&own).to_owned())
}
