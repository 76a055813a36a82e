//! Two scopes side by side.

use std::collections::BTreeSet;

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::settings::{Known, Settings, Side, Verdict, compare};
use heirloom_store::Store;
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;

use super::Comparison;
use super::compare::{comparison, have};
use crate::{Engine, Result};

/// Two scopes and what each of them has.
#[derive(Clone, Debug)]
pub struct TwoScopes {
    /// One.
    pub a: Scope,
    /// The other.
    pub b: Scope,
    /// The integrations that were asked for, or that either has, by title.
    pub kinds: Vec<TwoRows>,
}

/// One integration at two scopes.
#[derive(Clone, Debug)]
pub struct TwoRows {
    /// At one.
    pub a: Comparison,
    /// At the other.
    pub b: Comparison,
    /// The settings, in the catalog's order.
    pub settings: Vec<Setting>,
}

/// One setting at two scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// REST parameter.
    pub name: String,
    /// What the catalog says of it; none for what only the server knows.
    pub known: Option<Known>,
    /// At one.
    pub a: Side,
    /// At the other.
    pub b: Side,
    /// How they stand. Secrets cannot be compared: GitLab returns none.
    pub verdict: Verdict,
}

impl Engine {
    /// Two scopes side by side: one integration, or every one that either has a row of. Inherited
    /// values that were not read are the source's, and [`Comparison::own_assumed`] says so.
    ///
    /// # Errors
    /// When a scope is not in the cache.
    pub async fn compare_two(
        &self,
        id: ConnectionId,
        a: ScopeKey,
        b: ScopeKey,
        slug: Option<Slug>,
    ) -> Result<TwoScopes> {
        self.blocking(move |engine| {
            let store = engine.store();
            let slugs = match slug {
                Some(slug) => BTreeSet::from([slug]),
                None => either_has(store, id, a, b)?,
            };
            let mut kinds = slugs
                .iter()
                .map(|slug| two_rows(store, id, a, b, slug))
                .collect::<Result<Vec<_>>>()?;
            kinds.sort_by_cached_key(|kind| kind.a.item.title.to_lowercase());
            Ok(TwoScopes { a: store.scope(id, a)?, b: store.scope(id, b)?, kinds })
        })
        .await
    }
}

fn either_has(store: &Store, id: ConnectionId, a: ScopeKey, b: ScopeKey) -> Result<BTreeSet<Slug>> {
    let mut slugs = BTreeSet::new();
    for key in [a, b] {
        slugs.extend(
            store.integrations(id, key)?.into_iter().filter(is_stored).map(|kept| kept.slug),
        );
    }
    Ok(slugs)
}

/// GitLab has a row: asked, and not set, is none.
fn is_stored(kept: &Kept) -> bool {
    kept.known.row().is_some() || kept.active
}

fn two_rows(
    store: &Store,
    id: ConnectionId,
    a: ScopeKey,
    b: ScopeKey,
    slug: &Slug,
) -> Result<TwoRows> {
    let (a, b) = (comparison(store, id, a, slug)?, comparison(store, id, b, slug)?);
    let integration = a.item.integration;
    let (left, right) = (row(&a), row(&b));
    let (of_left, of_right) = (settings(&a), settings(&b));
    let pairs = compare(integration, have(left, of_left.as_ref()), have(right, of_right.as_ref()));
    let settings = pairs
        .into_iter()
        .map(|pair| Setting {
            name: pair.name,
            known: pair.known,
            a: pair.sides.default,
            b: pair.sides.own,
            verdict: pair.verdict,
        })
        .collect();
    Ok(TwoRows { a, b, settings })
}

fn row(side: &Comparison) -> Option<&Kept> {
    side.item.kept.as_ref().filter(|kept| is_stored(kept))
}

/// A side's settings. Of an inheriting row that was not read: the source's fields, its own flags.
fn settings(side: &Comparison) -> Option<Settings> {
    let own = row(side)?;
    own.settings().or_else(|| {
        let fields = side.default.row.as_ref().filter(|_| side.own_assumed)?.fields.clone()?;
        Some(Settings { fields, events: own.events.clone() })
    })
}
