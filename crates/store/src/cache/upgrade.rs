//! What an upgrade of the cache cannot say in SQL.

use std::collections::BTreeMap;

use heirloom_core::ids::ConnectionId;
use rusqlite::{Connection, Transaction, params};
use rusqlite_migration::{HookError, HookResult};

use super::cells::{self, Cell};
use super::facts::{from_json, state};
use super::search::{self, Dictionary};
use super::words::Fields;
use super::{heirs, tally, tree};
use crate::{Error, Result};

/// Fills what format 2 keeps beside the rows: keys, packed states, texts to search, order, counts.
/// Values can be looked for from format 5 on.
pub(super) fn to_format_2(cache: &Transaction<'_>) -> HookResult {
    fill(cache).map_err(failed)
}

/// Keeps what values hold once each.
pub(super) fn to_format_5(cache: &Transaction<'_>) -> HookResult {
    take_over_settings(cache).map_err(failed)
}

/// Counts projects anew: those that are gone counted before.
pub(super) fn to_format_6(cache: &Transaction<'_>) -> HookResult {
    connections(cache)
        .and_then(|them| {
            them.into_iter().try_for_each(|it| tree::put_in_order(cache, it, Vec::new()).map(drop))
        })
        .map_err(failed)
}

fn failed(error: Error) -> HookError {
    match error {
        Error::Sqlite(error) => HookError::RusqliteError(error),
        other => HookError::Hook(other.to_string()),
    }
}

fn take_over_settings(cache: &Connection) -> Result<()> {
    let mut dictionaries: BTreeMap<u32, Dictionary> = BTreeMap::new();
    {
        let mut statement = cache.prepare(
            "SELECT settings_4.id, kind, connection, fields FROM settings_4 \
             JOIN kind ON kind.id = kind ORDER BY settings_4.id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (id, kind, connection): (i64, u32, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let written: String = row.get(3)?;
            let fields: Fields = from_json("settings.fields", &written)?;
            dictionaries
                .entry(connection)
                .or_insert_with(|| Dictionary::new(ConnectionId(connection)))
                .keep(cache, (Some(id), kind), &fields, &written)?;
        }
    }
    cache.execute_batch("DROP TABLE settings_4")?;
    Ok(())
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
    heirs::rebuild(cache)?;
    for connection in connections(cache)? {
        tree::put_in_order(cache, connection, Vec::new())?;
        tally::rebuild(cache, connection)?;
    }
    Ok(())
}

fn connections(cache: &Connection) -> Result<Vec<ConnectionId>> {
    let mut statement = cache.prepare("SELECT DISTINCT connection FROM scope")?;
    let found = statement.query_map([], |row| row.get(0).map(ConnectionId))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::super::migrations;
    use super::*;

    /// Format 4 with settings of two connections, and a row that has the first.
    fn format_4() -> Connection {
        let mut cache = Connection::open_in_memory().unwrap();
        migrations().to_version(&mut cache, 4).unwrap();
        cache
            .execute_batch(
                r#"INSERT INTO kind VALUES (1, 1, 'jira', 'Jira'), (2, 2, 'jira', 'Jira');
                INSERT INTO settings (id, kind, fields) VALUES
                  (4, 1, '{"key":"ACME","on":true,"url":"https://Jira.old.example"}'),
                  (7, 1, '{"key":"WEB","url":"https://jira.OLD.example"}'),
                  (9, 2, '{"url":"https://jira.old.example"}');
                INSERT INTO integration (scope, kind, state, presence, active, basis, settings,
                  flags_at) VALUES (1, 1, 2, 0, 1, 0, 7, 0);"#,
            )
            .unwrap();
        cache
    }

    fn holding(cache: &Connection, text: &str) -> Vec<i64> {
        let of = |connection| search::holding(cache, ConnectionId(connection), text).unwrap();
        let both = of(1).iter().chain(of(2).iter()).collect::<std::collections::BTreeSet<_>>();
        both.into_iter().collect()
    }

    #[test]
    fn settings_of_format_4_keep_their_numbers_and_are_found_by_any_part() {
        let mut cache = format_4();
        migrations().to_latest(&mut cache).unwrap();
        assert_eq!(holding(&cache, "jira.old"), [4, 7, 9], "in small letters, all that share it");
        assert_eq!(holding(&cache, "acme"), [4], "and what they don't share");
        assert_eq!(holding(&cache, "w"), [7], "by what they begin with, too");
        assert_eq!(holding(&cache, "ht"), [4, 7, 9], "of two characters");
        assert_eq!(holding(&cache, "ji"), [0_i64; 0], "and by nothing else of so few");
        assert_eq!(holding(&cache, "true"), [0_i64; 0], "check boxes are not looked for");
        let texts: i64 =
            cache.query_row("SELECT count(*) FROM value", [], |row| row.get(0)).unwrap();
        assert_eq!(texts, 4, "each once: the URL for each connection, and two keys");
        let mut words = super::super::words::Words::new(ConnectionId(1));
        let fields =
            from_json("fields", r#"{"key":"WEB","url":"https://jira.OLD.example"}"#).unwrap();
        assert_eq!(words.settings(&cache, 1, &fields).unwrap(), 7, "known again");
    }

    #[test]
    fn projects_that_are_gone_count_no_more_from_format_6_on() {
        let mut cache = Connection::open_in_memory().unwrap();
        migrations().to_version(&mut cache, 5).unwrap();
        cache
            .execute_batch(
                "INSERT INTO scope (ref, connection, level, id, parent_level, parent_id, name, \
                   path, name_key, path_key, gone_at, pre, last, above, rank, projects) VALUES \
                 (1, 1, 0, 0, NULL, NULL, 'host', 'host', 'host', 'host', NULL, 0, 2, NULL, -1, 2), \
                 (2, 1, 2, 7, 0, 0, 'a', 'a', 'a', 'a', NULL, 1, 1, 1, 0, 1), \
                 (3, 1, 2, 8, 0, 0, 'b', 'b', 'b', 'b', 5, 2, 2, 1, 1, 1);",
            )
            .unwrap();
        migrations().to_latest(&mut cache).unwrap();
        let counted: Vec<u32> = cache
            .prepare("SELECT projects FROM scope ORDER BY ref")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
        assert_eq!(counted, [1, 1, 0], "below the instance, itself, and one that is gone");
    }

    #[test]
    fn what_no_row_has_any_more_is_found_no_more() {
        let mut cache = format_4();
        migrations().to_latest(&mut cache).unwrap();
        super::super::words::sweep(&cache).unwrap();
        assert_eq!(holding(&cache, "jira.old"), [7], "a row has it");
        assert_eq!(holding(&cache, "acme"), [0_i64; 0], "no row has it");
        let texts: Vec<String> = cache
            .prepare("SELECT text FROM value ORDER BY text")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
        assert_eq!(texts, ["https://jira.old.example", "web"], "nor is it kept");
    }
}
