//! Questions over the whole estate against looking at every row.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use heirloom_core::ids::{Level, ScopeKey, Slug};
use heirloom_core::row::{Agrees, Known, Link, Row, Source, State};
use heirloom_core::value::Value;
use heirloom_store::Store;
use heirloom_store::app::history::Cause;
use heirloom_store::cache::estate::filter::ScopeFilter;
use heirloom_store::cache::estate::members::MemberFilter;
use heirloom_store::cache::heirs::Heirs;
use heirloom_store::cache::integrations::Kept;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::folder::{ONE, at, cases, connected, folder, slug};
use crate::tree::world;
use crate::writes::{KINDS, Scopes, Snapshot, apply, batch};

fn filter() -> impl Strategy<Value = ScopeFilter> {
    let some = |values: &'static [&'static str]| {
        prop::sample::subsequence(values.to_vec(), 0..=values.len())
    };
    let subtree = prop::option::of(prop_oneof![
        (1..4_u64).prop_map(ScopeKey::group),
        (1..4_u64).prop_map(ScopeKey::project),
        Just(ScopeKey::INSTANCE),
    ]);
    let states = prop::sample::subsequence(State::ALL.to_vec(), 0..=3);
    let level = prop::option::of(prop::sample::select(vec![Level::Group, Level::Project]));
    let text = prop::sample::select(vec!["", "", "A", "%", "b_", "é"]);
    let value = prop::sample::select(vec!["", "", "jira", "JIRA.old", "b%C\"", "H", "ht"]);
    let open = prop::option::of(prop::sample::subsequence(
        vec![ScopeKey::INSTANCE, ScopeKey::group(1), ScopeKey::group(2)],
        0..=3,
    ));
    let folded = prop::sample::subsequence(
        vec![ScopeKey::INSTANCE, ScopeKey::group(1), ScopeKey::group(2)],
        0..=2,
    );
    (subtree, states, some(&KINDS), level, text, value, open, folded).prop_map(
        |(subtree, states, slugs, level, text, value, open, folded)| ScopeFilter {
            subtree,
            states,
            slugs: slugs.into_iter().map(slug).collect(),
            unavailable: vec![(slug("slack"), Level::Group)],
            level,
            text: text.into(),
            value: value.into(),
            open,
            folded,
            ..ScopeFilter::default()
        },
    )
}

fn state(now: &Snapshot, key: ScopeKey, kind: &Slug) -> State {
    match now.rows.get(&(key, kind.clone())) {
        Some(kept) => kept.known.state(),
        None if kind.as_str() == "slack" && key.level == Level::Group => State::Unavailable,
        None if now.scopes[&key].listed_at.is_some() => State::Off,
        None => State::Unknown,
    }
}

/// A row that has values of its own.
fn is_own(kept: &Kept) -> bool {
    !matches!(
        kept.known,
        Known::Row(Row { link: Link::Inherited { agrees: Agrees::Yes | Agrees::Unread, .. }, .. })
    )
}

fn holds(kept: &Kept, text: &str) -> bool {
    let short = text.chars().count() < 3;
    let has = |value: &Value| {
        let Value::Text(it) = value else { return false };
        let it = it.to_lowercase();
        if short { it.starts_with(text) } else { it.contains(text) }
    };
    is_own(kept) && kept.fields.as_ref().is_some_and(|fields| fields.values().any(has))
}

fn fits(now: &Snapshot, key: ScopeKey, filter: &ScopeFilter) -> bool {
    let scope = &now.scopes[&key].listed;
    let above = now.above(key);
    let root = filter.subtree.unwrap_or(ScopeKey::INSTANCE);
    let within = key == root || above.contains(&root);
    let seen = key == root
        || filter.open.as_ref().is_none_or(|open| {
            let mut up = above.iter().take_while(|it| **it != root).chain([&root]);
            up.all(|it| open.contains(it))
        });
    let text = filter.text.to_lowercase();
    let kinds: Vec<Slug> = match filter.slugs.len() {
        0 => KINDS.map(slug).to_vec(),
        _ => filter.slugs.clone(),
    };
    let in_state = filter.states.is_empty()
        || if filter.slugs.is_empty() {
            let never = now.scopes[&key].listed_at.is_none();
            let kept = |kind: &Slug| now.rows.get(&(key, kind.clone()));
            let mut kept = kinds.iter().filter_map(kept).map(|kept| kept.known.state());
            kept.any(|it| filter.states.contains(&it))
                || never && filter.states.contains(&State::Unknown)
        } else {
            kinds.iter().any(|kind| filter.states.contains(&state(now, key, kind)))
        };
    let value = filter.value.to_lowercase();
    let has_value = value.is_empty()
        || kinds
            .iter()
            .filter_map(|kind| now.rows.get(&(key, kind.clone())))
            .any(|kept| holds(kept, &value));
    let hidden = filter.folded.iter().any(|folded| above.contains(folded));
    within
        && seen
        && !hidden
        && in_state
        && has_value
        && filter.level.is_none_or(|level| level == key.level)
        && (scope.name.to_lowercase().contains(&text) || scope.path.to_lowercase().contains(&text))
}

fn check_matrix(store: &Store, now: &Snapshot, filter: &ScopeFilter) -> TestCaseResult {
    let placed = |root: &ScopeKey| now.order.contains(root);
    let expected: Vec<ScopeKey> = now
        .live()
        .map(|it| it.listed.key)
        .filter(|key| filter.subtree.as_ref().is_none_or(placed) && fits(now, *key, filter))
        .collect();
    for (offset, limit) in [(0, 100), (1, 2), (90, 5)] {
        let matrix = store.matrix(ONE, filter, offset, limit).unwrap();
        prop_assert_eq!(matrix.total as usize, expected.len(), "all of {:?}", filter);
        let window: Vec<_> =
            expected.iter().skip(offset as usize).take(limit as usize).copied().collect();
        let keys: Vec<_> = matrix.rows.iter().map(|row| row.scope.listed.key).collect();
        prop_assert_eq!(keys, window, "a window of {:?}", filter);
        for row in matrix.rows {
            let key = row.scope.listed.key;
            for cell in row.cells {
                if !filter.slugs.is_empty() {
                    prop_assert_eq!(
                        cell.state,
                        state(now, key, &cell.slug),
                        "{} {}",
                        key,
                        cell.slug
                    );
                }
                let below = now.live().filter(|it| now.above(it.listed.key).contains(&key));
                let custom = below
                    .filter(|it| state(now, it.listed.key, &cell.slug) == State::Custom)
                    .count();
                prop_assert_eq!(
                    cell.custom_below as usize,
                    custom,
                    "below {} of {}",
                    key,
                    cell.slug
                );
            }
        }
    }
    Ok(())
}

fn check_kind(store: &Store, now: &Snapshot, kind: &Slug) -> TestCaseResult {
    let kept = |key: ScopeKey| now.rows.get(&(key, kind.clone()));
    let mut heirs: BTreeMap<ScopeKey, Heirs> = BTreeMap::new();
    for ((scope, of), kept) in &now.rows {
        if of == kind
            && !now.is_gone(*scope)
            && let Known::Row(Row {
                link: Link::Inherited { source: Source::Scope { key, .. }, agrees },
                ..
            }) = kept.known
        {
            let counts = heirs.entry(key).or_default();
            *match agrees {
                Agrees::Yes => &mut counts.agree,
                Agrees::No => &mut counts.differ,
                Agrees::Unread => &mut counts.unread,
            } += 1;
        }
    }
    let sets = |key: &ScopeKey| {
        key.level != Level::Project
            && (kept(*key).is_some_and(|it| it.inherited() == Some(false))
                || *key == ScopeKey::INSTANCE && heirs.contains_key(key))
    };
    let owners: Vec<ScopeKey> =
        now.live().map(|it| it.listed.key).filter(|key| sets(key)).collect();
    let mut custom: BTreeMap<ScopeKey, u32> = BTreeMap::new();
    let mut by_value: BTreeMap<String, u32> = BTreeMap::new();
    let mut unread = 0;
    for scope in now.live().map(|it| it.listed.key).filter(|key| *key != ScopeKey::INSTANCE) {
        if state(now, scope, kind) == State::Custom {
            let nearest = now.above(scope).into_iter().find(|key| owners.contains(key));
            nearest.into_iter().for_each(|key| *custom.entry(key).or_default() += 1);
            let value = match kept(scope).and_then(|it| it.fields.as_ref()) {
                Some(fields) if fields["url"].is_blank() => Value::Unset,
                Some(fields) => fields["url"].clone(),
                None => {
                    unread += 1;
                    continue;
                }
            };
            *by_value.entry(format!("{value:?}")).or_default() += 1;
        }
    }
    let found = store.owners(ONE, kind).unwrap();
    let keys: Vec<_> = found.iter().map(|it| it.scope.listed.key).collect();
    prop_assert_eq!(&keys, &owners, "who sets a default for {}", kind);
    for owner in &found {
        let key = owner.scope.listed.key;
        prop_assert_eq!(
            owner.heirs,
            heirs.get(&key).copied().unwrap_or_default(),
            "heirs of {}",
            key
        );
        prop_assert_eq!(
            owner.custom,
            custom.get(&key).copied().unwrap_or_default(),
            "custom of {}",
            key
        );
        let above = now.above(key).into_iter().find(|it| owners.contains(it));
        prop_assert_eq!(owner.above, above, "above {}", key);
        prop_assert_eq!(owner.kept.as_ref(), kept(key), "the row of {}", key);
    }
    let clusters = store.clusters(ONE, kind, "url", None).unwrap();
    prop_assert_eq!(clusters.unread, unread, "custom, and not read");
    for (value, n) in &clusters.values {
        prop_assert_eq!(by_value.remove(&format!("{value:?}")), Some(*n), "{:?}", value);
        let exact = MemberFilter {
            states: vec![State::Custom],
            value: Some(("url".into(), value.clone())),
            ..MemberFilter::default()
        };
        let (total, members) = store.members(ONE, kind, &exact, 0, 100).unwrap();
        let others = members.iter().filter(|it| it.scope.listed.key != ScopeKey::INSTANCE).count();
        prop_assert_eq!(others, *n as usize, "the members of {:?}", value);
        prop_assert_eq!(total as usize, members.len());
    }
    prop_assert!(by_value.is_empty(), "no value is left out: {:?}", by_value);
    Ok(())
}

fn check_find(store: &Store, now: &Snapshot, text: &str) -> TestCaseResult {
    let low = text.to_lowercase();
    let short = low.chars().count() < 3;
    let named: BTreeSet<ScopeKey> = now
        .order
        .iter()
        .filter(|key| {
            let listed = &now.scopes[key].listed;
            let texts = [listed.name.to_lowercase(), listed.path.to_lowercase()];
            texts.iter().any(|it| if short { it.starts_with(&low) } else { it.contains(&low) })
        })
        .copied()
        .collect();
    let found = store.find(ONE, text, 500).unwrap();
    prop_assert_eq!(found.total_scopes.n as usize, named.len(), "all with {}", text);
    let keys: BTreeSet<_> = found.scopes.iter().map(|it| it.listed.key).collect();
    prop_assert_eq!(keys, named.clone(), "those with {}", text);
    let (total, inside) = store.search_scopes(ONE, text, 500).unwrap();
    let inside: Vec<_> = inside.into_iter().map(|it| it.listed.key).collect();
    let in_order: Vec<_> = now.order.iter().filter(|key| named.contains(key)).copied().collect();
    prop_assert_eq!((total.n as usize, inside), (named.len(), in_order), "in tree order");
    let with: BTreeSet<(ScopeKey, Slug)> = now
        .rows
        .iter()
        .filter(|((scope, _), kept)| {
            !now.is_gone(*scope) && now.order.contains(scope) && holds(kept, &low)
        })
        .map(|(key, _)| key.clone())
        .collect();
    let values: BTreeSet<_> =
        found.values.iter().map(|it| (it.scope.listed.key, it.slug.clone())).collect();
    prop_assert_eq!(found.total_values.n as usize, with.len(), "values with {}", text);
    prop_assert_eq!(values, with, "rows with {}", text);
    let together = store.find_shared_values(ONE, text, 500).unwrap();
    let mut apart: HashMap<(Slug, String, Value), u32> = HashMap::new();
    for hit in found.values {
        *apart.entry((hit.slug, hit.field, hit.value)).or_default() += 1;
    }
    prop_assert_eq!(together.total.n as usize, apart.len(), "each value with {} once", text);
    for shared in together.values {
        let key = (shared.slug, shared.field, shared.value);
        prop_assert_eq!(Some(shared.scopes), apart.remove(&key), "who has {:?}", key);
        let who = MemberFilter {
            states: vec![State::Custom],
            value: Some((key.1, key.2)),
            ..MemberFilter::default()
        };
        let (_, members) = store.members(ONE, &key.0, &who, 0, 500).unwrap();
        let below = members.iter().filter(|it| it.scope.listed.key != ScopeKey::INSTANCE).count();
        prop_assert_eq!(shared.custom as usize, below, "those the groups of values have");
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn questions_are_answered_as_by_looking_at_every_row(
        first in world(), batches in proptest::collection::vec(batch(), 1..10),
        filters in proptest::collection::vec(filter(), 6),
    ) {
        let folder = folder();
        let store = connected(folder.path());
        let mut known = Scopes::default();
        known.know(&first);
        store.take_scopes(ONE, Cause::Reading, first, true, at(0)).unwrap();
        for (second, batch) in (1..).zip(batches) {
            apply(&store, &mut known, Cause::Reading, second, batch);
            let now = Snapshot::of(&store, &known);
            for filter in &filters {
                check_matrix(&store, &now, filter)?;
            }
            for kind in KINDS {
                check_kind(&store, &now, &slug(kind))?;
            }
            for text in ["a", "AB", "%", "H", "ht", "é", "abc", "É%_", "a%c\"", "jira", "A.n", "B%c\"d", "nowhere", "\"*"] {
                check_find(&store, &now, text)?;
            }
        }
    }
}
