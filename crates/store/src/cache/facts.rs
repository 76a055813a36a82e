//! How our types look in SQLite's columns, and back.

use std::collections::BTreeMap;

use heirloom_core::ids::{GitlabId, Level, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Basis, Source, State};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// Milliseconds since 1970. A time out of range can only come from a damaged file, and reads as
/// 1970: old, and so read again.
pub(crate) fn time(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(crate) const fn level_number(level: Level) -> i64 {
    match level {
        Level::Instance => 0,
        Level::Group => 1,
        Level::Project => 2,
    }
}

pub(crate) fn scope_key(level: i64, id: i64) -> Result<ScopeKey> {
    let level = match level {
        0 => Level::Instance,
        1 => Level::Group,
        2 => Level::Project,
        other => return Err(content("a level", other)),
    };
    let id = u64::try_from(id).map_err(|_| content("an id", id))?;
    Ok(ScopeKey { level, id: GitlabId(id) })
}

/// GitLab's ids are far below 2^63; one that is not is refused, not wrapped.
pub(crate) fn id_number(key: ScopeKey) -> Result<i64> {
    i64::try_from(key.id.0).map_err(|_| content("an id", key.id.0))
}

pub(crate) fn slug(text: &str) -> Result<Slug> {
    Slug::new(text).map_err(|error| content("a slug", error))
}

/// A state's number in the store.
pub(crate) fn state_number(state: State) -> i64 {
    State::ALL.iter().position(|known| *known == state).map_or(7, |index| index as i64)
}

pub(crate) fn state(number: i64) -> State {
    usize::try_from(number)
        .ok()
        .and_then(|index| State::ALL.get(index).copied())
        .unwrap_or(State::Unknown)
}

pub(crate) const fn agrees_number(agrees: Agrees) -> i64 {
    match agrees {
        Agrees::Yes => 0,
        Agrees::No => 1,
        Agrees::Unread => 2,
    }
}

pub(crate) const fn agrees(number: i64) -> Agrees {
    match number {
        0 => Agrees::Yes,
        1 => Agrees::No,
        _ => Agrees::Unread,
    }
}

pub(crate) const fn basis_number(basis: Basis) -> i64 {
    match basis {
        Basis::Read => 0,
        Basis::Inferred => 1,
    }
}

pub(crate) const fn basis(number: i64) -> Basis {
    match number {
        0 => Basis::Read,
        _ => Basis::Inferred,
    }
}

/// A source in its four columns: kind, level, id, basis.
pub(crate) fn source_columns(source: Source) -> Result<(i64, i64, i64, i64)> {
    let (kind, key, basis) = match source {
        Source::Scope { key, basis } => (0, key, basis_number(basis)),
        Source::NotVisible(key) => (1, key, 1),
        Source::NotAsked(key) => (2, key, 1),
    };
    Ok((kind, level_number(key.level), id_number(key)?, basis))
}

pub(crate) fn source(kind: i64, level: i64, id: i64, how: i64) -> Result<Source> {
    let key = scope_key(level, id)?;
    Ok(match kind {
        0 => Source::Scope { key, basis: basis(how) },
        1 => Source::NotVisible(key),
        _ => Source::NotAsked(key),
    })
}

pub(crate) fn to_json<T: Serialize>(what: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Content { what, why: error.to_string() })
}

pub(crate) fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Content { what, why: error.to_string() })
}

/// Event flags.
pub type Events = BTreeMap<String, bool>;

fn content(what: &'static str, why: impl std::fmt::Display) -> Error {
    Error::Content { what, why: why.to_string() }
}
