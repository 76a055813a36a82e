//! Which rows need a reading (design.md, *Sync*).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use heirloom_core::catalog;
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::inheritance;
use heirloom_core::row::Source;
use heirloom_core::settings::flags_agree;
use heirloom_store::cache::census::Stored;
use heirloom_store::{Result, Store};

use super::{Defaults, Estate, Fact, Values, Way};

/// A row, by scope and slug.
pub(in crate::sync) type Target = (ScopeKey, Slug);

/// What decides whether a row is read by name.
pub(in crate::sync) struct Known {
    pub(in crate::sync) stored: Stored,
    pub(in crate::sync) active: bool,
    pub(in crate::sync) is_group: bool,
    /// Its values were never read, or it moved since.
    pub(in crate::sync) stale: bool,
    /// This run read its values.
    pub(in crate::sync) read_now: bool,
    /// This run saw it, in a list or by name.
    pub(in crate::sync) seen_now: bool,
    pub(in crate::sync) is_beside_row: bool,
}

impl Known {
    /// Whether the row's own settings must be read.
    pub(in crate::sync) fn wants_reading(&self, full: bool) -> bool {
        let is_off = self.stored == Stored::NotSet || !self.active;
        if full && is_off && !self.seen_now {
            return true;
        }
        let again = !self.read_now;
        match self.stored {
            Stored::Custom => self.stale || (again && (full || self.is_beside_row)),
            Stored::Inherited => (self.is_group && self.stale) || (again && full),
            Stored::NotSet => false,
            // The server does not tell links: settings are all there is.
            Stored::Row => self.stale,
        }
    }
}

impl Estate {
    /// Rows whose own settings must be read: custom ones, and inherited ones of groups (a group
    /// can be linked without its values being copied), when new or moved. Where the data lives
    /// beside the row its time proves nothing, so custom rows are read each time. With `full` all
    /// of them, and what is known to be off or not set is asked again.
    pub(in crate::sync) fn own_settings(&self, full: bool) -> Vec<Target> {
        let mut found: Vec<Target> = self
            .facts()
            .filter(|fact| self.place(fact.at).is_some_and(|place| place.fresh))
            .filter(|fact| self.wants_reading(fact, full))
            .filter_map(|fact| self.key_of(fact))
            .collect();
        found.sort_unstable();
        found
    }

    pub(super) fn wants_reading(&self, fact: &Fact, full: bool) -> bool {
        Known {
            stored: fact.stored,
            active: fact.active,
            is_group: self.place(fact.at).is_some_and(|place| place.key.level == Level::Group),
            stale: fact.values != Values::Read,
            read_now: fact.read_now,
            seen_now: fact.seen_now,
            is_beside_row: self.is_beside_row(fact),
        }
        .wants_reading(full)
    }

    /// Groups on inheriting chains that show no active row, once per kind; and again those whose
    /// row is known to be off and what others inherit from, since no list tells of it.
    pub(in crate::sync) fn questions(&self) -> Vec<Target> {
        // All rows of a kind under one group ask the same.
        let mut chains = HashMap::new();
        for fact in self.facts().filter(|fact| fact.stored == Stored::Inherited) {
            if let Some(place) = self.place(fact.at).filter(|place| place.inside) {
                chains.insert((place.above, fact.kind), fact.at);
            }
        }
        let mut found = BTreeSet::new();
        for ((_, kind), at) in chains {
            let Some(slug) = self.words.slug(kind) else { continue };
            let ancestors = self.ancestors(at, kind);
            for group in inheritance::questions(ancestors.iter().copied()) {
                found.insert((group, slug.clone()));
            }
            if let Source::Scope { key, .. } = inheritance::source(ancestors)
                && let Some(origin) = self.numbers.get(&key).and_then(|at| self.fact(*at, kind))
                && !origin.inferred
                && !origin.active
                && !origin.seen_now
            {
                found.insert((key, slug.clone()));
            }
        }
        found.into_iter().collect()
    }

    /// For each kind, the row that stands for the instance default, which cannot be read itself:
    /// the one whose flags most others share.
    pub(in crate::sync) fn witnesses(&mut self) -> Vec<Fact> {
        let mut votes: HashMap<(u32, u32), u32> = HashMap::new();
        for index in 0..self.len() {
            if let Some(fact) = self.instances_heir(index) {
                *votes.entry((fact.kind, fact.events)).or_default() += 1;
            }
        }
        // Projects are given copies; groups may be linked without one. The smallest key keeps the
        // choice stable.
        let rank = |estate: &Self, fact: &Fact| {
            let key = estate.place(fact.at).map(|place| place.key);
            let copied = key.is_some_and(|key| key.level == Level::Project);
            let shared = votes.get(&(fact.kind, fact.events)).copied().unwrap_or_default();
            (copied, shared, std::cmp::Reverse(key))
        };
        let mut best: BTreeMap<u32, Fact> = BTreeMap::new();
        for index in 0..self.len() {
            let Some(fact) = self.instances_heir(index) else { continue };
            match best.get(&fact.kind) {
                Some(known) if rank(self, known) >= rank(self, &fact) => {}
                _ => {
                    best.insert(fact.kind, fact);
                }
            }
        }
        best.into_values().collect()
    }

    /// This row, if it is on and inherits from the instance.
    fn instances_heir(&mut self, index: usize) -> Option<Fact> {
        let fact = self.nth(index).filter(|it| it.stored == Stored::Inherited && it.active)?;
        let source = self.source(&fact);
        matches!(source, Source::Scope { key: ScopeKey::INSTANCE, .. }).then_some(fact)
    }

    /// Those of these rows whose settings are not known as they are now. `again`: read those once
    /// more whose time proves nothing.
    pub(in crate::sync) fn unread(
        &self,
        facts: &[Fact],
        (full, again): (bool, bool),
    ) -> Vec<Target> {
        facts
            .iter()
            .filter(|fact| {
                let is_doubted = full || (again && self.is_beside_row(fact));
                fact.values != Values::Read || (is_doubted && !fact.read_now)
            })
            .filter_map(|fact| self.key_of(fact))
            .collect()
    }

    /// These rows by scope and slug.
    pub(in crate::sync) fn targets(&self, facts: &[Fact]) -> Vec<Target> {
        facts.iter().filter_map(|fact| self.key_of(fact)).collect()
    }

    /// Inheriting project rows whose flags differ from their source's, that are older than it, or
    /// below a group that inherits and has other settings; and whose settings were not read as they
    /// are now. With `full` also those that nothing but reading can tell to have their source's
    /// settings.
    pub(in crate::sync) fn doubtful(
        &mut self,
        (store, id): (&Store, ConnectionId),
        defaults: &mut Defaults,
        full: bool,
    ) -> Result<Vec<Target>> {
        let mut found = Vec::new();
        for index in 0..self.len() {
            let Some(fact) = self.nth(index) else { continue };
            let is_candidate = fact.stored == Stored::Inherited
                && fact.values != Values::Read
                && self
                    .place(fact.at)
                    .is_some_and(|place| place.inside && place.key.level == Level::Project);
            if !is_candidate {
                continue;
            }
            let Some(origin) = self.origin(&fact) else { continue };
            let proves_nothing = origin.inferred || self.is_beside_row(&fact);
            if (full && proves_nothing)
                || self.is_doubtful(&fact, &origin)
                || (self.trace(&fact).fresh
                    && self.way((store, id), &fact, &origin, defaults)? == Way::Bent)
            {
                found.extend(self.key_of(&fact));
            }
        }
        Ok(found)
    }

    /// Inheriting rows whose data lives beside the row, that were read before and do not have what
    /// their source has now: only reading them tells whether it was handed down.
    pub(in crate::sync) fn overtaken(
        &mut self,
        (store, id): (&Store, ConnectionId),
        defaults: &mut Defaults,
    ) -> Result<Vec<Target>> {
        let mut found = Vec::new();
        for index in 0..self.len() {
            let Some(fact) = self.nth(index) else { continue };
            let is_candidate = fact.stored == Stored::Inherited
                && fact.values == Values::Read
                && !fact.read_now
                && self.is_beside_row(&fact)
                && self.place(fact.at).is_some_and(|place| place.inside && place.fresh);
            if is_candidate
                && self.trace(&fact).fresh
                && let Some(origin) = self.origin(&fact)
                && self.same_settings((store, id), &fact, &origin, defaults)? == Some(false)
            {
                found.extend(self.key_of(&fact));
            }
        }
        Ok(found)
    }

    /// A row that may not have its source's values: other flags, or older than the source.
    pub(super) fn is_doubtful(&self, fact: &Fact, origin: &Fact) -> bool {
        let older = match (fact.updated_at, origin.updated_at) {
            (Some(own), Some(theirs)) => !origin.inferred && own < theirs,
            _ => false,
        };
        older || fact.active != origin.active || !self.same_flags(fact, origin)
    }

    fn same_flags(&self, fact: &Fact, origin: &Fact) -> bool {
        if fact.events == origin.events {
            return true;
        }
        let known = self.slug(fact.kind).and_then(catalog::find);
        match (self.words.events(fact.events), self.words.events(origin.events)) {
            (Some(own), Some(theirs)) => flags_agree(known, own, theirs),
            _ => false,
        }
    }

    pub(super) fn is_beside_row(&self, fact: &Fact) -> bool {
        let known = self.slug(fact.kind).and_then(catalog::find);
        known.is_some_and(|integration| integration.data_beside_row)
    }
}
