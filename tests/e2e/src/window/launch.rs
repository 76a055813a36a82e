//! Which app to start, and how.

use std::env;
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// A program with a web view, and its arguments.
#[derive(Debug, Clone)]
pub struct Launch {
    binary: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl Launch {
    /// Any program.
    pub fn program(binary: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Self { binary: binary.into(), arguments, environment: Vec::new() }
    }

    /// Heirloom itself: the one named by `HEIRLOOM_BIN`, or the one built beside this program.
    ///
    /// # Errors
    /// When it has not been built.
    pub fn heirloom(arguments: &[&str]) -> Result<Self> {
        let binary = match env::var_os("HEIRLOOM_BIN") {
            Some(named) => PathBuf::from(named),
            None => beside_this_program()?,
        };
        if !binary.is_file() {
            let why = format!(
                "{} is not there. `cargo build --workspace --all-targets --features heirloom/custom-protocol` builds it",
                binary.display()
            );
            return Err(Error::program("heirloom", why));
        }
        Ok(Self::program(binary, arguments))
    }

    /// Sets something in the program's environment.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What is set in its environment, beside what the desktop sets.
    pub fn environment(&self) -> &[(String, String)] {
        &self.environment
    }

    /// The program's file.
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// What the program gets to read.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// The program's name, as the system lists it.
    pub fn name(&self) -> String {
        self.binary.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// Tests are built to `debug/deps`, programs to `debug`.
fn beside_this_program() -> Result<PathBuf> {
    let this = env::current_exe().map_err(Error::file("this program"))?;
    let mut folder = this.parent().unwrap_or(Path::new("."));
    if folder.ends_with("deps") {
        folder = folder.parent().unwrap_or(folder);
    }
    Ok(folder.join(format!("heirloom{}", env::consts::EXE_SUFFIX)))
}
