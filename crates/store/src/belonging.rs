//! Which `app.sqlite` a cache belongs to.
//!
//! A cache knows connections by their number, and every `app.sqlite` numbers them from 1: beside
//! another one, what one server said would be shown as another's. So the cache carries the mark of
//! the `app.sqlite` it was made beside.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _};

use crate::{Error, Result};

/// A cache that was moved out of the way, and begun anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Where it is now.
    pub path: PathBuf,
    /// Why.
    pub why: Unusable,
}

/// Why a cache cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It is damaged, or of a format this build does not know.
    Damaged,
    /// It was made beside another `app.sqlite`, whose connections are not here.
    Foreign,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Damaged => "it could not be read",
            Self::Foreign => "it was made for connections that app.sqlite does not hold any more",
        })
    }
}

/// Looks at what is there before anything is made: whether a cache lies here whose `app.sqlite` is
/// lost.
///
/// # Errors
/// When `app.sqlite` is empty or gone in a way that more may be saved from what lies beside it than
/// by beginning anew.
pub(crate) fn is_orphan(app: &Path, cache: &Path) -> Result<bool> {
    let holds = |path: &Path| fs::metadata(path).is_ok_and(|found| found.len() > 0);
    if holds(app) {
        return Ok(false);
    }
    let mut log = app.as_os_str().to_owned();
    log.push("-wal");
    // SQLite would throw the log away: without its file it fits nothing.
    if holds(Path::new(&log)) {
        return Err(lost(app, "it is empty, and app.sqlite-wal beside it is not"));
    }
    if app.exists() && holds(cache) {
        return Err(lost(app, "it is empty, and cache.sqlite beside it is not"));
    }
    Ok(holds(cache))
}

fn lost(app: &Path, how: &str) -> Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    let source = rusqlite::Error::SqliteFailure(code, Some(how.to_owned()));
    Error::Damaged { path: app.to_owned(), source }
}

/// Marks a cache as belonging to this `app.sqlite`; `false`: it belongs to another one.
///
/// # Errors
/// When one of them refuses.
pub(crate) fn claim(app: &Connection, cache: &Connection) -> Result<bool> {
    let mark: String = app.query_row("SELECT mark FROM folder", [], |row| row.get(0))?;
    // Not part of the cache's formats: it must be asked before anything else is trusted.
    cache.execute_batch(
        "CREATE TABLE IF NOT EXISTS owner ( \
           only_one INTEGER PRIMARY KEY CHECK (only_one = 1), \
           mark     TEXT NOT NULL \
         ) STRICT",
    )?;
    let owner: Option<String> =
        cache.query_row("SELECT mark FROM owner", [], |row| row.get(0)).optional()?;
    match owner {
        Some(owner) => Ok(owner == mark),
        None => {
            cache.execute("INSERT INTO owner VALUES (1, ?1)", [mark])?;
            Ok(true)
        }
    }
}
