//! Folders and files that only their owner can read, and opening them as databases.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::{Error, Result};

/// Makes the data folder, 0700.
pub(crate) fn private_folder(path: &Path) -> Result<()> {
    let failed = |source| Error::Folder { path: path.to_owned(), source };
    fs::create_dir_all(path).map_err(failed)?;
    restrict(path, 0o700).map_err(failed)
}

/// Makes sure a file exists as 0600 before SQLite opens it, which would use the umask.
pub(crate) fn private_file(path: &Path) -> Result<()> {
    let failed = |source| Error::Folder { path: path.to_owned(), source };
    fs::OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
    restrict(path, 0o600).map_err(failed)
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn restrict(_path: &Path, _mode: u32) -> std::io::Result<()> {
    // A user's own profile folder is private there already.
    Ok(())
}

/// Holds an opening of the data folder, so that two processes never set up or set aside the same
/// file at once. Freed by the system, also after a crash.
pub(crate) fn opening(folder: &Path) -> Result<fs::File> {
    let path = folder.join("opening.lock");
    private_file(&path)?;
    let failed = |source| Error::Folder { path: path.clone(), source };
    let file = fs::OpenOptions::new().write(true).open(&path).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
}

/// How durable a database must be.
#[derive(Clone, Copy)]
pub(crate) enum Durability {
    /// Every commit survives a power cut.
    Full,
    /// The last commits may be lost, never torn.
    Normal,
}

/// Pages of the cache the writer keeps in memory during a sync, in KiB: b-trees of a million rows
/// are written to in many places at once.
pub const WRITER_CACHE_KIB: i64 = 48 * 1024;

/// The same between syncs. Whatever else is written is few rows at a time: what a run of any length
/// takes in memory is this, and not what it has passed.
const RESTING_CACHE_KIB: i64 = 2 * 1024;

/// Pages of the cache that each connection that reads keeps in memory, in KiB. The system keeps the
/// file in memory too, for all of them at once.
const READER_CACHE_KIB: i64 = 2 * 1024;

/// The same of `app.sqlite`: what is asked of it lies together, and plans are read once, in order.
const APP_READER_CACHE_KIB: i64 = 1024;

/// Pages the WAL takes before they go to the file. A sync comes back to the same pages batch after
/// batch: the longer they wait, the fewer are written twice.
pub const WAL_PAGES: i64 = 4_000;

/// Opens a database for the writer.
pub(crate) fn open(path: &Path, durability: Durability) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(
        None,
        "synchronous",
        match durability {
            Durability::Full => "FULL",
            Durability::Normal => "NORMAL",
        },
    )?;
    rest(&connection)?;
    connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
    // Bounds the WAL after a large sync.
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Gives the writer of the cache the memory that a sync needs.
pub(crate) fn brace(cache: &Connection) -> rusqlite::Result<()> {
    cache.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)
}

/// Takes it back.
pub(crate) fn rest(cache: &Connection) -> rusqlite::Result<()> {
    cache.pragma_update(None, "cache_size", -RESTING_CACHE_KIB)?;
    cache.execute_batch("PRAGMA shrink_memory")
}

/// Opens a database for questions only.
pub(crate) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    // Nothing is mapped: each connection's map of a large file would count as this process' memory.
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Opens `app.sqlite` for questions, with the cache beside it: history is asked by the tree.
pub(crate) fn open_history_reader(app: &Path, cache: &Path) -> rusqlite::Result<Connection> {
    let connection = open_reader(app)?;
    connection.pragma_update(None, "cache_size", -APP_READER_CACHE_KIB)?;
    connection.execute("ATTACH DATABASE ?1 AS cache", [cache.to_string_lossy()])?;
    // What is attached takes SQLite's own measure otherwise.
    connection.pragma_update(Some("cache"), "cache_size", -APP_READER_CACHE_KIB)?;
    Ok(connection)
}

/// Every cache that was set aside, by name.
pub(crate) fn all_set_aside(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |source| Error::Folder { path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if name.is_some_and(|name| name.starts_with("cache.sqlite.damaged")) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Removes every cache that was set aside.
pub(crate) fn remove_set_aside(folder: &Path) -> Result<()> {
    for path in all_set_aside(folder)? {
        fs::remove_file(&path).map_err(|source| Error::Folder { path, source })?;
    }
    Ok(())
}

/// Moves a database that cannot be used out of the way, with its side files.
pub(crate) fn set_aside(path: &Path) -> Result<PathBuf> {
    let mut target = path.with_extension("sqlite.damaged");
    let mut number = 1;
    while target.exists() {
        number += 1;
        target = path.with_extension(format!("sqlite.damaged-{number}"));
    }
    fs::rename(path, &target).map_err(|source| Error::Folder { path: path.to_owned(), source })?;
    for side in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(side);
        // A leftover side file would be read as part of the new database.
        match fs::remove_file(PathBuf::from(&name)) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(Error::Folder { path: name.into(), source }),
        }
    }
    Ok(target)
}
