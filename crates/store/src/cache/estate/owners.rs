//! The scopes that set a default for one kind.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::row::State;
use rusqlite::Connection;

use crate::cache::cells;
use crate::cache::facts::{id_number, level_number, scope_key};
use crate::cache::heirs::{self, Heirs};
use crate::cache::integrations::{Kept, kept_at};
use crate::cache::scopes::{Scope, by_number};
use crate::cache::tally;
use crate::cache::words;
use crate::{Result, Store};

/// A scope that sets a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The scope.
    pub scope: Scope,
    /// The nearest scope above that sets one, too.
    pub above: Option<ScopeKey>,
    /// Its row. None: rows inherit from the instance, and its default could not be inferred.
    pub kept: Option<Kept>,
    /// The rows that inherit from it.
    pub heirs: Heirs,
    /// Groups and projects with custom settings that would inherit from it: below it, and below no
    /// nearer one. Those that set a default themselves count at the one above.
    pub custom: u32,
}

struct Place {
    number: i64,
    key: ScopeKey,
    last: i64,
    state: State,
}

impl Store {
    /// The instance and groups that set a default for a kind, in tree order.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn owners(&self, connection: ConnectionId, slug: &Slug) -> Result<Vec<Owner>> {
        self.read_at_once(|cache| {
            let Some(kind) = words::kind_of(cache, connection, slug)? else {
                return Ok(Vec::new());
            };
            let heirs = heirs::of_kind(cache, kind)?;
            let at = |key: ScopeKey| -> Result<Heirs> {
                let found = heirs.get(&(level_number(key.level), id_number(key)?));
                Ok(found.copied().unwrap_or_default())
            };
            let mut owners: Vec<Owner> = Vec::new();
            let mut open: Vec<(usize, i64)> = Vec::new();
            for (pre, place) in places(cache, connection, kind, at(ScopeKey::INSTANCE)?)? {
                while open.last().is_some_and(|(_, last)| *last < pre) {
                    open.pop();
                }
                let below: i64 = tally::of(cache, place.number)?
                    .iter()
                    .filter(|(it, _)| it.kind == kind && it.state == State::Custom)
                    .map(|(_, n)| n)
                    .sum();
                let own = place.state == State::Custom && place.key != ScopeKey::INSTANCE;
                let below = u32::try_from(below - i64::from(own)).unwrap_or_default();
                let above = open.last().and_then(|(index, _)| owners.get_mut(*index));
                let above = above.map(|above| {
                    above.custom = above.custom.saturating_sub(below);
                    above.scope.listed.key
                });
                open.push((owners.len(), place.last));
                owners.push(Owner {
                    scope: by_number(cache, place.number)?,
                    above,
                    kept: kept_at(cache, place.number, slug)?,
                    heirs: at(place.key)?,
                    custom: below,
                });
            }
            Ok(owners)
        })
    }
}

/// Where defaults are set, by position in the tree.
fn places(
    cache: &Connection,
    connection: ConnectionId,
    kind: u32,
    of_instance: Heirs,
) -> Result<Vec<(i64, Place)>> {
    let mut statement = cache.prepare_cached(
        "SELECT ref, level, id, pre, last, cells FROM scope WHERE connection = ?1 \
           AND level <= 1 AND gone_at IS NULL AND pre IS NOT NULL",
    )?;
    let mut rows = statement.query([connection.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let packed = row.get_ref(5)?.as_blob_or_null().unwrap_or_default().unwrap_or_default();
        let own = cells::unpack(packed).find(|cell| cell.kind == kind && cell.custom == Some(true));
        let level: i64 = row.get(1)?;
        let state = match own {
            Some(cell) => cell.state,
            None if level == 0 && of_instance.all() > 0 => State::Unknown,
            None => continue,
        };
        let key = scope_key(level, row.get(2)?)?;
        let place = Place { number: row.get(0)?, key, last: row.get(4)?, state };
        found.push((row.get(3)?, place));
    }
    found.sort_by_key(|(pre, _)| *pre);
    Ok(found)
}
