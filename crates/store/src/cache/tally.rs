//! Counts by state, kind and subtree: kept with every change of a row, so that a question over
//! thousands of scopes is one look-up.

use std::collections::HashMap;

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::row::State;
use rusqlite::{Connection, params};

use super::facts::{id_number, level_number, slug, state, state_number};
use super::scopes::{holds_others, parent};
use crate::{Result, Store};

/// How many scopes at or below one scope are in a state, for one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The kind.
    pub slug: Slug,
    /// The state.
    pub state: State,
    /// How many groups and projects.
    pub n: u32,
}

impl Store {
    /// The counts of a group's or the instance's subtree, itself included.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn counts(&self, connection: ConnectionId, scope: ScopeKey) -> Result<Vec<Count>> {
        self.read(|db| {
            let mut statement = db.cache.prepare_cached(
                "SELECT slug, state, n FROM tally \
                 WHERE connection = ?1 AND level = ?2 AND id = ?3 AND n > 0",
            )?;
            let rows = statement.query_map(
                params![connection.0, level_number(scope.level), id_number(scope)?],
                |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get(2)?)),
            )?;
            rows.map(|row| {
                let (name, number, n) = row?;
                Ok(Count { slug: slug(&name)?, state: state(number), n })
            })
            .collect()
        })
    }
}

/// Collects the changes of one batch, then writes each count once.
pub(super) struct Changes<'a> {
    cache: &'a Connection,
    connection: ConnectionId,
    parents: HashMap<ScopeKey, Option<ScopeKey>>,
    changes: HashMap<(ScopeKey, String, i64), i64>,
}

impl<'a> Changes<'a> {
    pub(super) fn begin(cache: &'a Connection, connection: ConnectionId) -> Self {
        Self { cache, connection, parents: HashMap::new(), changes: HashMap::new() }
    }

    /// A row of `scope` went from one state to another (none = no row).
    pub(super) fn moved(
        &mut self,
        scope: ScopeKey,
        slug: &str,
        from: Option<State>,
        to: Option<State>,
    ) -> Result<()> {
        // The instance's own row is the default itself, not one of those it is handed down to.
        if from == to || scope == ScopeKey::INSTANCE {
            return Ok(());
        }
        let mut at = Some(scope);
        // A cycle, from a lying server, counts each of its groups once.
        let mut seen = Vec::new();
        while let Some(key) = at
            && !seen.contains(&key)
        {
            seen.push(key);
            if holds_others(key.level) {
                for (state, by) in [(from, -1), (to, 1)] {
                    if let Some(state) = state {
                        let count = (key, slug.to_owned(), state_number(state));
                        *self.changes.entry(count).or_default() += by;
                    }
                }
            }
            at = self.parent(key)?;
        }
        Ok(())
    }

    fn parent(&mut self, key: ScopeKey) -> Result<Option<ScopeKey>> {
        if let Some(known) = self.parents.get(&key) {
            return Ok(*known);
        }
        let found = parent(self.cache, self.connection, key)?;
        self.parents.insert(key, found);
        Ok(found)
    }

    pub(super) fn write(self) -> Result<()> {
        let mut statement = self.cache.prepare_cached(
            "INSERT INTO tally (connection, level, id, slug, state, n) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT (connection, level, id, slug, state) DO UPDATE SET n = n + excluded.n",
        )?;
        for ((key, slug, state), by) in self.changes {
            if by != 0 {
                let id = id_number(key)?;
                let level = level_number(key.level);
                statement.execute(params![self.connection.0, level, id, slug, state, by])?;
            }
        }
        Ok(())
    }
}

/// Counts everything anew, after scopes moved within the tree.
pub(super) fn rebuild(cache: &Connection, connection: ConnectionId) -> Result<()> {
    cache.execute("DELETE FROM tally WHERE connection = ?1", [connection.0])?;
    let mut changes = Changes::begin(cache, connection);
    {
        let mut statement = cache.prepare_cached(
            "SELECT level, scope_id, slug, state FROM integration WHERE connection = ?1",
        )?;
        let mut rows = statement.query([connection.0])?;
        while let Some(row) = rows.next()? {
            let scope = super::facts::scope_key(row.get(0)?, row.get(1)?)?;
            let slug: String = row.get(2)?;
            changes.moved(scope, &slug, None, Some(state(row.get(3)?)))?;
        }
    }
    changes.write()
}
