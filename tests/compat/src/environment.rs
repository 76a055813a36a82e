//! A Python or Node environment for each client, outside the source tree and kept between runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::script::clients;

/// What a client is written in, with the folder below `clients` that pins its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kit {
    /// `requirements.txt` with exact versions.
    Python(&'static str),
    /// `package.json` with its lock file.
    Node(&'static str),
}

/// Why a client's environment could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Unprepared {
    /// A program that makes or fills it is not there.
    #[error("{program} cannot be run ({source}); Debian: apt-get install {packages}")]
    Missing {
        /// The program.
        program: String,
        /// The Debian packages that bring it.
        packages: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It ran and failed.
    #[error("{command} failed:\n{output}")]
    Failed {
        /// What was run.
        command: String,
        /// The end of what it printed.
        output: String,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

const PYTHON: &str = "python3 python3-venv python3-pip";
const NODE: &str = "nodejs npm";

impl Kit {
    /// The folder below `clients`.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Python(folder) | Self::Node(folder) => folder,
        }
    }

    /// The files that pin the versions; a change of any makes the environment anew.
    fn pins(self) -> &'static [&'static str] {
        match self {
            Self::Python(_) => &["requirements.txt"],
            Self::Node(_) => &["package.json", "package-lock.json", ".npmrc"],
        }
    }
}

/// Makes the environment of a client, unless an earlier run left one for the same pins.
///
/// # Errors
/// If Python or Node is missing, or the packages cannot be installed.
pub fn prepare(kit: Kit, cache: &Path) -> Result<PathBuf, Unprepared> {
    let source = clients().join(kit.folder());
    let home = cache.join(kit.folder());
    let mut pins = String::new();
    for name in kit.pins() {
        pins.push_str(&read(&source.join(name))?);
    }
    // Written last, so that an interrupted installation is never taken for a whole one.
    let stamp = home.join("installed");
    // A virtual environment is of no use once the Python it points to has gone.
    let runs = matches!(kit, Kit::Node(_)) || home.join("bin/python").exists();
    if runs && fs::read_to_string(&stamp).is_ok_and(|installed| installed == pins) {
        return Ok(home);
    }
    if home.exists() {
        file(&home, fs::remove_dir_all(&home))?;
    }
    file(&home, fs::create_dir_all(&home))?;
    match kit {
        Kit::Python(_) => {
            finish(Command::new("python3").args(["-m", "venv"]).arg(&home), PYTHON)?;
            let requirements = source.join("requirements.txt");
            finish(
                Command::new(home.join("bin/python"))
                    .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                    .args(["--no-deps", "--requirement"])
                    .arg(requirements),
                PYTHON,
            )?;
        }
        Kit::Node(_) => {
            for name in kit.pins() {
                file(&home, fs::copy(source.join(name), home.join(name)).map(drop))?;
            }
            finish(
                Command::new("npm").args(["ci", "--silent", "--no-audit"]).current_dir(&home),
                NODE,
            )?;
        }
    }
    file(&stamp, fs::write(&stamp, pins))?;
    Ok(home)
}

fn read(path: &Path) -> Result<String, Unprepared> {
    file(path, fs::read_to_string(path))
}

fn file<T>(path: &Path, result: io::Result<T>) -> Result<T, Unprepared> {
    result.map_err(|source| Unprepared::File { path: path.to_owned(), source })
}

fn finish(command: &mut Command, packages: &'static str) -> Result<(), Unprepared> {
    let program = command.get_program().to_string_lossy().into_owned();
    let done =
        command.output().map_err(|source| Unprepared::Missing { program, packages, source })?;
    if done.status.success() {
        return Ok(());
    }
    Err(Unprepared::Failed { command: format!("{command:?}"), output: said(&done) })
}

fn said(done: &Output) -> String {
    let out = String::from_utf8_lossy(&done.stdout);
    let err = String::from_utf8_lossy(&done.stderr);
    format!("{}\n{}", out.trim_end(), err.trim_end())
}
