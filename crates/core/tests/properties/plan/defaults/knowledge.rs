//! What the local copy knows of an estate: what lists and readings told, and no more.

use std::collections::BTreeSet;

use heirloom_core::ids::{Level, ScopeKey};
use heirloom_core::inheritance::{Ancestor, source};
use heirloom_core::plan::Snapshot;
use heirloom_core::row::{Agrees, Known, Link, NotRead, Row, Source, Unavailable};

use super::Dice;
use crate::plan::estate::{Estate, PARENTS, groups_above, place, scope};

/// What is known of every scope. Those `asked` were read by name just before.
pub fn knowledge(
    estate: &Estate,
    server: (u32, u32),
    asked: &BTreeSet<usize>,
    dice: &mut Dice,
) -> Vec<Known> {
    let mut known = vec![Known::Unknown(NotRead::NotYet)];
    for at in 1..PARENTS.len() {
        known.push(of(estate, server, at, asked.contains(&at), &known, dice));
    }
    known
}

fn of(
    estate: &Estate,
    server: (u32, u32),
    at: usize,
    asked: bool,
    above: &[Known],
    dice: &mut Dice,
) -> Known {
    let level = scope(at).level;
    if !estate.kind.levels.contains(level) {
        return Known::Unavailable(Unavailable::Level);
    }
    if level == Level::Group && server < (17, 9) {
        return Known::Unknown(NotRead::Version);
    }
    // Of an archived group GitLab tells nobody anything (contract, section 1).
    if level == Level::Group && estate.is_archived(at) || !asked && dice.one_in(20) {
        return Known::Unknown(NotRead::NoPermission);
    }
    let row = estate.rows[at].as_ref();
    let by_name = asked || dice.one_in(2);
    match row {
        // A list shows what is on.
        Some(row) if row.active || by_name => {
            let link =
                if row.inherits { inherited(estate, at, asked, above, dice) } else { Link::Custom };
            Known::Row(Row { link, active: row.active })
        }
        None if by_name => Known::NotSet,
        Some(_) | None => Known::Off,
    }
}

fn inherited(estate: &Estate, at: usize, asked: bool, above: &[Known], dice: &mut Dice) -> Link {
    let source = source_for(at, above);
    let agrees = match source {
        Source::Scope { key, .. } if asked || !dice.one_in(8) => {
            if has_that_of(estate, at, place(key)) { Agrees::Yes } else { Agrees::No }
        }
        Source::Scope { .. } | Source::NotVisible(_) | Source::NotAsked(_) => Agrees::Unread,
    };
    Link::Inherited { source, agrees }
}

fn source_for(at: usize, known: &[Known]) -> Source {
    source(groups_above(at).map(|group| (scope(group), Ancestor::of(&known[group]))))
}

/// Whether a scope's row is as that of another, whoever owns it.
pub fn has_that_of(estate: &Estate, at: usize, other: usize) -> bool {
    let linked = |at: usize| match estate.read(at) {
        Snapshot::Stored { active, settings, .. } => {
            Snapshot::Stored { inherited: true, active, settings }
        }
        Snapshot::Nothing => Snapshot::Nothing,
    };
    linked(at).same(estate.kind, &linked(other))
}

/// The scope whose default a scope would be given, as far as is known; groups that were not asked
/// are looked past.
pub fn default_for(
    at: usize,
    known: &[Known],
    planned: impl Fn(usize) -> Option<bool>,
) -> Option<ScopeKey> {
    let ancestor = |group: usize| match planned(group) {
        Some(true) => Ancestor::Inherits,
        Some(false) => Ancestor::SetsDefault,
        None => match Ancestor::of(&known[group]) {
            Ancestor::NotAsked => Ancestor::NotSet,
            other => other,
        },
    };
    match source(groups_above(at).map(|group| (scope(group), ancestor(group)))) {
        Source::Scope { key, .. } => Some(key),
        Source::NotVisible(_) | Source::NotAsked(_) => None,
    }
}
