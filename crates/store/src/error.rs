//! What can go wrong with local files, and what to do about it.

use std::path::PathBuf;

/// Shorthand.
pub type Result<T> = std::result::Result<T, Error>;

/// What failed, where, and what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data folder or a file in it cannot be used.
    #[error("cannot use {path}: {source}. Check that the disk is not full and that the folder belongs to you", path = path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// `app.sqlite` was written by a newer Heirloom.
    #[error("{path} was written by a newer Heirloom (format {found}, this one knows {known}). Install the newer version; nothing was changed", path = path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this build knows.
        known: i64,
    },
    /// `app.sqlite` cannot be read. It is left as it is.
    #[error("{path} is damaged: {source}. It was left untouched; restore it from a backup or move it away to start anew", path = path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The disk is full.
    #[error(
        "the disk is full, so nothing more can be kept. What was there is unharmed. Make room and do it again"
    )]
    DiskFull,
    /// SQLite refused something.
    #[error("the local database refused: {0}")]
    Sqlite(rusqlite::Error),
    /// Something stored cannot be understood.
    #[error("the local database holds something unreadable in {what}: {why}")]
    Content {
        /// Table and column.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// Asked for something that is not there.
    #[error("{0} is not there any more")]
    Missing(&'static str),
    /// The writer thread has ended.
    #[error("Heirloom is closing its local database")]
    Closing,
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        if is_disk_full(&error) { Self::DiskFull } else { Self::Sqlite(error) }
    }
}

/// Whether there was no room. SQLite has words of its own for the files beside a database.
fn is_disk_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
        || error
            .sqlite_extended_error_code()
            .is_some_and(|code| code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}
