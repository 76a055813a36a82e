//! Everything known of a connection, small enough for a million rows: scopes by number, slugs and
//! flags by number, no values.

mod agreement;
mod foresee;
mod load;
mod rules;

pub(super) use self::agreement::Defaults;
pub(super) use self::rules::{Known, Target};

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroI64;

use heirloom_core::catalog;
use heirloom_core::ids::{Level, ScopeKey, Slug};
use heirloom_core::inheritance::{self, Ancestor};
use heirloom_core::row::{Agrees, Source};
use heirloom_store::cache::census::{Stored, Words};

/// A scope's number within the estate.
type At = u32;

/// No scope.
const NOWHERE: At = At::MAX;

/// GitLab nests 20 deep at most.
pub(super) const DEEPEST: usize = 64;

/// A scope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) key: ScopeKey,
    above: At,
    /// Its list was read at some time, and the last try did not fail: what it doesn't show is off.
    listed: bool,
    /// Its list was read by this run.
    pub(super) fresh: bool,
    /// Part of what is being synced.
    pub(super) inside: bool,
}

/// What is known of a row's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    Unread,
    /// Read, and the row moved since.
    Outdated,
    Read,
}

/// Whether the source that is kept with a row is the scope named, or why it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Noted {
    Nothing,
    Scope,
    NotVisible,
    NotAsked,
}

/// A row. There are a million of them: 32 bytes each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    at: At,
    kind: u32,
    stored: Stored,
    active: bool,
    agrees: Agrees,
    noted: Noted,
    noted_at: At,
    inferred: bool,
    values: Values,
    /// Its values were read by this run.
    read_now: bool,
    /// It was seen by this run, in a list or by name.
    seen_now: bool,
    events: u32,
    /// Milliseconds; none where GitLab does not say.
    updated_at: Option<NonZeroI64>,
}

const _: () = assert!(size_of::<Fact>() == 32, "a million of them: mind the padding");

/// All of it.
pub(super) struct Estate {
    places: Vec<Place>,
    numbers: HashMap<ScopeKey, At>,
    /// By place and kind.
    facts: Vec<Fact>,
    /// Where each place's rows begin.
    begins: Vec<u32>,
    /// Rows that came after loading.
    added: BTreeMap<(At, u32), Fact>,
    words: Words,
    sources: HashMap<(At, u32), Traced>,
    /// Whether the groups on the way have what is handed down, by the same.
    ways: HashMap<(At, u32), Way>,
}

/// What the groups are like between a row and the one it inherits from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// None of them inherits, or all that do have the same settings.
    Straight,
    /// One of them has other settings than it inherits, and may have handed them down.
    Bent,
    /// One of them was not read.
    Unread,
}

/// Where an inherited row's settings come from.
#[derive(Clone, Copy, Debug)]
struct Traced {
    source: Source,
    /// This run saw the source's row, and of everything nearer that it is none.
    fresh: bool,
}

impl Estate {
    fn slug(&self, kind: u32) -> Option<&Slug> {
        self.words.slug(kind)
    }

    fn place(&self, at: At) -> Option<&Place> {
        self.places.get(at as usize)
    }

    fn fact(&self, at: At, kind: u32) -> Option<&Fact> {
        let begin = *self.begins.get(at as usize)? as usize;
        let end = self.begins.get(at as usize + 1).map_or(self.facts.len(), |end| *end as usize);
        let rows = self.facts.get(begin..end)?;
        match rows.binary_search_by_key(&kind, |fact| fact.kind) {
            Ok(found) => rows.get(found),
            Err(_) => self.added.get(&(at, kind)),
        }
    }

    fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter().chain(self.added.values())
    }

    /// Rows there are, for going over them one by one while sources are being found.
    pub(super) fn len(&self) -> usize {
        self.facts.len() + self.added.len()
    }

    fn nth(&self, index: usize) -> Option<Fact> {
        match index.checked_sub(self.facts.len()) {
            None => self.facts.get(index).copied(),
            Some(index) => self.added.values().nth(index).copied(),
        }
    }

    fn key_of(&self, fact: &Fact) -> Option<(ScopeKey, Slug)> {
        Some((self.place(fact.at)?.key, self.slug(fact.kind)?.clone()))
    }

    /// Where an inherited row's settings come from. It depends only on what is above, so it is
    /// found once for all rows of a kind under one group.
    fn trace(&mut self, fact: &Fact) -> Traced {
        let above = self.place(fact.at).map_or(NOWHERE, |place| place.above);
        if let Some(known) = self.sources.get(&(above, fact.kind)) {
            return *known;
        }
        let ancestors = self.ancestors(fact.at, fact.kind);
        let source = inheritance::source(ancestors.iter().copied());
        let traced = Traced { source, fresh: self.is_fresh(source, &ancestors, fact.kind) };
        self.sources.insert((above, fact.kind), traced);
        traced
    }

    fn source(&mut self, fact: &Fact) -> Source {
        self.trace(fact).source
    }

    /// Whether this run saw everything that a source follows from. What an earlier one saw may have
    /// been changed and handed down since.
    fn is_fresh(&self, source: Source, ancestors: &[(ScopeKey, Ancestor)], kind: u32) -> bool {
        let Source::Scope { key: origin, .. } = source else { return false };
        let known = self.slug(kind).and_then(catalog::find);
        let group_level = known.is_none_or(|integration| integration.levels.group);
        let seen = |key: &ScopeKey, by_name: bool| {
            self.numbers.get(key).is_some_and(|at| {
                let row = self.fact(*at, kind).is_some_and(|fact| fact.seen_now);
                row || (!by_name && self.place(*at).is_some_and(|place| place.fresh))
            })
        };
        let nearer = ancestors.iter().take_while(|(key, _)| *key != origin);
        seen(&origin, true) && nearer.into_iter().all(|(key, _)| !group_level || seen(key, false))
    }

    /// The row that an inherited row's settings come from, where it is known.
    fn origin(&mut self, fact: &Fact) -> Option<Fact> {
        match self.source(fact) {
            Source::Scope { key, .. } => {
                let at = *self.numbers.get(&key)?;
                self.fact(at, fact.kind).copied()
            }
            Source::NotVisible(_) | Source::NotAsked(_) => None,
        }
    }

    /// The groups above a scope, nearest first, with what each contributes.
    fn ancestors(&self, at: At, kind: u32) -> Vec<(ScopeKey, Ancestor)> {
        let slug = self.slug(kind);
        let group_level =
            slug.and_then(catalog::find).is_none_or(|integration| integration.levels.group);
        let mut found = Vec::new();
        let mut next = self.place(at).map_or(NOWHERE, |place| place.above);
        while let Some(place) = self.place(next)
            && place.key.level == Level::Group
            && found.len() <= DEEPEST
        {
            let ancestor = match self.fact(next, kind).map(|fact| fact.stored) {
                Some(Stored::Custom) => Ancestor::SetsDefault,
                Some(Stored::Inherited) => Ancestor::Inherits,
                Some(Stored::NotSet) => Ancestor::NotSet,
                Some(Stored::Row) => Ancestor::NotVisible,
                None if !group_level => Ancestor::NotSet,
                None if place.listed => Ancestor::NotAsked,
                None => Ancestor::NotVisible,
            };
            found.push((place.key, ancestor));
            next = place.above;
        }
        found
    }
}
