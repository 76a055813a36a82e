//! What changed between two readings of one row. Learning more is no change: a row that was off
//! and proves to be not set, or an inheritor whose values are read for the first time.

use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_core::row::{Agrees, State};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::stored::Stored;
use crate::Result;
use crate::app::history::{Side, What};
use crate::cache::facts::scope_key;
use crate::cache::words::{self, Words};

/// One difference.
pub(crate) struct Difference {
    pub(crate) what: What,
    pub(crate) before: Side,
    pub(crate) after: Side,
    /// Only completes what the same sync has already noted of it.
    pub(crate) amends: bool,
}

/// Compares two readings. `listed`: the scope's list had been read before, so that no row meant
/// *off*.
pub(crate) fn between(
    cache: &Connection,
    words: &mut Words,
    listed: bool,
    was: Option<&Stored>,
    now: Option<&Stored>,
) -> Result<Vec<Difference>> {
    let mut found = Vec::new();
    if was.is_some() || listed {
        found.extend(states(was, now));
    }
    if let (Some(was), Some(now)) = (was, now) {
        found.extend(sources(cache, words.connection(), was, now)?);
        if was.presence == 0
            && now.presence == 0
            && let (Some(before), Some(after)) = (was.events, now.events)
            && before != after
        {
            let (before, after) =
                (words.read_events(cache, before)?, words.read_events(cache, after)?);
            // A flag only one side has is GitLab's news, not a change.
            for (name, flag) in before.iter() {
                if let Some(now) = after.get(name).filter(|now| *now != flag) {
                    found.push(Difference {
                        what: What::Event(name.clone()),
                        before: Side::Flag(*flag),
                        after: Side::Flag(*now),
                        amends: false,
                    });
                }
            }
        }
        if let (Some(before), Some(after)) = (was.settings, now.settings)
            && before != after
        {
            let before = words::read_settings(cache, before)?;
            let mut after = words::read_settings(cache, after)?;
            for (name, value) in before {
                if let Some(now) = after.remove(&name).filter(|now| !now.same_setting(&value)) {
                    found.push(Difference {
                        what: What::Field(name),
                        before: Side::Value(value),
                        after: Side::Value(now),
                        amends: false,
                    });
                }
            }
        }
    }
    Ok(found)
}

fn states(was: Option<&Stored>, now: Option<&Stored>) -> Option<Difference> {
    let before = was.map_or(State::Off, Stored::state);
    let after = now.map_or(State::Off, Stored::state);
    if before == after || (before == State::Off && matches!(after, State::NotSet | State::Disabled))
    {
        return None;
    }
    // A server that tells of a row's link from an update on, or no more, contradicts nothing.
    if (before == State::Unknown || after == State::Unknown)
        && was.is_some_and(Stored::is_on) == now.is_some_and(Stored::is_on)
    {
        return None;
    }
    let linked = |state| matches!(state, State::Inherited | State::InheritedDiffers);
    let unread = |row: Option<&Stored>| row.is_some_and(|row| row.agrees() == Agrees::Unread);
    let side = |state| match state {
        State::Unknown => Side::NotKnown,
        known => Side::State(known),
    };
    Some(Difference {
        what: What::State,
        before: side(before),
        after: side(after),
        // Whether it agreed was not known on one side.
        amends: linked(before) && linked(after) && (unread(was) || unread(now)),
    })
}

fn sources(
    cache: &Connection,
    connection: ConnectionId,
    was: &Stored,
    now: &Stored,
) -> Result<Option<Difference>> {
    let (Some(before), Some(after)) = (was.heir_of(), now.heir_of()) else { return Ok(None) };
    if before == after {
        return Ok(None);
    }
    let side = |(level, id): (i64, i64)| {
        let scope: ScopeKey = scope_key(level, id)?;
        Ok::<_, crate::Error>(Side::Source { scope, path: path(cache, connection, level, id)? })
    };
    Ok(Some(Difference {
        what: What::Source,
        before: side(before)?,
        after: side(after)?,
        amends: false,
    }))
}

fn path(cache: &Connection, connection: ConnectionId, level: i64, id: i64) -> Result<String> {
    let sql = "SELECT path FROM scope WHERE connection = ?1 AND level = ?2 AND id = ?3";
    Ok(cache
        .prepare_cached(sql)?
        .query_row(params![connection.0, level, id], |row| row.get(0))
        .optional()?
        .unwrap_or_default())
}
