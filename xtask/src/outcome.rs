//! How a command ends: what went wrong, and what to do next.

use std::fmt;

/// The end of a command or of one of its parts.
pub type Outcome<T = ()> = Result<T, Failure>;

/// Something went wrong, told to a person.
#[derive(Debug)]
pub struct Failure {
    what: String,
    next: Option<String>,
}

impl Failure {
    /// What went wrong, in one sentence.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), next: None }
    }

    /// The command line was not understood.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(what).next("`cargo xtask --help` lists the commands and their options")
    }

    /// Adds what the person can do about it.
    pub fn next(mut self, step: impl Into<String>) -> Self {
        self.next = Some(step.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "✗ {}", self.what)?;
        match &self.next {
            Some(next) => write!(formatter, "\n  Next: {next}"),
            None => Ok(()),
        }
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::usage(error.to_string())
    }
}
