//! Maintained counts against counting anew.

use std::collections::BTreeMap;

use heirloom_core::ids::{Level, ScopeKey, Slug};
use heirloom_core::row::State;
use heirloom_store::Store;
use heirloom_store::app::history::Cause;
use proptest::prelude::*;

use crate::folder::{ONE, at, cases, connected, folder};
use crate::tree::world;
use crate::writes::{Scopes, apply, batch};

/// The oracle: every kept row, counted at each scope of its lineage.
pub fn recount(store: &Store) -> BTreeMap<(ScopeKey, Slug, State), u32> {
    let mut counts = BTreeMap::new();
    let mut rows = Vec::new();
    store
        .visit_integrations(ONE, |kept| {
            rows.push((kept.scope, kept.slug.clone(), kept.known.state()));
            Ok(())
        })
        .unwrap();
    let parents: BTreeMap<ScopeKey, Option<ScopeKey>> = store
        .scopes(ONE)
        .unwrap()
        .into_iter()
        .map(|it| (it.listed.key, it.listed.parent))
        .collect();
    let gone = |key: &ScopeKey| store.scope(ONE, *key).is_ok_and(|it| it.gone_at.is_some());
    rows.retain(|row| row.0 != ScopeKey::INSTANCE && !gone(&row.0));
    for (scope, slug, state) in rows {
        let mut above = Some(scope);
        while let Some(key) = above.filter(|key| parents.contains_key(key)) {
            if key.level != Level::Project {
                *counts.entry((key, slug.clone(), state)).or_default() += 1;
            }
            above = parents[&key];
        }
    }
    counts
}

pub fn kept_counts(store: &Store) -> BTreeMap<(ScopeKey, Slug, State), u32> {
    let mut counts = BTreeMap::new();
    for scope in store.scopes(ONE).unwrap() {
        let key = scope.listed.key;
        for count in store.counts(ONE, key).unwrap() {
            counts.insert((key, count.slug, count.state), count.n);
        }
    }
    counts
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn counts_are_what_counting_anew_finds(
        first in world(), batches in proptest::collection::vec(batch(), 1..12),
    ) {
        let folder = folder();
        let store = connected(folder.path());
        let mut known = Scopes::default();
        known.know(&first);
        store.take_scopes(ONE, Cause::Reading, first, true, at(0)).unwrap();
        for (second, batch) in (1..).zip(batches) {
            let said = format!("{batch:?}");
            apply(&store, &mut known, Cause::Reading, second, batch);
            prop_assert_eq!(kept_counts(&store), recount(&store), "after {}", said);
        }
    }
}
