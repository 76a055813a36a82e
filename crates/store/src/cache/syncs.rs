//! Sync runs: when, how much, and whether everything was read.

use heirloom_core::ids::ConnectionId;
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::facts::time;
use crate::{Error, Result, Store};

/// A sync's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncId(i64);

/// How a sync ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncEnd {
    /// Everything it set out to read was read.
    pub complete: bool,
    /// Scopes that could not be read.
    pub failed: u32,
    /// Requests sent.
    pub requests: u32,
    /// What stopped it, when it did not come to its end.
    pub stopped: Option<String>,
}

/// A sync that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRun {
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// How.
    pub end: SyncEnd,
}

impl Store {
    /// Notes that a sync began. `whole`: of the whole instance, not of one scope.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn begin_sync(
        &self,
        connection: ConnectionId,
        whole: bool,
        now: Timestamp,
    ) -> Result<SyncId> {
        self.write(move |db| {
            db.cache.execute(
                "INSERT INTO sync (connection, started_at, whole) VALUES (?1, ?2, ?3)",
                params![connection.0, now.as_millisecond(), whole],
            )?;
            Ok(SyncId(db.cache.last_insert_rowid()))
        })
    }

    /// Notes how a sync ended.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn end_sync(&self, sync: SyncId, end: SyncEnd, now: Timestamp) -> Result<()> {
        self.write(move |db| {
            let changed = db.cache.execute(
                "UPDATE sync SET finished_at = ?2, complete = ?3, failed = ?4, requests = ?5, \
                   stopped = ?6 WHERE id = ?1",
                params![
                    sync.0,
                    now.as_millisecond(),
                    end.complete,
                    end.failed,
                    end.requests,
                    end.stopped
                ],
            )?;
            if changed == 0 { Err(Error::Missing("this sync")) } else { Ok(()) }
        })
    }

    /// The last sync of the whole instance that came to an end by itself.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn last_sync(&self, connection: ConnectionId) -> Result<Option<SyncRun>> {
        self.read(|db| {
            let found = db
                .cache
                .prepare_cached(
                    "SELECT started_at, finished_at, complete, failed, requests FROM sync \
                     WHERE connection = ?1 AND whole = 1 AND finished_at IS NOT NULL \
                       AND stopped IS NULL \
                     ORDER BY id DESC LIMIT 1",
                )?
                .query_row([connection.0], |row| {
                    Ok(SyncRun {
                        started_at: time(row.get(0)?),
                        finished_at: time(row.get(1)?),
                        end: SyncEnd {
                            complete: row.get(2)?,
                            failed: row.get(3)?,
                            requests: row.get(4)?,
                            stopped: None,
                        },
                    })
                })
                .optional()?;
            Ok(found)
        })
    }
}
