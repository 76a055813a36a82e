//! Scopes whose last reading failed.

use heirloom_core::ids::{ConnectionId, ScopeKey};
use rusqlite::params;

use super::select::interval;
use crate::cache::scopes::FAILED;
use crate::{Result, Store};

impl Store {
    /// How many scopes at or below one have a last reading that failed.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn count_failed(&self, connection: ConnectionId, root: ScopeKey) -> Result<u32> {
        self.read_at_once(|cache| {
            let Some((first, last)) = interval(cache, connection, root)? else { return Ok(0) };
            let found = cache
                .prepare_cached(&format!(
                    "SELECT count(*) FROM scope INDEXED BY scope_failed WHERE connection = ?1 \
                       AND {FAILED} AND gone_at IS NULL AND pre BETWEEN ?2 AND ?3",
                ))?
                .query_row(params![connection.0, first, last], |row| row.get(0))?;
            Ok(found)
        })
    }
}
