//! Scopes by name and path.

use std::collections::BTreeMap;

use heirloom_core::ids::ConnectionId;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{COUNTED, Total, has_threes, phrase};
use crate::Result;
use crate::cache::scopes::{COLUMNS, Scope, columns};

/// A scope that matches.
pub(super) struct Match {
    pub(super) scope: Scope,
    pub(super) pre: i64,
}

/// How well a scope matches; the least is shown first.
type Rank = (u8, String, i64);

/// The best matches, with how many there are.
pub(super) fn best(
    cache: &Connection,
    connection: ConnectionId,
    text: &str,
    limit: usize,
) -> Result<(Total, Vec<Match>)> {
    if text.is_empty() {
        return Ok((Total::default(), Vec::new()));
    }
    let mut ranked: BTreeMap<Rank, i64> = BTreeMap::new();
    let mut add = |row: &rusqlite::Row<'_>| -> rusqlite::Result<()> {
        let (name, path, scope): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let how_well = match name.find(text) {
            Some(0) if name.len() == text.len() => 0,
            Some(0) => 1,
            Some(_) => 2,
            None => 3,
        };
        ranked.insert((how_well, path, scope), scope);
        Ok(())
    };
    // Those whose name begins with it come first, however many others there are.
    let few = i64::try_from(limit).unwrap_or(i64::MAX).min(i64::from(COUNTED) + 1);
    let long = has_threes(text);
    let at_start = if long { few } else { i64::from(COUNTED) + 1 };
    let end = format!("{text}\u{10FFFF}");
    for column in if long { &["name_key"][..] } else { &["name_key", "path_key"] } {
        let sql = format!(
            "SELECT name_key, path_key, ref FROM scope WHERE connection = ?1 \
               AND {column} >= ?2 AND {column} < ?3 AND pre IS NOT NULL ORDER BY {column} LIMIT ?4"
        );
        let mut statement = cache.prepare_cached(&sql)?;
        let mut rows = statement.query(params![connection.0, text, end, at_start])?;
        while let Some(row) = rows.next()? {
            add(row)?;
        }
    }
    let mut counted = None;
    if long {
        let mut statement = cache.prepare_cached(
            "SELECT name_key, path_key, ref FROM scope_text \
             CROSS JOIN scope ON ref = scope_text.rowid WHERE scope_text MATCH ?1 AND connection = ?2 AND pre IS NOT NULL LIMIT ?3",
        )?;
        let most = i64::from(COUNTED) + 1;
        let mut rows = statement.query(params![phrase(text), connection.0, most])?;
        let mut n = 0;
        while let Some(row) = rows.next()? {
            n += 1;
            add(row)?;
        }
        counted = Some(n);
    }
    let total = Total::of(counted.unwrap_or(ranked.len()));
    let chosen = ranked.into_values().take(limit);
    let sql = format!("SELECT {COLUMNS}, pre FROM scope WHERE ref = ?1");
    let mut statement = cache.prepare_cached(&sql)?;
    let found = chosen
        .map(|scope| {
            let (found, pre) =
                statement.query_row([scope], |row| Ok((columns(row)?, row.get("pre")?)))?;
            Ok(Match { scope: found.scope()?, pre })
        })
        .collect::<Result<_>>()?;
    Ok((total, found))
}

/// The first scopes of all, in tree order.
pub(super) fn first(
    cache: &Connection,
    connection: ConnectionId,
    limit: usize,
) -> Result<(Total, Vec<Match>)> {
    let n = cache
        .prepare_cached(
            "SELECT last - pre + 1 FROM scope WHERE connection = ?1 AND level = 0 AND id = 0",
        )?
        .query_row([connection.0], |row| row.get::<_, Option<u32>>(0))
        .optional()?
        .flatten();
    let sql = format!(
        "SELECT {COLUMNS}, pre FROM scope WHERE connection = ?1 AND pre IS NOT NULL \
         ORDER BY pre LIMIT ?2"
    );
    let mut statement = cache.prepare_cached(&sql)?;
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement
        .query_map(params![connection.0, most], |row| Ok((columns(row)?, row.get("pre")?)))?;
    let found = rows
        .map(|row| {
            let (found, pre) = row?;
            Ok(Match { scope: found.scope()?, pre })
        })
        .collect::<Result<_>>()?;
    Ok((Total { n: n.unwrap_or_default(), more: false }, found))
}
