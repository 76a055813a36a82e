//! How much changed, by kind and by sync; and what each sync counted, for the trend.

use heirloom_core::ids::{ConnectionId, Level, Slug};
use heirloom_core::row::State;
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::SyncId;
use crate::app::journal::RunId;
use crate::cache::facts::{from_json, level_number, scope_key, slug, time};
use crate::cache::tally::LevelCount;
use crate::{Result, Store};

/// How much changed since a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DriftCounts {
    /// By integration, most changes first; changes of scopes themselves under none.
    pub by_kind: Vec<KindDrift>,
    /// By the sync or run that brought them, latest first.
    pub by_sync: Vec<SyncDrift>,
}

/// Changes of one integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindDrift {
    /// Which; none: the scopes themselves.
    pub slug: Option<Slug>,
    /// Scopes where something changed.
    pub scopes: u32,
    /// Changes of state or source.
    pub states: u32,
    /// Changes of fields and events.
    pub settings: u32,
    /// All changes.
    pub changes: u32,
}

/// Changes one sync noticed, or one run made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncDrift {
    /// The sync; none for readings outside of syncs.
    pub sync: Option<SyncId>,
    /// Our own run, where it was one.
    pub by: Option<RunId>,
    /// The latest of them.
    pub at: Timestamp,
    /// How many.
    pub changes: u32,
}

/// What one sync of everything counted in its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendPoint {
    /// Which.
    pub sync: SyncId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Everything it set out to read was read.
    pub complete: bool,
    /// The counts.
    pub counts: Vec<LevelCount>,
}

impl Store {
    /// How much changed since a time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn drift_counts(&self, connection: ConnectionId, since: Timestamp) -> Result<DriftCounts> {
        let since = since.as_millisecond();
        self.read(|db| {
            let mut statement = db.app.prepare_cached(
                "SELECT slug, count(DISTINCT scope_id * 4 + level), \
                   sum(what IN ('state', 'source')), \
                   sum(what LIKE 'field:%' OR what LIKE 'event:%'), count(*) \
                 FROM change WHERE connection = ?1 AND at >= ?2 \
                 GROUP BY slug ORDER BY count(*) DESC, slug",
            )?;
            let mut rows = statement.query(params![connection.0, since])?;
            let mut by_kind = Vec::new();
            while let Some(row) = rows.next()? {
                let name: String = row.get(0)?;
                by_kind.push(KindDrift {
                    slug: if name.is_empty() { None } else { Some(slug(&name)?) },
                    scopes: row.get(1)?,
                    states: row.get(2)?,
                    settings: row.get(3)?,
                    changes: row.get(4)?,
                });
            }
            let mut statement = db.app.prepare_cached(
                "SELECT sync, by_run, max(at), count(*) FROM change \
                 WHERE connection = ?1 AND at >= ?2 GROUP BY sync, by_run ORDER BY max(at) DESC",
            )?;
            let rows = statement.query_map(params![connection.0, since], |row| {
                let sync: i64 = row.get(0)?;
                Ok(SyncDrift {
                    sync: Some(sync).filter(|sync| *sync != 0).map(SyncId),
                    by: row.get::<_, Option<u32>>(1)?.map(RunId),
                    at: time(row.get(2)?),
                    changes: row.get(3)?,
                })
            })?;
            Ok(DriftCounts { by_kind, by_sync: rows.collect::<rusqlite::Result<_>>()? })
        })
    }

    /// What each sync of everything counted, earliest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn trend(&self, connection: ConnectionId) -> Result<Vec<TrendPoint>> {
        self.read(|db| {
            let mut statement = db.app.prepare_cached(
                "SELECT id, started_at, finished_at, complete, level, slug, state, n \
                 FROM sync JOIN sync_count ON sync_count.sync = sync.id \
                 WHERE connection = ?1 AND finished_at IS NOT NULL \
                 ORDER BY id, level, slug, state",
            )?;
            let mut rows = statement.query([connection.0])?;
            let mut found: Vec<TrendPoint> = Vec::new();
            while let Some(row) = rows.next()? {
                let sync = SyncId(row.get(0)?);
                if found.last().is_none_or(|point| point.sync != sync) {
                    found.push(TrendPoint {
                        sync,
                        started_at: time(row.get(1)?),
                        finished_at: time(row.get(2)?),
                        complete: row.get(3)?,
                        counts: Vec::new(),
                    });
                }
                let count = LevelCount {
                    level: scope_key(row.get(4)?, 0)?.level,
                    slug: slug(&row.get::<_, String>(5)?)?,
                    state: state_named(&row.get::<_, String>(6)?)?,
                    n: row.get(7)?,
                };
                if let Some(point) = found.last_mut() {
                    point.counts.push(count);
                }
            }
            Ok(found)
        })
    }
}

fn state_named(name: &str) -> Result<State> {
    from_json("sync_count.state", &format!("\"{name}\""))
}

/// Writes down what a sync counted in its end.
pub(crate) fn keep(app: &Connection, sync: SyncId, counts: &[LevelCount]) -> Result<()> {
    let mut insert = app.prepare_cached(
        "INSERT OR REPLACE INTO sync_count (sync, level, slug, state, n) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for count in counts {
        let level: Level = count.level;
        insert.execute(params![
            sync.0,
            level_number(level),
            count.slug.as_str(),
            count.state.name(),
            count.n
        ])?;
    }
    Ok(())
}
