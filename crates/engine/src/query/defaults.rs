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
pub(crate) fn default_of(
    store: &Store,
    id: ConnectionId,
    lineage: &[Scope],
    slug: &Slug,
) -> Result<Default> {
    let source = source_of(&ancestors(store, id, lineage, slug)?);
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
            let kept = store.integration(id, key, slug)?;
            Ok((key, ancestor(scope, kept.as_ref(), group_level)))
        })
        .collect()
}

/// What a group contributes to the question where settings come from. `group_level`: the kind can
/// be set on groups.
pub(crate) fn ancestor(scope: &Scope, kept: Option<&Kept>, group_level: bool) -> Ancestor {
    match kept {
        Some(kept) => Ancestor::of(&kept.known),
        None if !group_level => Ancestor::NotSet,
        None if scope.failure.is_none() && scope.listed_at.is_some() => Ancestor::NotAsked,
        None => Ancestor::NotVisible,
    }
}

/// Where default settings come from, below these groups, nearest first.
///
/// A group that shows no active row and was not asked is looked past here, and the answer is then
/// called inferred: it may hold a default that is switched off.
pub(crate) fn source_of(above: &[(ScopeKey, Ancestor)]) -> Source {
    let known = inheritance::source(above.iter().copied());
    if !matches!(known, Source::NotAsked(_)) {
        return known;
    }
    let passed = above.iter().map(|(key, ancestor)| match ancestor {
        Ancestor::NotAsked => (*key, Ancestor::NotSet),
        known => (*key, *known),
    });
    match inheritance::source(passed) {
        Source::Scope { key, .. } => Source::Scope { key, basis: Basis::Inferred },
        other => other,
    }
}
