//! From the store into the estate, and again after readings.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroI64;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_store::cache::census::{self as kept, Of, Words};
use heirloom_store::{Result, Store};
use jiff::Timestamp;

use super::{At, Estate, Fact, NOWHERE, Noted, Place, Values};

impl Estate {
    /// Loads what a sync of `root` looks at: all there is, or the subtree with what is above it.
    /// `since`: when this run began.
    pub(in crate::sync) fn load(
        store: &Store,
        id: ConnectionId,
        root: ScopeKey,
        since: Timestamp,
    ) -> Result<Self> {
        let mut estate = Self {
            places: Vec::new(),
            numbers: HashMap::new(),
            facts: Vec::new(),
            begins: Vec::new(),
            added: BTreeMap::new(),
            words: Words::default(),
            sources: HashMap::new(),
            ways: HashMap::new(),
        };
        let whole = root == ScopeKey::INSTANCE;
        let mut found: Vec<(kept::Place, bool)> = Vec::new();
        if !whole {
            for scope in store.lineage(id, root)? {
                let key = scope.listed.key;
                if key != root {
                    store.visit_places(id, Of::Only(key), |place| found.push((place, false)))?;
                }
            }
        }
        let of = if whole { Of::All } else { Of::Below(root) };
        store.visit_places(id, of, |place| found.push((place, true)))?;
        // What GitLab no longer has is asked nothing, and stands for nothing.
        found.retain(|(place, _)| !place.gone);
        for (place, _) in &found {
            let number = number(estate.numbers.len());
            estate.numbers.insert(place.key, number);
        }
        for (place, inside) in found {
            estate.places.push(Place {
                key: place.key,
                above: place
                    .above
                    .and_then(|above| estate.numbers.get(&above))
                    .copied()
                    .unwrap_or(NOWHERE),
                listed: place.listed_at.is_some() && !place.failed,
                fresh: place.listed_at.is_some_and(|at| at >= since) && !place.failed,
                inside: inside && place.key.level != Level::Instance,
            });
        }
        let mut words = std::mem::take(&mut estate.words);
        let mut facts = Vec::new();
        let mut take = |estate: &Self, fact: kept::Fact| facts.extend(estate.read(&fact, since));
        if !whole {
            let above: Vec<ScopeKey> =
                estate.places.iter().filter(|it| !it.inside).map(|it| it.key).collect();
            for key in above {
                store.visit_facts(id, Of::Only(key), &mut words, |fact| take(&estate, fact))?;
            }
        }
        store.visit_facts(id, of, &mut words, |fact| take(&estate, fact))?;
        facts.sort_unstable_by_key(|fact| (fact.at, fact.kind));
        estate.words = words;
        estate.facts = facts;
        estate.begins = begins(&estate.facts, estate.places.len());
        Ok(estate)
    }

    /// Takes over what was read of these rows.
    pub(in crate::sync) fn refresh(
        &mut self,
        store: &Store,
        id: ConnectionId,
        rows: &[(ScopeKey, Slug)],
        since: Timestamp,
    ) -> Result<()> {
        let mut words = std::mem::take(&mut self.words);
        let mut found = Vec::new();
        let mut last = None;
        for (scope, _) in rows {
            // Rows of one scope usually follow each other.
            if last.replace(*scope) != Some(*scope) {
                store.visit_facts(id, Of::Only(*scope), &mut words, |fact| found.push(fact))?;
            }
        }
        self.words = words;
        for fact in found {
            let Some(fact) = self.read(&fact, since) else { continue };
            match self.position(fact.at, fact.kind) {
                Some(position) => self.facts[position] = fact,
                None => {
                    self.added.insert((fact.at, fact.kind), fact);
                }
            }
        }
        self.forget_sources();
        Ok(())
    }

    /// Rows have changed: what follows from them is found again.
    pub(super) fn forget_sources(&mut self) {
        self.sources.clear();
        self.ways.clear();
    }

    pub(super) fn position(&self, at: At, kind: u32) -> Option<usize> {
        let begin = *self.begins.get(at as usize)? as usize;
        let end = self.begins.get(at as usize + 1).map_or(self.facts.len(), |end| *end as usize);
        let rows = self.facts.get(begin..end)?;
        rows.binary_search_by_key(&kind, |fact| fact.kind).ok().map(|found| begin + found)
    }

    fn read(&self, fact: &kept::Fact, since: Timestamp) -> Option<Fact> {
        let at = *self.numbers.get(&fact.scope)?;
        let noted = match fact.source {
            None => Noted::Nothing,
            Some((0, _)) => Noted::Scope,
            Some((1, _)) => Noted::NotVisible,
            Some(_) => Noted::NotAsked,
        };
        let noted_at = fact.source.and_then(|(_, key)| self.numbers.get(&key));
        Some(Fact {
            at,
            kind: fact.kind,
            stored: fact.stored,
            active: fact.active,
            agrees: fact.agrees,
            noted,
            noted_at: noted_at.copied().unwrap_or(NOWHERE),
            inferred: fact.inferred,
            values: match fact.fields_at {
                None => Values::Unread,
                Some(_) if fact.fields_outdated => Values::Outdated,
                Some(_) => Values::Read,
            },
            read_now: fact.fields_at.is_some_and(|at| at >= since),
            seen_now: fact.flags_at >= since,
            events: fact.events,
            updated_at: fact.updated_at.and_then(|at| NonZeroI64::new(at.as_millisecond())),
        })
    }
}

fn begins(facts: &[Fact], places: usize) -> Vec<u32> {
    let mut begins = Vec::with_capacity(places);
    let mut next = 0;
    for at in 0..number(places) {
        while facts.get(next).is_some_and(|fact| fact.at < at) {
            next += 1;
        }
        begins.push(number(next));
    }
    begins
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
