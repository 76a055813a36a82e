//! History against comparing everything before and after.

use std::collections::BTreeMap;

use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_core::row::{Agrees, Known, Link, Row, Source, State};
use heirloom_store::app::history::{Cause, HistoryFilter};
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::syncs::SyncEnd;
use proptest::prelude::*;

use crate::folder::{ONE, at, cases, connected, folder};
use crate::tree::world;
use crate::writes::{Batch, Scopes, Snapshot, apply, batch};

/// Scope, kind, what, before and after, as texts.
type Told = (ScopeKey, String, String, String, String);

/// A row before and after.
type Sides<'a> = (Option<&'a Kept>, Option<&'a Kept>);

fn source_of(kept: &Kept) -> Option<(ScopeKey, Agrees)> {
    match kept.known {
        Known::Row(Row {
            link: Link::Inherited { source: Source::Scope { key, .. }, agrees },
            ..
        }) => Some((key, agrees)),
        _ => None,
    }
}

fn agrees(kept: &Kept) -> Option<Agrees> {
    match kept.known {
        Known::Row(Row { link: Link::Inherited { agrees, .. }, .. }) => Some(agrees),
        _ => None,
    }
}

fn state_text(state: State) -> String {
    match state {
        State::Unknown => "null".into(),
        state => format!("\"{}\"", state.name()),
    }
}

/// The oracle.
fn differences(before: &Snapshot, after: &Snapshot, first: bool) -> Vec<Told> {
    let mut found = Vec::new();
    let mut tell = |scope, slug: &str, what: &str, sides: (String, String)| {
        found.push((scope, slug.to_owned(), what.to_owned(), sides.0, sides.1));
    };
    for (key, scope) in &after.scopes {
        match before.scopes.get(key) {
            None if !first => tell(*key, "", "scope", ("false".into(), "true".into())),
            None => {}
            Some(was) => {
                let (was_there, there) = (was.gone_at.is_none(), scope.gone_at.is_none());
                if was_there != there {
                    tell(*key, "", "scope", (was_there.to_string(), there.to_string()));
                }
                if was.listed.path != scope.listed.path {
                    let json = |path: &str| serde_json::to_string(path).unwrap();
                    tell(*key, "", "path", (json(&was.listed.path), json(&scope.listed.path)));
                }
            }
        }
    }
    let mut rows: BTreeMap<&(ScopeKey, Slug), Sides<'_>> = BTreeMap::new();
    for (key, kept) in &before.rows {
        rows.entry(key).or_default().0 = Some(kept);
    }
    for (key, kept) in &after.rows {
        rows.entry(key).or_default().1 = Some(kept);
    }
    for ((scope, slug), (was, now)) in rows {
        let listed = before.scopes.get(scope).is_some_and(|it| it.listed_at.is_some());
        let state = |kept: Option<&Kept>| kept.map_or(State::Off, |kept| kept.known.state());
        let (from, to) = (state(was), state(now));
        let linked = |state| matches!(state, State::Inherited | State::InheritedDiffers);
        let is_on = |kept: Option<&Kept>| kept.is_some_and(|kept| kept.active);
        let unread = |kept: Option<&Kept>| kept.and_then(agrees) == Some(Agrees::Unread);
        let learnt = from == State::Off && matches!(to, State::NotSet | State::Disabled)
            || linked(from) && linked(to) && (unread(was) || unread(now))
            || (from == State::Unknown || to == State::Unknown) && is_on(was) == is_on(now);
        if from != to && !learnt && (was.is_some() || listed) {
            tell(*scope, slug.as_str(), "state", (state_text(from), state_text(to)));
        }
        let (Some(was), Some(now)) = (was, now) else { continue };
        if let (Some((from, _)), Some((to, _))) = (source_of(was), source_of(now))
            && from != to
        {
            let side = |key: ScopeKey| format!("{}", key.id);
            tell(*scope, slug.as_str(), "source", (side(from), side(to)));
        }
        for (name, flag) in &was.events {
            if let Some(other) = now.events.get(name).filter(|other| *other != flag) {
                let what = format!("event:{name}");
                tell(*scope, slug.as_str(), &what, (flag.to_string(), other.to_string()));
            }
        }
        if let (Some(from), Some(to)) = (&was.fields, &now.fields) {
            for (name, value) in from {
                if !to[name].same_setting(value) {
                    let sides = (value.to_json().to_string(), to[name].to_json().to_string());
                    tell(*scope, slug.as_str(), &format!("field:{name}"), sides);
                }
            }
        }
    }
    found.sort();
    found
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn history_is_what_comparing_finds(
        first in world(), batches in proptest::collection::vec(batch(), 1..12),
    ) {
        let folder = folder();
        let store = connected(folder.path());
        let mut known = Scopes::default();
        known.know(&first);
        let batches = std::iter::once(Batch::Scopes(first, true)).chain(batches);
        for (second, batch) in (0..).zip(batches) {
            let before = Snapshot::of(&store, &known);
            let sync = store.begin_sync(ONE, true, at(second)).unwrap();
            let said = format!("{batch:?}");
            let forgets = matches!(batch, Batch::Forget);
            apply(&store, &mut known, Cause::Sync(sync), second, batch);
            let end = SyncEnd { complete: true, failed: 0, requests: 0, stopped: None };
            store.end_sync(sync, end, at(second)).unwrap();
            let after = Snapshot::of(&store, &known);
            let mut expected = differences(&before, &after, second == 0);
            if forgets {
                expected.clear();
            }
            let only = HistoryFilter { sync: Some(sync), ..HistoryFilter::default() };
            let (total, changes) = store.history(ONE, &only, 0, 10_000).unwrap();
            let mut told: Vec<Told> = changes
                .into_iter()
                .map(|it| {
                    let side = |side: &heirloom_store::app::history::Side| match side.to_json() {
                        Some(json) if json.get("id").is_some() => json["id"].to_string(),
                        json => json.unwrap_or_default().to_string(),
                    };
                    let slug = it.slug.map_or_else(String::new, |slug| slug.to_string());
                    (it.scope, slug, it.what.name(), side(&it.before), side(&it.after))
                })
                .collect();
            told.sort();
            prop_assert_eq!(total as usize, told.len());
            prop_assert_eq!(told, expected, "after {}", said);
        }
    }
}
