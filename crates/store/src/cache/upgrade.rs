//! What an upgrade of the cache cannot say in SQL.

use std::collections::BTreeMap;

use heirloom_core::ids::ConnectionId;
use rusqlite::{Connection, Transaction, params};
use rusqlite_migration::{HookError, HookResult};

use super::cells::{self, Cell};
use super::facts::{from_json, state};
use super::{heirs, search, tally, tree};
use crate::{Error, Result};

/// Fills what format 2 keeps beside the rows: keys, packed states, texts to search, order, counts.
pub(super) fn to_format_2(cache: &Transaction<'_>) -> HookResult {
    fill(cache).map_err(|error| match error {
        Error::Sqlite(error) => HookError::RusqliteError(error),
        other => HookError::Hook(other.to_string()),
    })
}

fn fill(cache: &Connection) -> Result<()> {
    let mut packed: BTreeMap<i64, Vec<Cell>> = BTreeMap::new();
    {
        let mut statement = cache.prepare(
            "SELECT scope, kind, state, iif(presence = 0, link, NULL) FROM integration \
             ORDER BY scope, kind",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let link: Option<i64> = row.get(3)?;
            packed.entry(row.get(0)?).or_default().push(Cell {
                kind: row.get(1)?,
                state: state(row.get(2)?),
                custom: link.map(|link| link == 0),
            });
        }
    }
    let scopes: Vec<(i64, String, String)> = cache
        .prepare("SELECT ref, name, path FROM scope")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    {
        let mut update = cache
            .prepare("UPDATE scope SET name_key = ?2, path_key = ?3, cells = ?4 WHERE ref = ?1")?;
        for (scope, name, path) in scopes {
            let (name, path) = (name.to_lowercase(), path.to_lowercase());
            let cells = packed.get(&scope).map(|cells| cells::pack(cells));
            update.execute(params![scope, name, path, cells])?;
            search::index_scope(cache, scope, &name, &path, search::Indexed::New)?;
        }
    }
    let settings: Vec<(i64, String)> = cache
        .prepare("SELECT id, fields FROM settings")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (id, fields) in settings {
        search::index_settings(cache, id, &from_json("settings.fields", &fields)?)?;
    }
    heirs::rebuild(cache)?;
    let connections: Vec<u32> = cache
        .prepare("SELECT DISTINCT connection FROM scope")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for connection in connections.into_iter().map(ConnectionId) {
        tree::put_in_order(cache, connection)?;
        tally::rebuild(cache, connection)?;
    }
    Ok(())
}
