//! Who else a change of a default touches.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::row::{Known, Link, Row, Source};
use heirloom_store::Store;
use heirloom_store::cache::scopes::Scope;

use crate::Result;

/// Names listed per group of scopes.
const NAMED: usize = 50;

/// Who else a plan touches.
#[derive(Clone, Debug, Default)]
pub struct Blast {
    /// They inherit from here, or will, and change.
    pub change: BlastGroup,
    /// They have custom settings, and keep them.
    pub keep: BlastGroup,
    /// Looked up: nothing stored. They will be switched on.
    pub switch_on: BlastGroup,
    /// Not looked up. They may be switched on.
    pub maybe: BlastGroup,
    /// They cannot be seen.
    pub unseen: BlastGroup,
}

/// Some scopes, counted.
#[derive(Clone, Debug, Default)]
pub struct BlastGroup {
    /// How many.
    pub count: u32,
    /// The first of them.
    pub first: Vec<Scope>,
}

impl BlastGroup {
    fn add(&mut self, scope: Scope) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(scope);
        }
    }
}

impl Blast {
    /// Counts what is below a scope whose custom settings are saved: they become, or stay, the
    /// default of everything that inherits below it (contract, section 8). Scopes below a nearer
    /// default are out of reach.
    pub(super) fn below(
        store: &Store,
        id: ConnectionId,
        lineage: &[Scope],
        slug: &Slug,
    ) -> Result<Self> {
        let mut blast = Self::default();
        let Some(root) = lineage.last().map(|scope| scope.listed.key) else { return Ok(blast) };
        let from_here_or_above = |key: ScopeKey| lineage.iter().any(|it| it.listed.key == key);
        for scope in store.subtree(id, root)? {
            let key = scope.listed.key;
            if key == root || scope.gone_at.is_some() {
                continue;
            }
            match store.integration(id, key, slug)?.map(|kept| kept.known) {
                Some(Known::Row(Row { link: Link::Custom, .. })) => blast.keep.add(scope),
                Some(Known::Row(Row { link: Link::Inherited { source, .. }, .. })) => {
                    match source {
                        Source::Scope { key, .. } if !from_here_or_above(key) => {}
                        Source::Scope { .. } => blast.change.add(scope),
                        Source::NotVisible(_) | Source::NotAsked(_) => blast.maybe.add(scope),
                    }
                }
                // Archived projects are given no new row (contract, section 8).
                Some(Known::NotSet) if scope.listed.archived => {}
                Some(Known::NotSet) => blast.switch_on.add(scope),
                None if scope.listed_at.is_none() => blast.unseen.add(scope),
                Some(Known::Off) | None => blast.maybe.add(scope),
                Some(Known::Unavailable(_)) => {}
                Some(Known::Unknown(_)) => blast.unseen.add(scope),
            }
        }
        Ok(blast)
    }
}
