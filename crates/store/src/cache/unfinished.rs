//! What a sync that did not come to its end has behind it, so that the next one goes on there.

use heirloom_core::ids::{ConnectionId, ScopeKey};
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::facts::{id_number, level_number, time};
use crate::{Result, Store};

/// What is synced: a connection's scope with all below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aim {
    /// Whose.
    pub connection: ConnectionId,
    /// From where down; the instance for everything.
    pub root: ScopeKey,
    /// Also what seems unchanged.
    pub full: bool,
}

/// A sync that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// When it began, the first of the runs that it took.
    pub started_at: Timestamp,
    /// Groups and projects were all listed.
    pub tree_known: bool,
    /// When it last wrote something down; none: nothing yet.
    pub written_at: Option<Timestamp>,
}

impl Store {
    /// The unfinished sync of this aim, if there is one.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn unfinished(&self, aim: Aim) -> Result<Option<Unfinished>> {
        self.read(|db| {
            Ok(db
                .cache
                .prepare_cached(
                    "SELECT started_at, tree_known, written_at FROM unfinished \
                     WHERE connection = ?1 AND level = ?2 AND id = ?3 AND full = ?4",
                )?
                .query_row(
                    params![
                        aim.connection.0,
                        level_number(aim.root.level),
                        id_number(aim.root)?,
                        aim.full
                    ],
                    |row| {
                        let written: i64 = row.get(2)?;
                        Ok(Unfinished {
                            started_at: time(row.get(0)?),
                            tree_known: row.get(1)?,
                            written_at: (written > 0).then(|| time(written)),
                        })
                    },
                )
                .optional()?)
        })
    }

    /// Notes how far a sync is.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn note_unfinished(&self, aim: Aim, state: Unfinished) -> Result<()> {
        self.write(move |db| {
            db.cache.execute(
                "INSERT OR REPLACE INTO unfinished \
                   (connection, level, id, full, started_at, tree_known, written_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    aim.connection.0,
                    level_number(aim.root.level),
                    id_number(aim.root)?,
                    aim.full,
                    state.started_at.as_millisecond(),
                    state.tree_known,
                    state.written_at.map_or(0, Timestamp::as_millisecond)
                ],
            )?;
            Ok(())
        })
    }

    /// Notes that it wrote something down.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn note_written(&self, aim: Aim, at: Timestamp) -> Result<()> {
        self.write(move |db| {
            db.cache.execute(
                "UPDATE unfinished SET written_at = ?5 \
                 WHERE connection = ?1 AND level = ?2 AND id = ?3 AND full = ?4",
                params![
                    aim.connection.0,
                    level_number(aim.root.level),
                    id_number(aim.root)?,
                    aim.full,
                    at.as_millisecond()
                ],
            )?;
            Ok(())
        })
    }

    /// Forgets it: the sync came to its end.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_unfinished(&self, aim: Aim) -> Result<()> {
        self.write(move |db| {
            db.cache.execute(
                "DELETE FROM unfinished \
                 WHERE connection = ?1 AND level = ?2 AND id = ?3 AND full = ?4",
                params![
                    aim.connection.0,
                    level_number(aim.root.level),
                    id_number(aim.root)?,
                    aim.full
                ],
            )?;
            Ok(())
        })
    }
}
