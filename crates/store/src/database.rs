//! The two files, the one thread that writes them, and the connections that read them.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, ErrorCode};

use crate::app::history;
use crate::belonging::{self, SetAside, Unusable};
use crate::cache::estate::answers::Answers;
use crate::files::{self, Durability};
use crate::{Error, Result, app, cache};

/// Read-only connections per process: enough for tree, list and comparison at once.
const READERS: usize = 3;

/// Jobs that may wait for the writer before callers wait too.
const QUEUE: usize = 64;

/// The local databases. Cheap to clone; the last clone to go ends the writer.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    writer: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    readers: Mutex<Vec<Reader>>,
    answers: Answers,
    returned: Condvar,
    rebuilt: Option<SetAside>,
}

type Job = Box<dyn FnOnce(&mut Writer) + Send>;

/// A job of the writer's that may not be done yet. Dropped, it is done all the same.
#[must_use]
pub(crate) struct Pending<T>(Receiver<Result<T>>);

impl<T> Pending<T> {
    /// Waits for its end.
    pub(crate) fn wait(self) -> Result<T> {
        self.0.recv().map_err(|_| Error::Closing)?
    }
}

/// Both databases, for writing.
pub(crate) struct Writer {
    pub(crate) app: Connection,
    pub(crate) cache: Connection,
    /// A batch that failed after its history was committed, which could not be taken back.
    pub(crate) orphan: Option<i64>,
}

/// Both databases, for questions.
pub(crate) struct Reader {
    pub(crate) app: Connection,
    pub(crate) cache: Connection,
}

impl Store {
    /// Opens the databases in a folder, making both as needed.
    ///
    /// # Errors
    /// When the folder cannot be used, or `app.sqlite` is damaged or from a newer version. A
    /// cache that is damaged, or made beside another `app.sqlite`, is no error: see
    /// [`Store::rebuilt`].
    pub fn open(folder: &Path) -> Result<Self> {
        files::private_folder(folder)?;
        let opening = files::opening(folder)?;
        let app_path = folder.join("app.sqlite");
        let cache_path = folder.join("cache.sqlite");
        let orphan = belonging::is_orphan(&app_path, &cache_path)?;
        let set_aside = |why| {
            tracing::warn!(%why, "the cache is set aside and begun anew");
            files::set_aside(&cache_path).map(|path| SetAside { path, why })
        };
        let mut rebuilt = if orphan { Some(set_aside(Unusable::Foreign)?) } else { None };
        let app = open_app(&app_path)?;
        let mut cache = match try_cache(&cache_path) {
            Ok(cache) => cache,
            Err(why) if !is_unusable(&why) => return Err(why),
            Err(why) => {
                tracing::warn!(%why, "the cache cannot be used");
                rebuilt = Some(set_aside(Unusable::Damaged)?);
                try_cache(&cache_path)?
            }
        };
        if !belonging::claim(&app, &cache)? {
            drop(cache);
            rebuilt = Some(set_aside(Unusable::Foreign)?);
            cache = try_cache(&cache_path)?;
            belonging::claim(&app, &cache)?;
        }
        history::reconcile(&app, &mut cache)?;
        let readers = (0..READERS)
            .map(|_| {
                Ok(Reader {
                    app: files::open_history_reader(&app_path, &cache_path)?,
                    cache: files::open_reader(&cache_path)?,
                })
            })
            .collect::<rusqlite::Result<Vec<_>>>()?;
        drop(opening);
        let (writer, jobs) = mpsc::sync_channel::<Job>(QUEUE);
        let thread = std::thread::Builder::new()
            .name("heirloom-store".into())
            .spawn(move || {
                let mut databases = Writer { app, cache, orphan: None };
                for job in jobs {
                    job(&mut databases);
                }
            })
            .map_err(|source| Error::Folder { path: folder.to_owned(), source })?;
        let inner = Inner {
            folder: folder.to_owned(),
            writer: Some(writer),
            thread: Some(thread),
            readers: Mutex::new(readers),
            answers: Answers::default(),
            returned: Condvar::new(),
            rebuilt,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// The cache that was set aside when this store was opened, if that happened.
    pub fn rebuilt(&self) -> Option<&SetAside> {
        self.inner.rebuilt.as_ref()
    }

    /// Caches that were set aside, now or before.
    ///
    /// # Errors
    /// When the folder cannot be looked into.
    pub fn set_aside(&self) -> Result<Vec<PathBuf>> {
        files::all_set_aside(&self.inner.folder)
    }

    /// What SQLite says of each file after looking at every page: `ok`, or what is wrong.
    ///
    /// # Errors
    /// When a file cannot be asked.
    pub fn integrity(&self) -> Result<Vec<(&'static str, String)>> {
        ["app.sqlite", "cache.sqlite"]
            .into_iter()
            .map(|name| {
                // FTS5 checks against what its connection remembers of the index, which may be of
                // an earlier state (SQLite 3.50): a connection that has asked nothing yet is right.
                let file = files::open_reader(&self.inner.folder.join(name))?;
                let said = file.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
                Ok((name, said))
            })
            .collect()
    }

    /// Runs a job on the writer thread and waits for it.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Writer) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.begin_write(job)?.wait()
    }

    /// Hands a job to the writer thread, which does jobs in the order in which they come.
    pub(crate) fn begin_write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Writer) -> Result<T> + Send + 'static,
    ) -> Result<Pending<T>> {
        let (reply, result) = mpsc::sync_channel(1);
        let work: Job = Box::new(move |databases| {
            // The caller may have given up waiting; the work is done all the same.
            drop(reply.send(job(databases)));
        });
        let writer = self.inner.writer.as_ref().ok_or(Error::Closing)?;
        writer.send(work).map_err(|_| Error::Closing)?;
        Ok(Pending(result))
    }

    /// Asks a question on one of the read-only connections, waiting for a free one.
    pub(crate) fn read<T>(&self, question: impl FnOnce(&Reader) -> Result<T>) -> Result<T> {
        let reader = {
            let mut free = self.inner.readers.lock().unwrap_or_else(PoisonError::into_inner);
            loop {
                if let Some(reader) = free.pop() {
                    break reader;
                }
                free = self.inner.returned.wait(free).unwrap_or_else(PoisonError::into_inner);
            }
        };
        let borrowed = Borrowed { inner: &self.inner, reader: Some(reader) };
        borrowed.reader.as_ref().map_or(Err(Error::Closing), question)
    }
}

impl Store {
    /// Asks several things of one and the same state of the cache.
    pub(crate) fn read_at_once<T>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        self.read(|db| {
            // Ended when it is dropped: nothing was written.
            let state = db.cache.unchecked_transaction()?;
            question(&state)
        })
    }

    /// Answers to filters that may still be true.
    pub(crate) fn answers(&self) -> &Answers {
        &self.inner.answers
    }
}

/// Gives a reader back, also when the question panics.
struct Borrowed<'a> {
    inner: &'a Inner,
    reader: Option<Reader>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        if let Some(reader) = self.reader.take() {
            self.inner.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            self.inner.returned.notify_one();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The writer must be the last to close: readers cannot fold the WAL into the file.
        self.readers.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        self.writer = None;
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has already told its caller.
            drop(thread.join());
        }
    }
}

fn open_app(path: &Path) -> Result<Connection> {
    files::private_file(path)?;
    check_app(path)?;
    let damaged = |source| damaged(path, source);
    let mut app = files::open(path, Durability::Full).map_err(damaged)?;
    app::migrations().to_latest(&mut app).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => damaged(err),
        other => Error::Content { what: "app.sqlite", why: other.to_string() },
    })?;
    Ok(app)
}

/// Looks at `app.sqlite` without the right to write: what is damaged or newer must stay as it is,
/// and opening for writing already changes it.
fn check_app(path: &Path) -> Result<()> {
    let damaged = |source| damaged(path, source);
    let app = files::open_reader(path).map_err(damaged)?;
    let found: i64 =
        app.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(damaged)?;
    if found > app::VERSION {
        return Err(Error::Newer { path: path.to_owned(), found, known: app::VERSION });
    }
    let check: String =
        app.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(damaged)?;
    if check == "ok" {
        return Ok(());
    }
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    Err(damaged(rusqlite::Error::SqliteFailure(code, Some(check))))
}

/// A full disk or a file in use is no damage.
fn damaged(path: &Path, source: rusqlite::Error) -> Error {
    if is_passing(&source) {
        source.into()
    } else {
        Error::Damaged { path: path.to_owned(), source }
    }
}

/// Whether a cache can never be used again. A full disk, a file in use or one that may not be read
/// are no reason to throw it away.
fn is_unusable(why: &Error) -> bool {
    match why {
        Error::Newer { .. } | Error::Content { .. } => true,
        Error::Sqlite(error) => matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
        ),
        _ => false,
    }
}

/// Whether a failure has nothing to do with what the file holds.
fn is_passing(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DiskFull
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
        )
    )
}

fn try_cache(path: &Path) -> Result<Connection> {
    files::private_file(path)?;
    let mut cache = files::open(path, Durability::Normal)?;
    let found: i64 = cache.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > cache::VERSION {
        return Err(Error::Newer { path: path.to_owned(), found, known: cache::VERSION });
    }
    let check: String = cache.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(Error::Content { what: "cache.sqlite", why: check });
    }
    if found < cache::VERSION {
        files::brace(&cache)?;
    }
    cache::migrations().to_latest(&mut cache).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } if is_passing(&err) => err.into(),
        other => Error::Content { what: "cache.sqlite", why: other.to_string() },
    })?;
    files::rest(&cache)?;
    Ok(cache)
}
