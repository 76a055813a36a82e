//! Maintained counts against counting anew.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::ids::{Level, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Basis, Source, State};
use heirloom_store::Store;
use heirloom_store::app::history::Cause;
use heirloom_store::cache::integrations::{Flags, Linked, ListRead, ValuesRead};
use heirloom_store::cache::scopes::Listed;
use proptest::prelude::*;

use crate::folder::{ONE, at, cases, connected, flags, folder, slug};
use crate::tree::world;

#[derive(Clone, Debug)]
enum Batch {
    Lists(Vec<(prop::sample::Index, Vec<Flags>)>),
    Values(Vec<(prop::sample::Index, Slug, Option<Flags>)>),
    Links(Vec<(prop::sample::Index, Slug, Agrees)>),
    Scopes(Vec<Listed>, bool),
    Forget,
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["jira", "slack", "brand-new"])
}

fn row(may_be_off: bool) -> impl Strategy<Value = Flags> {
    let inherited = prop_oneof![Just(Some(true)), Just(Some(false)), Just(None)];
    (name(), inherited, any::<bool>(), 0..3_i64).prop_map(move |(name, inherited, on, moved)| {
        flags(name, inherited, on || !may_be_off, moved)
    })
}

fn batch() -> impl Strategy<Value = Batch> {
    let index = any::<prop::sample::Index>;
    let agrees = prop::sample::select(vec![Agrees::Yes, Agrees::No, Agrees::Unread]);
    let lists = (index(), proptest::collection::vec(row(false), 0..4));
    let values = (index(), row(true), any::<bool>())
        .prop_map(|(at, row, there)| (at, row.slug.clone(), there.then_some(row)));
    let links = (index(), name(), agrees).prop_map(|(at, name, agrees)| (at, slug(name), agrees));
    prop_oneof![
        4 => proptest::collection::vec(lists, 0..6).prop_map(Batch::Lists),
        4 => proptest::collection::vec(values, 0..6).prop_map(Batch::Values),
        3 => proptest::collection::vec(links, 0..6).prop_map(Batch::Links),
        2 => (world(), any::<bool>()).prop_map(|(scopes, whole)| Batch::Scopes(scopes, whole)),
        1 => Just(Batch::Forget),
    ]
}

fn apply(store: &Store, scopes: &[ScopeKey], second: i64, batch: Batch) {
    match batch {
        Batch::Lists(lists) => {
            let lists = lists.into_iter().map(|(index, rows)| ListRead {
                scope: *index.get(scopes),
                at: at(second),
                rows,
            });
            store.take_lists(ONE, Cause::Reading, lists.collect()).unwrap();
        }
        Batch::Values(values) => {
            let values = values.into_iter().map(|(index, slug, row)| ValuesRead {
                scope: *index.get(scopes),
                slug,
                at: at(second),
                basis: Basis::Read,
                row: row.map(|row| (row, BTreeMap::new())),
            });
            store.take_values(ONE, Cause::Reading, values.collect()).unwrap();
        }
        Batch::Links(links) => {
            let source = Source::NotVisible(ScopeKey::group(1));
            let links = links
                .into_iter()
                .map(|(index, slug, agrees)| (*index.get(scopes), slug, Linked { source, agrees }));
            store.link_rows(ONE, Cause::Reading, links.collect(), at(second)).unwrap();
        }
        Batch::Scopes(listed, whole) => {
            store.take_scopes(ONE, Cause::Reading, listed, whole, at(second)).unwrap();
        }
        Batch::Forget => store.forget_instance_rows(ONE, vec![slug("jira")]).unwrap(),
    }
}

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
        let mut known: BTreeSet<ScopeKey> = first.iter().map(|scope| scope.key).collect();
        store.take_scopes(ONE, Cause::Reading, first, true, at(0)).unwrap();
        for (second, batch) in (1..).zip(batches) {
            if let Batch::Scopes(listed, _) = &batch {
                known.extend(listed.iter().map(|scope| scope.key));
            }
            let scopes: Vec<ScopeKey> = known.iter().copied().collect();
            let said = format!("{batch:?}");
            apply(&store, &scopes, second, batch);
            prop_assert_eq!(kept_counts(&store), recount(&store), "after {}", said);
        }
    }
}
