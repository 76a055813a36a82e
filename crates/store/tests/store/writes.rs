//! Writes at random, for models to follow.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_core::row::{Agrees, Basis, Source};
use heirloom_core::value::Value;
use heirloom_store::Store;
use heirloom_store::app::history::Cause;
use heirloom_store::cache::integrations::{Flags, Kept, Linked, ListRead, ValuesRead};
use heirloom_store::cache::scopes::{Listed, Scope};
use proptest::prelude::*;

use crate::folder::{ONE, at, flags, slug};
use crate::tree::world;

/// Flags and a URL, or nothing stored.
type Reading = Option<(Flags, &'static str)>;

/// A row of a list, and what is known of it already.
type Row = (Flags, Option<Linked>);

#[derive(Clone, Debug)]
pub enum Batch {
    Lists(Vec<(prop::sample::Index, Vec<Row>)>),
    Values(Vec<(prop::sample::Index, Slug, Reading)>),
    Links(Vec<(prop::sample::Index, Slug, Linked)>),
    Scopes(Vec<Listed>, bool),
    Forget,
    Gone(prop::sample::Index),
}

pub const KINDS: [&str; 3] = ["jira", "slack", "brand-new"];

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(KINDS.to_vec())
}

fn row(may_be_off: bool) -> impl Strategy<Value = Flags> {
    let inherited = prop_oneof![3 => Just(Some(true)), 2 => Just(Some(false)), 1 => Just(None)];
    (name(), inherited, any::<bool>(), 0..3_i64, any::<bool>()).prop_map(
        move |(name, inherited, on, moved, push)| {
            let mut row = flags(name, inherited, on || !may_be_off, moved);
            row.events.insert("push_events".into(), push);
            row
        },
    )
}

fn linked() -> impl Strategy<Value = Linked> {
    let agrees = prop::sample::select(vec![Agrees::Yes, Agrees::No, Agrees::Unread]);
    let source = prop_oneof![
        Just(Source::NotVisible(ScopeKey::group(1))),
        Just(Source::Scope { key: ScopeKey::INSTANCE, basis: Basis::Inferred }),
        (1..4_u64).prop_map(|id| Source::Scope { key: ScopeKey::group(id), basis: Basis::Read }),
    ];
    (source, agrees).prop_map(|(source, agrees)| Linked { source, agrees })
}

pub fn batch() -> impl Strategy<Value = Batch> {
    let index = any::<prop::sample::Index>;
    let url = prop::sample::select(vec!["https://Jira.old", "https://jira.NEW", "a_b%c\"d", ""]);
    let row_of_list = (row(false), proptest::option::of(linked()));
    let lists = (index(), proptest::collection::vec(row_of_list, 0..4));
    let values = (index(), row(true), url, any::<bool>())
        .prop_map(|(at, row, url, there)| (at, row.slug.clone(), there.then_some((row, url))));
    let links = (index(), name(), linked()).prop_map(|(at, name, to)| (at, slug(name), to));
    prop_oneof![
        4 => proptest::collection::vec(lists, 0..10).prop_map(Batch::Lists),
        4 => proptest::collection::vec(values, 0..6).prop_map(Batch::Values),
        3 => proptest::collection::vec(links, 0..40).prop_map(Batch::Links),
        2 => (world(), any::<bool>()).prop_map(|(scopes, whole)| Batch::Scopes(scopes, whole)),
        1 => Just(Batch::Forget),
        1 => index().prop_map(Batch::Gone),
    ]
}

/// Every scope that was ever listed, as batches choose from them.
#[derive(Default)]
pub struct Scopes(BTreeSet<ScopeKey>);

impl Scopes {
    pub fn know(&mut self, listed: &[Listed]) {
        self.0.extend(listed.iter().map(|scope| scope.key));
    }
}

/// Writes a batch; nothing is written twice within it.
pub fn apply(store: &Store, known: &mut Scopes, cause: Cause, second: i64, batch: Batch) {
    if let Batch::Scopes(listed, _) = &batch {
        known.know(listed);
    }
    let scopes: Vec<ScopeKey> = known.0.iter().copied().collect();
    let mut seen = BTreeSet::new();
    match batch {
        Batch::Lists(lists) => {
            let lists = lists
                .into_iter()
                .map(|(index, rows)| (*index.get(&scopes), rows))
                .filter(|(scope, _)| seen.insert((*scope, None)))
                .map(|(scope, mut rows)| {
                    let mut kinds = BTreeSet::new();
                    rows.retain(|(row, _)| kinds.insert(row.slug.clone()));
                    let (rows, links) = rows.into_iter().unzip();
                    ListRead { scope, at: at(second), rows, links }
                })
                .collect();
            store.take_lists(ONE, cause, lists).unwrap();
        }
        Batch::Values(values) => {
            let values = values
                .into_iter()
                .map(|(index, slug, row)| (*index.get(&scopes), slug, row))
                .filter(|(scope, slug, _)| seen.insert((*scope, Some(slug.clone()))))
                .map(|(scope, slug, row)| ValuesRead {
                    scope,
                    slug,
                    at: at(second),
                    basis: Basis::Read,
                    row: row.map(|(row, url)| {
                        let value =
                            if url.is_empty() { Value::Empty } else { Value::Text(url.into()) };
                        (row, BTreeMap::from([("url".to_owned(), value)]))
                    }),
                })
                .collect();
            store.take_values(ONE, cause, values).unwrap();
        }
        Batch::Links(links) => {
            let links = links
                .into_iter()
                .map(|(index, slug, linked)| (*index.get(&scopes), slug, linked))
                .filter(|(scope, slug, _)| seen.insert((*scope, Some(slug.clone()))))
                .collect();
            store.link_rows(ONE, cause, links, at(second)).unwrap();
        }
        Batch::Scopes(listed, whole) => {
            store.take_scopes(ONE, cause, listed, whole, at(second)).unwrap();
        }
        Batch::Forget => store.forget_instance_rows(ONE, vec![slug("jira")]).unwrap(),
        Batch::Gone(index) => store.mark_gone(ONE, cause, *index.get(&scopes), at(second)).unwrap(),
    }
}

/// Everything the cache holds, read the plain way.
pub struct Snapshot {
    pub scopes: BTreeMap<ScopeKey, Scope>,
    pub rows: BTreeMap<(ScopeKey, Slug), Kept>,
    /// Scopes that stand in the tree, in its order.
    pub order: Vec<ScopeKey>,
}

impl Snapshot {
    pub fn of(store: &Store, known: &Scopes) -> Self {
        let mut rows = BTreeMap::new();
        store
            .visit_integrations(ONE, |kept| {
                rows.insert((kept.scope, kept.slug.clone()), kept);
                Ok(())
            })
            .unwrap();
        let scope = |key: &ScopeKey| Some((*key, store.scope(ONE, *key).ok()?));
        let order = store.scopes(ONE).unwrap().into_iter().map(|it| it.listed.key).collect();
        Self { scopes: known.0.iter().filter_map(scope).collect(), rows, order }
    }

    pub fn is_gone(&self, key: ScopeKey) -> bool {
        self.scopes.get(&key).is_none_or(|it| it.gone_at.is_some())
    }

    /// What stands above a scope in the tree, nearest first.
    pub fn above(&self, key: ScopeKey) -> Vec<ScopeKey> {
        let mut found = Vec::new();
        let mut at = self.scopes.get(&key).and_then(|it| it.listed.parent);
        while let Some(key) = at {
            found.push(key);
            at = self.scopes.get(&key).and_then(|it| it.listed.parent);
        }
        found
    }

    /// The scopes in the tree that are not gone.
    pub fn live(&self) -> impl Iterator<Item = &Scope> {
        self.order.iter().filter_map(|key| self.scopes.get(key)).filter(|it| it.gone_at.is_none())
    }
}
