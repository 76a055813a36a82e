//! How a command ends.

use std::io;
use std::process::ExitCode;

use heirloom_engine::Error;

/// What a command came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All of it.
    Done,
    /// Some of it.
    Partly,
    /// Nothing: what was typed makes no sense.
    Usage,
    /// Nothing.
    Nothing,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Partly => 1,
            Exit::Usage => 2,
            Exit::Nothing => 3,
        })
    }
}

/// Why a command did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What was typed makes no sense here.
    #[error("{0}")]
    Usage(String),
    /// The engine said no.
    #[error(transparent)]
    Engine(#[from] Error),
    /// It stopped in the middle.
    #[error("{0}. What was read until then is kept; run it again to go on")]
    Midway(Error),
    /// It was asked to stop at once, with the command that goes on.
    #[error("stopped at once. What was read is kept; go on with {0}")]
    Stopped(String),
    /// Anything else, in words.
    #[error("{0}")]
    Other(String),
    /// Nobody takes the output.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    /// The exit that follows.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Midway(_) | Self::Stopped(_) => Exit::Partly,
            // `heirloomctl tree | head` is no failure.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
            Self::Engine(_) | Self::Other(_) | Self::Output(_) => Exit::Nothing,
        }
    }

    /// Whether anybody wants to read about it.
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// How commands end.
pub type Result<T = Exit> = std::result::Result<T, Failure>;
