//! The scopes whose rows have a value of their own.

use heirloom_core::ids::{ConnectionId, Slug};
use heirloom_core::value::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::select::Question;
use crate::Result;
use crate::cache::facts::from_json;
use crate::cache::marked::Marked;
use crate::cache::search::{self, sought};
use crate::cache::words::{self, Fields};

/// The scopes that have a value of their own, if one is asked for.
pub(super) fn with_value(
    cache: &Connection,
    connection: ConnectionId,
    question: &Question,
) -> Result<Option<Marked>> {
    let text = sought(&question.filter.value);
    let kinds: Vec<u32> = if question.filter.slugs.is_empty() {
        words::slugs(cache, connection)?.into_keys().collect()
    } else {
        let known = |slug: &Slug| words::kind_of(cache, connection, slug).transpose();
        question.filter.slugs.iter().filter_map(known).collect::<Result<_>>()?
    };
    let settings = if let Some((field, value)) = &question.exact {
        with_field(cache, &kinds, field, value)?
    } else if !text.is_empty() {
        search::holding(cache, connection, &text)?
    } else {
        return Ok(None);
    };
    rows_with(cache, &settings, &kinds).map(Some)
}

/// So many settings or scopes are looked for one by one; for more, reading all of them from end to
/// end is faster.
pub(super) const FEW: usize = 5_000;

/// The scopes whose rows have one of these settings of their own.
fn rows_with(cache: &Connection, settings: &Marked, kinds: &[u32]) -> Result<Marked> {
    let mut found = Marked::default();
    let mut take = |row: &Row<'_>| -> Result<()> {
        if kinds.contains(&row.get(1)?) {
            found.insert(row.get(0)?);
        }
        Ok(())
    };
    let index = "SELECT scope, kind, settings FROM integration INDEXED BY integration_by_settings";
    if settings.len() <= FEW {
        let mut statement =
            cache.prepare_cached(&format!("{index} WHERE settings = ?1 AND {OWN}"))?;
        for id in settings.iter() {
            let mut rows = statement.query([id])?;
            while let Some(row) = rows.next()? {
                take(row)?;
            }
        }
        return Ok(found);
    }
    let mut statement =
        cache.prepare_cached(&format!("{index} WHERE settings IS NOT NULL AND {OWN}"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if settings.has(row.get(2)?) {
            take(row)?;
        }
    }
    Ok(found)
}

/// The values are the row's own: it does not just inherit them.
const OWN: &str = "NOT (link IS 1 AND agrees IS NOT 1)";

fn with_field(cache: &Connection, kinds: &[u32], field: &str, value: &Value) -> Result<Marked> {
    let marks = vec!["?"; kinds.len()].join(", ");
    let sql = format!("SELECT id, fields FROM settings WHERE kind IN ({marks})");
    let mut statement = cache.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(kinds))?;
    let mut found = Marked::default();
    while let Some(row) = rows.next()? {
        let fields: Fields =
            from_json("settings.fields", row.get_ref(1)?.as_str().unwrap_or_default())?;
        if fields.get(field).unwrap_or(&Value::Unset).same_setting(value) {
            found.insert(row.get(0)?);
        }
    }
    Ok(found)
}
