//! Values that hold a text, each once, with how many scopes have it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::ControlFlow;

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::row::State;
use heirloom_core::value::Value;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Total, dictionary, holds, sought};
use crate::cache::estate::select::{any_gone, interval};
use crate::cache::facts::{from_json, slug, state_number};
use crate::cache::scopes::{COLUMNS, Columns, Scope, columns};
use crate::cache::words::Fields;
use crate::{Result, Store};

/// Different settings that are looked at: what is typed is answered at once.
const LOOKED_AT: usize = 1_500;

/// A value that holds the text, of one field of one kind, with who has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedValue {
    /// Which integration.
    pub slug: Slug,
    /// Which field.
    pub field: String,
    /// The value.
    pub value: Value,
    /// Scopes that have it in settings of their own, switched off ones included.
    pub scopes: u32,
    /// Those of them that [`Store::clusters`] has among its custom settings.
    pub custom: u32,
    /// One of them.
    pub example: Scope,
}

/// Values that hold a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedValues {
    /// Those that most scopes have, first.
    pub values: Vec<SharedValue>,
    /// All of them. There being more also means that each may have more scopes than it says.
    pub total: Total,
}

#[derive(Default)]
struct Sum {
    scopes: u32,
    custom: u32,
    /// Number of settings that hold it.
    settings: i64,
}

impl Store {
    /// Values that hold a text, by kind and field: those that most scopes have, so many at most.
    /// Texts shorter than three characters are found where values begin with them. Rows that
    /// inherit a value without differing don't count.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn find_shared_values(
        &self,
        connection: ConnectionId,
        text: &str,
        limit: u32,
    ) -> Result<SharedValues> {
        let text = sought(text);
        if text.is_empty() {
            return Ok(SharedValues::default());
        }
        self.read_at_once(|cache| {
            let (sums, more) = sums(cache, connection, &text)?;
            let total = Total { n: u32::try_from(sums.len()).unwrap_or(u32::MAX), more };
            let mut ranked: Vec<_> = sums.into_iter().collect();
            ranked.sort_by_cached_key(|((slug, field, value), sum)| {
                (Reverse(sum.scopes), slug.clone(), field.clone(), value.label().into_owned())
            });
            let most = usize::try_from(limit).unwrap_or(usize::MAX);
            let mut values = Vec::new();
            for ((slug, field, value), sum) in ranked.into_iter().take(most) {
                // Only somewhere that the tree does not reach: there is nowhere to go.
                let Some(example) = example(cache, sum.settings)? else { continue };
                let (scopes, custom) = (sum.scopes, sum.custom);
                values.push(SharedValue { slug, field, value, scopes, custom, example });
            }
            Ok(SharedValues { values, total })
        })
    }
}

type Key = (Slug, String, Value);

fn sums(
    cache: &Connection,
    connection: ConnectionId,
    text: &str,
) -> Result<(HashMap<Key, Sum>, bool)> {
    let gone = match interval(cache, connection, ScopeKey::INSTANCE)? {
        Some((first, last)) => any_gone(cache, connection, first, last)?,
        None => return Ok((HashMap::new(), false)),
    };
    let instance: i64 = cache
        .prepare_cached("SELECT ref FROM scope WHERE connection = ?1 AND level = 0 AND id = 0")?
        .query_row([connection.0], |row| row.get(0))?;
    // Without scopes that are gone, the index alone can tell.
    let mut count = cache.prepare_cached(if gone {
        "SELECT count(*), coalesce(sum(state = ?2 AND scope.ref <> ?3), 0) FROM integration \
           JOIN scope ON scope.ref = integration.scope \
         WHERE settings = ?1 AND NOT (link IS 1 AND agrees IS NOT 1) \
           AND gone_at IS NULL AND pre IS NOT NULL"
    } else {
        "SELECT count(*), coalesce(sum(state = ?2 AND scope <> ?3), 0) FROM integration \
         WHERE settings = ?1 AND NOT (link IS 1 AND agrees IS NOT 1)"
    })?;
    let custom = state_number(State::Custom);
    let mut sums: HashMap<Key, Sum> = HashMap::new();
    let (mut looked_at, mut more) = (0, false);
    dictionary::visit(cache, connection, text, |settings| {
        let found = cache
            .prepare_cached(
                "SELECT slug, fields FROM settings JOIN kind ON kind.id = kind \
                 WHERE settings.id = ?1 AND connection = ?2",
            )?
            .query_row(params![settings, connection.0], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })
            .optional()?;
        let Some((name, fields)) = found else { return Ok(ControlFlow::Continue(())) };
        more = looked_at == LOOKED_AT;
        if more {
            return Ok(ControlFlow::Break(()));
        }
        looked_at += 1;
        let (scopes, custom): (u32, u32) = count
            .query_row(params![settings, custom, instance], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if scopes == 0 {
            return Ok(ControlFlow::Continue(()));
        }
        let slug = slug(&name)?;
        let fields: Fields = from_json("settings.fields", &fields)?;
        for (field, value) in fields.into_iter().filter(|(_, value)| holds(value, text)) {
            let sum = sums.entry((slug.clone(), field, value)).or_default();
            sum.scopes += scopes;
            sum.custom += custom;
            sum.settings = settings;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((sums, more))
}

fn example(cache: &Connection, settings: i64) -> Result<Option<Scope>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM scope WHERE ref = (SELECT integration.scope FROM integration \
           JOIN scope AS of ON of.ref = integration.scope WHERE settings = ?1 \
             AND NOT (link IS 1 AND agrees IS NOT 1) AND of.gone_at IS NULL \
             AND of.pre IS NOT NULL LIMIT 1)"
    );
    let found = cache.prepare_cached(&sql)?.query_row([settings], columns).optional()?;
    found.map(Columns::scope).transpose()
}
