//! The default that a scope has, or would have.

use heirloom_core::catalog;
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::inheritance::{self, Ancestor};
use heirloom_core::row::{Basis, Source};
use heirloom_store::Store;
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;

use crate::Result;

/// Where a scope's default settings come from.
#[derive(Clone, Debug)]
pub struct Default {
    /// The scope that sets them, or why that is not known.
    pub source: Source,
    /// Its row, where one is known. None: no default exists, as far as can be seen.
    pub row: Option<Kept>,
}

/// Walks the groups above the last scope of a lineage (instance first, the scope itself last).
///
/// A group that shows no active row and was not asked is looked past here, and the answer is then
/// called inferred: it may hold a default that is switched off.
pub(crate) fn default_of(
    store: &Store,
    id: ConnectionId,
    lineage: &[Scope],
    slug: &Slug,
) -> Result<Default> {
    let above = ancestors(store, id, lineage, slug)?;
    let source = match inheritance::source(above.iter().copied()) {
        Source::NotAsked(_) => {
            let passed = above.iter().map(|(key, ancestor)| match ancestor {
                Ancestor::NotAsked => (*key, Ancestor::NotSet),
                known => (*key, *known),
            });
            match inheritance::source(passed) {
                Source::Scope { key, .. } => Source::Scope { key, basis: Basis::Inferred },
                other => other,
            }
        }
        known => known,
    };
    let row = match source {
        Source::Scope { key, .. } => {
            store.integration(id, key, slug)?.filter(|kept| kept.known.row().is_some())
        }
        Source::NotVisible(_) | Source::NotAsked(_) => None,
    };
    Ok(Default { source, row })
}

/// The groups above the last scope of a lineage, nearest first, with what each contributes.
pub(crate) fn ancestors(
    store: &Store,
    id: ConnectionId,
    lineage: &[Scope],
    slug: &Slug,
) -> Result<Vec<(ScopeKey, Ancestor)>> {
    let group_level = catalog::find(slug).is_none_or(|known| known.levels.group);
    lineage
        .iter()
        .rev()
        .skip(1)
        .filter(|scope| scope.listed.key.level == Level::Group)
        .map(|scope| {
            let key = scope.listed.key;
            let ancestor = match store.integration(id, key, slug)? {
                Some(kept) => Ancestor::of(&kept.known),
                None if !group_level => Ancestor::NotSet,
                None if scope.failure.is_none() && scope.listed_at.is_some() => Ancestor::NotAsked,
                None => Ancestor::NotVisible,
            };
            Ok((key, ancestor))
        })
        .collect()
}
