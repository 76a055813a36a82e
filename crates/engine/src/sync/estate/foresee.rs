//! The readings that a sync will make, found out by going through one in which every list says what
//! the last one said.

use std::collections::BTreeSet;

use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_store::cache::census::Stored;
use heirloom_store::{Result, Store};

use super::{Defaults, Estate, Target, Values};

impl Estate {
    /// How many rows will be read by name, where these scopes are listed.
    pub(in crate::sync) fn foresee(
        &mut self,
        (store, id): (&Store, ConnectionId),
        listed: &BTreeSet<ScopeKey>,
        (full, whole): (bool, bool),
    ) -> Result<usize> {
        let mut at_list = Vec::new();
        for place in &mut self.places {
            if listed.contains(&place.key) {
                place.fresh = true;
                place.listed = true;
            }
        }
        for index in 0..self.facts.len() {
            let Some(mut fact) = self.facts.get(index).copied() else { continue };
            if !self.place(fact.at).is_some_and(|place| listed.contains(&place.key)) {
                continue;
            }
            fact.seen_now |= fact.active && fact.stored != Stored::NotSet;
            if self.wants_reading(&fact, full) {
                at_list.extend(self.key_of(&fact));
            }
            if let Some(kept) = self.facts.get_mut(index) {
                *kept = fact;
            }
        }
        let mut count = self.will_read(&at_list);
        let mut rows = self.own_settings(full);
        rows.extend(self.questions());
        count += self.will_read(&rows);
        let witnesses = self.witnesses();
        let missing = self.unread(&witnesses, (full, whole));
        count += self.will_read(&missing);
        if whole {
            self.infer(&witnesses.iter().map(|fact| fact.kind).collect());
        }
        let mut defaults = Defaults::default();
        let mut doubtful = self.doubtful((store, id), &mut defaults, full)?;
        doubtful.extend(self.overtaken((store, id), &mut defaults)?);
        Ok(count + self.will_read(&doubtful))
    }

    /// As if these rows were read, and had not moved.
    fn will_read(&mut self, rows: &[Target]) -> usize {
        for (scope, slug) in rows {
            let kind = self.words.kind(slug);
            let found = self.numbers.get(scope).copied().zip(kind);
            let position = found.and_then(|(at, kind)| self.position(at, kind));
            if let Some(fact) = position.and_then(|position| self.facts.get_mut(position)) {
                fact.values = Values::Read;
                fact.read_now = true;
                fact.seen_now = true;
            }
        }
        self.forget_sources();
        rows.len()
    }

    /// As if the instance defaults of these kinds were inferred anew.
    fn infer(&mut self, kinds: &BTreeSet<u32>) {
        let Some(instance) = self.numbers.get(&ScopeKey::INSTANCE).copied() else { return };
        for fact in self.facts.iter_mut().filter(|fact| fact.at == instance) {
            fact.seen_now |= kinds.contains(&fact.kind);
        }
        self.forget_sources();
    }
}
