//! Rows by their values.

use std::ops::ControlFlow;

use heirloom_core::ids::ConnectionId;
use heirloom_core::value::Value;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{COUNTED, Total, ValueHit, dictionary, holds};
use crate::Result;
use crate::cache::facts::{from_json, id_number, level_number, slug};
use crate::cache::scopes::{COLUMNS, columns};
use crate::cache::words::Fields;

/// Values that hold a text, with how many there are.
pub(super) fn find(
    cache: &Connection,
    connection: ConnectionId,
    text: &str,
    limit: usize,
) -> Result<(Total, Vec<ValueHit>)> {
    if text.is_empty() {
        return Ok((Total::default(), Vec::new()));
    }
    let most = usize::try_from(COUNTED).unwrap_or(usize::MAX);
    let mut hits = Vec::new();
    let mut counted = 0;
    dictionary::visit(cache, connection, text, |id| {
        let found = cache
            .prepare_cached(
                "SELECT kind, slug, fields FROM settings JOIN kind ON kind.id = kind \
                 WHERE settings.id = ?1 AND connection = ?2",
            )?
            .query_row(params![id, connection.0], |row| {
                Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
            })
            .optional()?;
        let Some((kind, name, fields)) = found else { return Ok(ControlFlow::Continue(())) };
        let fields: Fields = from_json("settings.fields", &fields)?;
        let holding: Vec<(String, Value)> =
            fields.into_iter().filter(|(_, value)| holds(value, text)).collect();
        for scope in rows_with(cache, id, most + 1 - counted)? {
            counted += holding.len();
            if hits.len() >= limit {
                continue;
            }
            let sql = format!("SELECT {COLUMNS} FROM scope WHERE ref = ?1");
            let found = cache.prepare_cached(&sql)?.query_row([scope], columns)?.scope()?;
            let inheritors = cache
                .prepare_cached(
                    "SELECT agree + unread FROM heirs WHERE kind = ?1 AND level = ?2 AND id = ?3",
                )?
                .query_row(
                    params![
                        kind,
                        level_number(found.listed.key.level),
                        id_number(found.listed.key)?
                    ],
                    |row| row.get(0),
                )
                .optional()?
                .unwrap_or_default();
            for (field, value) in holding.iter().take(limit - hits.len()) {
                hits.push(ValueHit {
                    scope: found.clone(),
                    slug: slug(&name)?,
                    field: field.clone(),
                    value: value.clone(),
                    inheritors,
                });
            }
        }
        Ok(if counted <= most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok((Total::of(counted), hits))
}

/// Scopes whose row has these settings of its own: custom, differing from its default, or of a
/// server that does not say.
fn rows_with(cache: &Connection, settings: i64, most: usize) -> Result<Vec<i64>> {
    let mut statement = cache.prepare_cached(
        "SELECT integration.scope FROM integration \
         JOIN scope ON scope.ref = integration.scope \
         WHERE integration.settings = ?1 AND gone_at IS NULL AND pre IS NOT NULL \
           AND NOT (link IS 1 AND agrees IS NOT 1) LIMIT ?2",
    )?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![settings, most], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
