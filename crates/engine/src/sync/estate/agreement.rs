//! Sources of inherited rows, and whether their values are their source's.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use heirloom_core::catalog;
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Source};
use heirloom_core::settings::{Settings, agree};
use heirloom_store::cache::census::Stored;
use heirloom_store::cache::integrations::Linked;
use heirloom_store::{Result, Store};

use super::{DEEPEST, Estate, Fact, NOWHERE, Noted, Values, Way};

/// Settings of the rows that others inherit from, read once.
#[derive(Default)]
pub(in crate::sync) struct Defaults(HashMap<(u32, u32), Option<Settings>>);

impl Estate {
    /// Source and agreement of inherited rows where they are not yet noted so: at most so many,
    /// from a row's index on, which is moved along.
    pub(in crate::sync) fn links(
        &mut self,
        (store, id): (&Store, ConnectionId),
        defaults: &mut Defaults,
        next: &mut usize,
        most: usize,
    ) -> Result<Vec<(ScopeKey, Slug, Linked)>> {
        let mut found = Vec::new();
        while found.len() < most
            && let Some(fact) = self.nth(*next)
        {
            *next += 1;
            if fact.stored != Stored::Inherited
                || !self.place(fact.at).is_some_and(|place| place.inside)
            {
                continue;
            }
            let source = self.source(&fact);
            let linked = Linked { source, agrees: self.agreement((store, id), &fact, defaults)? };
            // Values read before the row moved are no longer its own, and it agrees again.
            let overtaken = fact.values == Values::Outdated && linked.agrees != Agrees::No;
            if (overtaken || !self.is_noted(&fact, linked))
                && let Some((scope, slug)) = self.key_of(&fact)
            {
                found.push((scope, slug, linked));
            }
        }
        Ok(found)
    }

    fn is_noted(&self, fact: &Fact, linked: Linked) -> bool {
        fact.agrees == linked.agrees && self.is_noted_source(fact, linked.source)
    }

    fn is_noted_source(&self, fact: &Fact, source: Source) -> bool {
        let (noted, key) = match source {
            Source::Scope { key, .. } => (Noted::Scope, key),
            Source::NotVisible(key) => (Noted::NotVisible, key),
            Source::NotAsked(key) => (Noted::NotAsked, key),
        };
        fact.noted == noted && self.numbers.get(&key) == Some(&fact.noted_at)
    }

    /// Agreement is only ever established against a source that this run saw too. Where neither it
    /// nor the row was seen, what was found out before stands, as old as it is.
    fn agreement(
        &mut self,
        (store, id): (&Store, ConnectionId),
        fact: &Fact,
        defaults: &mut Defaults,
    ) -> Result<Agrees> {
        let Some(origin) = self.origin(fact) else { return Ok(Agrees::Unread) };
        let traced = self.trace(fact);
        if !traced.fresh {
            // A row that differed and did not move since still has other values than it was given.
            let unmoved = fact.agrees == Agrees::No && fact.values == Values::Read;
            let stands = (!fact.seen_now || (unmoved && !fact.read_now))
                && self.is_noted_source(fact, traced.source);
            return Ok(if stands { fact.agrees } else { Agrees::Unread });
        }
        let is_project = self.place(fact.at).is_some_and(|it| it.key.level == Level::Project);
        if fact.values != Values::Read {
            // Flags equal and not older: agreement is established without reading, unless the data
            // lives beside the row, the source itself was only inferred, or a group on the way has
            // other settings. Groups can be linked without being copied, so theirs proves nothing.
            let established = is_project
                && !origin.inferred
                && !self.is_beside_row(fact)
                && !self.is_doubtful(fact, &origin)
                && self.way((store, id), fact, &origin, defaults)? == Way::Straight;
            return Ok(if established { Agrees::Yes } else { Agrees::Unread });
        }
        // Values that were read before the source changed do not tell what was handed down since.
        let is_current = if self.is_beside_row(fact) { fact.read_now } else { fact.seen_now };
        Ok(match self.same_settings((store, id), fact, &origin, defaults)? {
            Some(true) => Agrees::Yes,
            Some(false) if is_current || fact.agrees == Agrees::No => Agrees::No,
            Some(false) | None => Agrees::Unread,
        })
    }

    /// What the groups are like between a row and the one it inherits from. A group that inherits
    /// keeps settings of its own when it is linked, and newer servers hand those down (contract,
    /// section 8).
    pub(super) fn way(
        &mut self,
        (store, id): (&Store, ConnectionId),
        fact: &Fact,
        origin: &Fact,
        defaults: &mut Defaults,
    ) -> Result<Way> {
        let above = self.place(fact.at).map_or(NOWHERE, |place| place.above);
        if let Some(known) = self.ways.get(&(above, fact.kind)) {
            return Ok(*known);
        }
        let (mut way, mut next) = (Way::Straight, above);
        for _ in 0..=DEEPEST {
            let Some(place) = self.place(next).filter(|it| it.key.level == Level::Group) else {
                break;
            };
            if next == origin.at || way == Way::Bent {
                break;
            }
            let group = self.fact(next, fact.kind).filter(|it| it.stored == Stored::Inherited);
            if let Some(group) = group.copied() {
                let same = self.same_settings((store, id), &group, origin, defaults)?;
                way = match same {
                    Some(true) => way,
                    Some(false) => Way::Bent,
                    None => Way::Unread,
                };
            }
            next = place.above;
        }
        self.ways.insert((above, fact.kind), way);
        Ok(way)
    }

    /// Whether a row has the settings of the one it inherits from; none where either was not read.
    pub(super) fn same_settings(
        &self,
        (store, id): (&Store, ConnectionId),
        fact: &Fact,
        origin: &Fact,
        defaults: &mut Defaults,
    ) -> Result<Option<bool>> {
        let own = self.settings(store, id, fact)?;
        let default = match defaults.0.entry((origin.at, origin.kind)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(self.settings(store, id, origin)?),
        };
        let (Some(own), Some(default)) = (own, default) else { return Ok(None) };
        let known = self.slug(fact.kind).and_then(catalog::find);
        Ok(Some(agree(known, default, &own) && fact.active == origin.active))
    }

    fn settings(&self, store: &Store, id: ConnectionId, fact: &Fact) -> Result<Option<Settings>> {
        let Some((scope, slug)) = self.key_of(fact) else { return Ok(None) };
        Ok(store.integration(id, scope, &slug)?.and_then(|kept| kept.settings()))
    }
}
