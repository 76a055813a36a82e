//! Custom settings of one kind by the value of a field.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::row::State;
use heirloom_core::value::Value;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::select::{any_gone, interval};
use crate::cache::facts::{from_json, state_number};
use crate::cache::tally;
use crate::cache::words::{self, Fields};
use crate::{Result, Store};

/// Custom settings by value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clusters {
    /// Values with how many groups and projects have them, most first. Unset and empty are one.
    pub values: Vec<(Value, u32)>,
    /// Scopes with custom settings that were not read.
    pub unread: u32,
}

impl Store {
    /// Groups and projects with custom settings of a kind, by a field's value, at or below a
    /// scope. They are as many as [`Store::counts`] has *custom* there.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn clusters(
        &self,
        connection: ConnectionId,
        slug: &Slug,
        field: &str,
        subtree: Option<ScopeKey>,
    ) -> Result<Clusters> {
        let root = subtree.unwrap_or(ScopeKey::INSTANCE);
        self.read_at_once(|cache| {
            let Some(kind) = words::kind_of(cache, connection, slug)? else {
                return Ok(Clusters::default());
            };
            let Some(range) = interval(cache, connection, root)? else {
                return Ok(Clusters::default());
            };
            let mut values: Vec<(Value, u32)> = Vec::new();
            let mut by_text: std::collections::HashMap<Value, u32> =
                std::collections::HashMap::new();
            for (fields, n) in custom_settings(cache, connection, kind, root, range)? {
                let fields: Fields = from_json("settings.fields", &fields)?;
                let value = fields.get(field).cloned().unwrap_or_default();
                let value = if value.is_blank() { Value::Unset } else { value };
                *by_text.entry(value).or_default() += n;
            }
            values.extend(by_text);
            values.sort_by(|a, b| (b.1, format!("{:?}", a.0)).cmp(&(a.1, format!("{:?}", b.0))));
            let all: i64 = tally::of_scope(cache, connection, root)?
                .iter()
                .filter(|(key, _)| key.kind == kind && key.state == State::Custom)
                .map(|(_, n)| n)
                .sum();
            let read: u32 = values.iter().map(|(_, n)| n).sum();
            let unread = u32::try_from(all - i64::from(read)).unwrap_or_default();
            Ok(Clusters { values, unread })
        })
    }
}

/// The settings of custom rows below a scope, each with how many rows have them.
fn custom_settings(
    cache: &Connection,
    connection: ConnectionId,
    kind: u32,
    root: ScopeKey,
    (first, last): (i64, i64),
) -> Result<Vec<(String, u32)>> {
    let custom = state_number(State::Custom);
    let instance: Option<i64> = cache
        .prepare_cached("SELECT ref FROM scope WHERE connection = ?1 AND level = 0 AND id = 0")?
        .query_row([connection.0], |row| row.get(0))
        .optional()?;
    let whole = root == ScopeKey::INSTANCE && !any_gone(cache, connection, first, last)?;
    // The whole estate is counted in the index alone.
    let sql = if whole {
        "SELECT fields, (SELECT count(*) FROM integration \
           WHERE integration.settings = settings.id AND state = ?2 AND scope <> ?3) AS n \
         FROM settings WHERE kind = ?1 AND n > 0 AND ?4 <= ?5"
    } else {
        "SELECT fields, (SELECT count(*) FROM integration \
           JOIN scope ON scope.ref = integration.scope \
           WHERE integration.settings = settings.id AND state = ?2 AND scope.ref <> ?3 \
             AND gone_at IS NULL AND pre BETWEEN ?4 AND ?5) AS n \
         FROM settings WHERE kind = ?1 AND n > 0"
    };
    let mut statement = cache.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![kind, custom, instance.unwrap_or_default(), first, last], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
