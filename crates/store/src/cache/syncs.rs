//! Sync runs: when, how much, and whether everything was read.

use heirloom_core::ids::{ConnectionId, ScopeKey};
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, TransactionBehavior, params};

use super::facts::time;
use super::{tally, words};
use crate::app::history::counts;
use crate::{Error, Result, Store, files};

pub use crate::app::history::SyncId;

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

/// Which groups and projects a sync's lists hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those that the account is a member of.
    Membership,
    /// All that the server has.
    Everything,
}

impl Store {
    /// Notes that a sync listed all groups and projects within a reach.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn note_reach(&self, sync: SyncId, reach: Reach) -> Result<()> {
        let number = match reach {
            Reach::Membership => 1,
            Reach::Everything => 2,
        };
        self.write(move |db| {
            let row = params![sync.0, number];
            db.cache.execute("UPDATE sync SET listed = ?2 WHERE run = ?1", row)?;
            Ok(())
        })
    }

    /// How far the last sync saw that had all groups and projects within its reach.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn last_reach(&self, connection: ConnectionId) -> Result<Option<Reach>> {
        self.read(|db| {
            let sql = "SELECT listed FROM sync WHERE connection = ?1 AND listed > 0 \
                       ORDER BY ref DESC LIMIT 1";
            let number: Option<i64> = db
                .cache
                .prepare_cached(sql)?
                .query_row([connection.0], |row| row.get(0))
                .optional()?;
            Ok(number.map(|it| if it == 2 { Reach::Everything } else { Reach::Membership }))
        })
    }

    /// Forgets what earlier syncs could see: an account that sees more finds nothing new in it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_reach(&self, connection: ConnectionId) -> Result<()> {
        self.write(move |db| {
            db.cache.execute("UPDATE sync SET listed = 0 WHERE connection = ?1", [connection.0])?;
            Ok(())
        })
    }

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
            files::brace(&db.cache)?;
            let row = params![connection.0, now.as_millisecond(), whole];
            db.app.execute(
                "INSERT INTO sync (connection, started_at, whole) VALUES (?1, ?2, ?3)",
                row,
            )?;
            let run = db.app.last_insert_rowid();
            db.cache.execute(
                "INSERT INTO sync (run, connection, started_at, whole) VALUES (?1, ?2, ?3, ?4)",
                params![run, connection.0, now.as_millisecond(), whole],
            )?;
            Ok(SyncId(run))
        })
    }

    /// Notes how a sync ended, and with a sync of everything what it counted.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn end_sync(&self, sync: SyncId, end: SyncEnd, now: Timestamp) -> Result<()> {
        self.write(move |db| {
            let set = "finished_at = ?2, complete = ?3, failed = ?4, requests = ?5, stopped = ?6";
            let row = params![
                sync.0,
                now.as_millisecond(),
                end.complete,
                end.failed,
                end.requests,
                end.stopped
            ];
            let found = db
                .cache
                .query_row(
                    "SELECT connection, whole FROM sync WHERE run = ?1 AND finished_at IS NULL",
                    [sync.0],
                    |row| Ok((ConnectionId(row.get(0)?), row.get::<_, bool>(1)?)),
                )
                .optional()?;
            let (connection, whole) = found.ok_or(Error::Missing("this sync"))?;
            let cache = db.cache.transaction_with_behavior(TransactionBehavior::Immediate)?;
            words::sweep(&cache)?;
            let history = db.app.transaction_with_behavior(TransactionBehavior::Immediate)?;
            history.execute(&format!("UPDATE sync SET {set} WHERE id = ?1"), row)?;
            if whole && end.stopped.is_none() {
                let slugs = words::slugs(&cache, connection)?;
                let counts = tally::of_scope(&cache, connection, ScopeKey::INSTANCE)?;
                counts::keep(&history, sync, &tally::named(&counts, &slugs))?;
            }
            history.commit()?;
            cache.execute(
                &format!("UPDATE sync SET {set} WHERE run = ?1 AND finished_at IS NULL"),
                row,
            )?;
            cache.commit()?;
            Ok(files::rest(&db.cache)?)
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
                     ORDER BY ref DESC LIMIT 1",
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
