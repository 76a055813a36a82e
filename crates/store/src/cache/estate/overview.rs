//! What to look at first.

use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_core::row::State;
use rusqlite::params;

use super::select::interval;
use crate::cache::scopes::{COLUMNS, Scope, by_number, columns};
use crate::cache::tally;
use crate::{Result, Store};

impl Store {
    /// The groups with most rows in a state, all kinds together, most first: rows of the group and
    /// of everything below it.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn groups_with_most(
        &self,
        connection: ConnectionId,
        subtree: Option<ScopeKey>,
        state: State,
        limit: u32,
    ) -> Result<Vec<(Scope, u32)>> {
        let root = subtree.unwrap_or(ScopeKey::INSTANCE);
        self.read_at_once(|cache| {
            let Some((first, last)) = interval(cache, connection, root)? else {
                return Ok(Vec::new());
            };
            let mut statement = cache.prepare_cached(
                "SELECT ref, counts FROM scope INDEXED BY scope_by_key CROSS JOIN tally ON tally.scope = ref \
                 WHERE connection = ?1 AND level = 1 AND pre BETWEEN ?2 AND ?3 \
                   AND gone_at IS NULL",
            )?;
            let mut rows = statement.query(params![connection.0, first, last])?;
            let mut found: Vec<(u32, i64)> = Vec::new();
            while let Some(row) = rows.next()? {
                let n = tally::sum(row.get_ref(1)?.as_blob().unwrap_or_default(), state);
                if n > 0 {
                    found.push((n, row.get(0)?));
                }
            }
            found.sort_unstable_by_key(|(n, scope)| (std::cmp::Reverse(*n), *scope));
            let most = found.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX));
            most.map(|(n, scope)| Ok((by_number(cache, scope)?, n))).collect()
        })
    }

    /// The scopes whose lists were read longest ago, oldest first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn oldest_readings(&self, connection: ConnectionId, limit: u32) -> Result<Vec<Scope>> {
        self.scopes_where(
            "connection = ?1 AND gone_at IS NULL AND listed_at IS NOT NULL \
             ORDER BY listed_at, ref LIMIT ?2",
            params![connection.0, limit],
        )
    }

    /// A window of the scopes whose last reading failed, latest first, with how many there are.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn failed_scopes(
        &self,
        connection: ConnectionId,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<Scope>)> {
        const FAILED: &str = "connection = ?1 AND failed_at IS NOT NULL \
            AND failed_at >= coalesce(listed_at, 0) AND gone_at IS NULL";
        self.read_at_once(|cache| {
            let total = cache
                .prepare_cached(&format!("SELECT count(*) FROM scope WHERE {FAILED}"))?
                .query_row([connection.0], |row| row.get(0))?;
            let mut statement = cache.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM scope WHERE {FAILED} \
                 ORDER BY failed_at DESC, ref LIMIT ?2 OFFSET ?3"
            ))?;
            let rows = statement.query_map(params![connection.0, limit, offset], columns)?;
            let found = rows.map(|row| row?.scope()).collect::<Result<_>>()?;
            Ok((total, found))
        })
    }
}
