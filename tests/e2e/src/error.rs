//! What can go wrong while driving the window.

use std::path::PathBuf;
use std::time::Duration;

/// The outcome of everything here that waits for something else.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the desktop or the window didn't do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program is missing or refuses to start.
    #[error("{program} could not be started: {source}")]
    Start {
        /// Its name.
        program: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A program started and then ended or failed.
    #[error("{program}: {why}")]
    Program {
        /// Its name.
        program: String,
        /// What it said, or how it ended.
        why: String,
    },
    /// Something was awaited in vain.
    #[error("{what}: not within {} s", within.as_secs_f32())]
    Late {
        /// What was awaited.
        what: String,
        /// For how long.
        within: Duration,
    },
    /// A file or folder of the private desktop.
    #[error("{}: {source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The session with the window could not be started.
    #[error("the window can't be driven: {0}")]
    Session(#[from] fantoccini::error::NewSessionError),
    /// The window refused a command.
    #[error("the window: {0}")]
    Command(#[from] fantoccini::error::CmdError),
}

impl Error {
    /// For `map_err` on file operations.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }

    /// For programs that answered otherwise than they should.
    pub(crate) fn program(program: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Program { program: program.into(), why: why.into() }
    }
}
