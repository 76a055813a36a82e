//! Why a bench gave no figures, or not the promised ones.

use std::path::{Path, PathBuf};

/// The end of a bench or of one of its parts.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Everything ran, and these limits were missed.
    #[error("missed: {}", .0.join("; "))]
    Missed(Vec<String>),
    /// A client did not do the whole job, so its time says nothing.
    #[error("{client} did not end with what the server holds: {what}")]
    NotTheJob {
        /// Which client.
        client: String,
        /// What it lacks or has too much of.
        what: String,
    },
    /// A program that is measured failed.
    #[error("{program} failed: {said}")]
    Program {
        /// Which.
        program: String,
        /// The end of what it printed.
        said: String,
    },
    /// The simulator's own pages could not be used.
    #[error("the simulator did not answer")]
    Simulator(#[from] reqwest::Error),
    /// What a program wrote is not what was agreed.
    #[error("{of} is not as expected: {why}")]
    Shape {
        /// What was read.
        of: String,
        /// Where it stopped.
        why: String,
    },
    /// The environment of somebody else's client could not be made.
    #[error(transparent)]
    Unprepared(#[from] heirloom_compat::Unprepared),
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] heirloom_engine::Error),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] heirloom_store::Error),
    /// SQLite refused where the store has no part.
    #[error("SQLite refused: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A file could not be read or written.
    #[error("{}: {why}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
}

impl Failure {
    /// For `map_err` where a file is read or written.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |why| Self::File { path, why }
    }

    /// For `map_err` where JSON is read.
    pub fn shape(of: &str) -> impl Fn(serde_json::Error) -> Self {
        let of = of.to_owned();
        move |why| Self::Shape { of: of.clone(), why: why.to_string() }
    }

    /// For `map_err` where a program is started.
    pub fn program(program: &str) -> impl Fn(std::io::Error) -> Self {
        let program = program.to_owned();
        move |why| Self::Program { program: program.clone(), said: why.to_string() }
    }
}
