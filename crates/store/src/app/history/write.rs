//! Writing history, batch by batch.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};

use super::{Cause, Side, What};
use crate::cache::facts::{id_number, level_number};
use crate::{Result, Store};

/// A change as a batch found it.
pub(crate) struct NewChange {
    pub(crate) scope: ScopeKey,
    pub(crate) path: String,
    pub(crate) slug: Option<Slug>,
    pub(crate) what: What,
    pub(crate) before: Side,
    pub(crate) after: Side,
    /// Only completes what the same sync has already noted of it.
    pub(crate) amends: bool,
    pub(crate) at: Timestamp,
}

/// Gives the batch that is being written its number.
pub(crate) fn next_batch(cache: &Connection) -> Result<i64> {
    let sql = "UPDATE state SET batch = coalesce(batch, 0) + 1 RETURNING batch";
    Ok(cache.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Commits a batch's history, before the batch itself. Within a sync a thing that changes twice is
/// one change, from how it was before the sync to how it is after it.
pub(crate) fn write(
    app: &mut Connection,
    connection: ConnectionId,
    cause: Cause,
    batch: i64,
    changes: &[NewChange],
) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let (sync, by) = match cause {
        Cause::Reading => (0, None),
        Cause::Sync(sync) => (sync.0, None),
        Cause::Run(run) => (0, Some(run.0)),
    };
    let history = app.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut note = history.prepare_cached(
            "INSERT INTO change (connection, sync, by_run, at, level, scope_id, path, slug, what, \
               before, after, batch) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
             ON CONFLICT (connection, sync, level, scope_id, slug, what) WHERE sync <> 0 \
             DO UPDATE SET after = excluded.after, at = excluded.at",
        )?;
        let mut amend = history.prepare_cached(
            "UPDATE change SET after = ?7 \
             WHERE connection = ?1 AND sync = ?2 AND sync <> 0 AND level = ?3 AND scope_id = ?4 \
               AND slug = ?5 AND what = ?6",
        )?;
        let mut undo = history.prepare_cached(
            "DELETE FROM change \
             WHERE connection = ?1 AND sync = ?2 AND sync <> 0 AND level = ?3 AND scope_id = ?4 \
               AND slug = ?5 AND what = ?6 AND before IS after",
        )?;
        for change in changes {
            let (level, id) = (level_number(change.scope.level), id_number(change.scope)?);
            let slug = change.slug.as_ref().map_or("", Slug::as_str);
            let (what, after) = (change.what.name(), change.after.to_text()?);
            let key = params![connection.0, sync, level, id, slug, what];
            if change.amends {
                amend.execute(params![connection.0, sync, level, id, slug, what, after])?;
            } else {
                note.execute(params![
                    connection.0,
                    sync,
                    by,
                    change.at.as_millisecond(),
                    level,
                    id,
                    change.path,
                    slug,
                    what,
                    change.before.to_text()?,
                    after,
                    batch,
                ])?;
            }
            if sync != 0 {
                undo.execute(key)?;
            }
        }
    }
    history.commit()?;
    Ok(())
}

/// Takes back the history of a batch that was not written: its changes will be found again.
pub(crate) fn take_back(app: &Connection, batch: i64) -> Result<()> {
    let changes = app.execute("DELETE FROM change WHERE batch = ?1", [batch])?;
    tracing::info!(batch, changes, "took back the history of a batch that was not written");
    Ok(())
}

/// Takes back the history of a last batch that never followed. Called when the files are opened;
/// the cache's write lock keeps batches of other processes out.
pub(crate) fn reconcile(app: &Connection, cache: &mut Connection) -> Result<()> {
    let cache = cache.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let written: Option<i64> = cache.query_row("SELECT batch FROM state", [], |row| row.get(0))?;
    let noted: i64 =
        app.query_row("SELECT coalesce(max(batch), 0) FROM change", [], |row| row.get(0))?;
    match written {
        Some(written) if noted == written + 1 => {
            take_back(app, noted)?;
        }
        Some(written) if noted <= written => {}
        // A new cache, or an older one put back: history stays, and numbers go on from there.
        Some(_) | None => {
            cache.execute("UPDATE state SET batch = ?1", [noted])?;
        }
    }
    cache.commit()?;
    Ok(())
}

impl Store {
    /// Forgets changes and syncs of all connections from before a time. What the cache holds is
    /// not touched.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_history(&self, before: Timestamp) -> Result<()> {
        self.write(move |db| {
            let history = db.app.transaction()?;
            let before = before.as_millisecond();
            history.execute("DELETE FROM change WHERE at < ?1", [before])?;
            history.execute("DELETE FROM sync WHERE started_at < ?1", [before])?;
            history.commit()?;
            Ok(())
        })
    }
}
