//! Reading history.

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use jiff::Timestamp;
use rusqlite::{Row, ToSql, named_params};

use super::{Change, Side, SyncId, What};
use crate::app::journal::RunId;
use crate::cache::facts::{id_number, level_number, scope_key, slug, time};
use crate::{Result, Store};

/// Which changes. Everything that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// At or below this scope, as the tree is now.
    pub subtree: Option<ScopeKey>,
    /// Of this integration.
    pub slug: Option<Slug>,
    /// Noticed at this time or later.
    pub since: Option<Timestamp>,
    /// Noticed before this time.
    pub until: Option<Timestamp>,
    /// Noticed by this sync.
    pub sync: Option<SyncId>,
    /// Done by this run of ours.
    pub run: Option<RunId>,
}

impl HistoryFilter {
    /// The conditions, and whether the tree is asked. Each names its parameter, so that SQLite can
    /// choose an index.
    fn conditions(&self) -> String {
        let mut sql = "change.connection = :connection AND :since <= at AND at < :until".to_owned();
        match self.subtree.map(|scope| scope.level) {
            None | Some(Level::Instance) => {}
            Some(Level::Project) => sql.push_str(" AND change.level = :level AND scope_id = :id"),
            Some(Level::Group) => sql.push_str(
                " AND (change.level, scope_id) IN (SELECT below.level, below.id \
                   FROM cache.scope root JOIN cache.scope below \
                     ON below.connection = root.connection \
                     AND below.pre BETWEEN root.pre AND root.last \
                   WHERE root.connection = :connection AND root.level = :level AND root.id = :id)",
            ),
        }
        for (set, condition) in [
            (self.slug.is_some(), " AND slug = :slug"),
            (self.sync.is_some(), " AND sync = :sync"),
            (self.run.is_some(), " AND by_run = :run"),
        ] {
            if set {
                sql.push_str(condition);
            }
        }
        sql
    }
}

impl Store {
    /// A window of the changes a filter lets through, latest first, with how many there are.
    ///
    /// # Errors
    /// When the databases cannot be read.
    pub fn history(
        &self,
        connection: ConnectionId,
        filter: &HistoryFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<Change>)> {
        let conditions = filter.conditions();
        let (level, id) = match filter.subtree {
            Some(scope) => (level_number(scope.level), id_number(scope)?),
            None => (0, 0),
        };
        let since = filter.since.map_or(i64::MIN, Timestamp::as_millisecond);
        let until = filter.until.map_or(i64::MAX, Timestamp::as_millisecond);
        let slug = filter.slug.as_ref().map(Slug::as_str);
        let sync = filter.sync.map(|sync| sync.0);
        let run = filter.run.map(|run| run.0);
        let all = named_params! {
            ":connection": connection.0, ":since": since, ":until": until, ":level": level,
            ":id": id, ":slug": slug, ":sync": sync, ":run": run,
        };
        let given: Vec<(&str, &dyn ToSql)> =
            all.iter().copied().filter(|(name, _)| conditions.contains(name)).collect();
        self.read(|db| {
            let app = &db.app;
            let sql = format!("SELECT count(*) FROM change WHERE {conditions}");
            let total = app.prepare_cached(&sql)?.query_row(&*given, |row| row.get(0))?;
            let sql = format!(
                "SELECT sync, by_run, at, level, scope_id, path, slug, what, before, after \
                 FROM change WHERE {conditions} ORDER BY at DESC, change.id DESC \
                 LIMIT {limit} OFFSET {offset}"
            );
            let mut statement = app.prepare(&sql)?;
            let mut rows = statement.query(&*given)?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(change(row)?);
            }
            Ok((total, found))
        })
    }
}

fn change(row: &Row<'_>) -> Result<Change> {
    let sync: i64 = row.get(0)?;
    let named: String = row.get(6)?;
    let what = What::of(&row.get::<_, String>(7)?)?;
    let (before, after): (Option<String>, Option<String>) = (row.get(8)?, row.get(9)?);
    Ok(Change {
        sync: Some(sync).filter(|sync| *sync != 0).map(SyncId),
        by: row.get::<_, Option<u32>>(1)?.map(RunId),
        at: time(row.get(2)?),
        scope: scope_key(row.get(3)?, row.get(4)?)?,
        path: row.get(5)?,
        slug: Some(named).filter(|name| !name.is_empty()).map(|name| slug(&name)).transpose()?,
        before: Side::of(&what, before.as_deref())?,
        after: Side::of(&what, after.as_deref())?,
        what,
    })
}
