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

use super::{Estate, Fact, Values};

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
            let linked = Linked {
                source: self.source(&fact),
                agrees: self.agreement(store, id, &fact, defaults)?,
            };
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
        let (how, key) = match linked.source {
            Source::Scope { key, .. } => (0, key),
            Source::NotVisible(key) => (1, key),
            Source::NotAsked(key) => (2, key),
        };
        let at = self.numbers.get(&key).copied();
        fact.agrees == linked.agrees
            && fact.noted.is_some_and(|noted| at == Some(noted.1) && noted.0 == how)
    }

    fn agreement(
        &mut self,
        store: &Store,
        id: ConnectionId,
        fact: &Fact,
        defaults: &mut Defaults,
    ) -> Result<Agrees> {
        let Some(origin) = self.origin(fact) else { return Ok(Agrees::Unread) };
        let is_project = self.place(fact.at).is_some_and(|it| it.key.level == Level::Project);
        if fact.values != Values::Read {
            // Flags equal and not older: agreement is established without reading, unless the data
            // lives beside the row or the source itself was only inferred. Groups can be linked
            // without being copied, so theirs proves nothing.
            let established = is_project
                && !origin.inferred
                && !self.is_beside_row(fact)
                && !self.is_doubtful(fact, &origin);
            return Ok(if established { Agrees::Yes } else { Agrees::Unread });
        }
        let own = self.settings(store, id, fact)?;
        let default = match defaults.0.entry((origin.at, origin.kind)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(self.settings(store, id, &origin)?),
        };
        let (Some(own), Some(default)) = (own, default) else {
            return Ok(Agrees::Unread);
        };
        let known = self.slug(fact).and_then(catalog::find);
        let same = agree(known, default, &own) && fact.active == origin.active;
        Ok(if same { Agrees::Yes } else { Agrees::No })
    }

    fn settings(&self, store: &Store, id: ConnectionId, fact: &Fact) -> Result<Option<Settings>> {
        let Some((scope, slug)) = self.key_of(fact) else { return Ok(None) };
        Ok(store.integration(id, scope, &slug)?.and_then(|kept| kept.settings()))
    }
}
