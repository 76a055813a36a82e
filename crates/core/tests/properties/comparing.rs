//! Two sides of an integration's settings.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::settings::{
    Have, Known, Pair, Settings, Side, Verdict, agree, compare, flags_agree,
};
use heirloom_core::value::Value;
use proptest::prelude::*;

use crate::strategies::{self, integration, stored};

fn both()
-> impl Strategy<Value = (&'static heirloom_core::catalog::Integration, Settings, Settings)> {
    integration().prop_flat_map(|it| {
        (Just(it), stored(it), stored(it), any::<bool>()).prop_map(|(it, a, b, same)| {
            // Often nearly equal, as inheritors are.
            let own = if same { a.clone() } else { b };
            (it, a, own)
        })
    })
}

fn by_name(pairs: &[Pair]) -> BTreeMap<&str, &Pair> {
    pairs.iter().map(|pair| (pair.name.as_str(), pair)).collect()
}

proptest! {
    #![proptest_config(crate::strategies::cases(1500))]

    #[test]
    fn sides_swap_and_verdicts_stay((it, a, b) in both()) {
        let haves = [Have::Read(&a), Have::Read(&b), Have::FlagsOnly(&a.events), Have::Nothing];
        for left in haves {
            for right in haves {
                let there = compare(Some(it), left, right);
                let back = compare(Some(it), right, left);
                prop_assert_eq!(there.len(), back.len(), "the same settings either way");
                for (one, other) in there.iter().zip(&back) {
                    prop_assert_eq!(&one.name, &other.name, "in the same order");
                    prop_assert_eq!(one.verdict, other.verdict, "{}", one.name);
                    prop_assert_eq!(&one.sides.default, &other.sides.own, "{}", one.name);
                }
            }
        }
    }

    #[test]
    fn every_setting_of_the_catalog_is_there_once((it, a, b) in both(), new in "new_[a-z]{3}") {
        let mut own = b.clone();
        own.fields.insert(new.clone(), Value::Text("x".into()));
        let pairs = compare(Some(it), Have::Read(&a), Have::Read(&own));
        let expected: Vec<&str> = it.fields.iter().map(|field| field.name)
            .chain(it.events.iter().map(|event| event.name))
            .chain([new.as_str()])
            .collect();
        let found: Vec<&str> = pairs.iter().map(|pair| pair.name.as_str()).collect();
        prop_assert_eq!(found, expected, "in the form's order, what only the server knows at the end");
        let last = pairs.last().unwrap();
        prop_assert!(last.known.is_none(), "the catalog says nothing of it");
        prop_assert_eq!(last.verdict, Verdict::Differs, "and still it is compared");
    }

    #[test]
    fn secrets_never_count((it, a, b) in both()) {
        let (mut left, mut right) = (a.clone(), b.clone());
        for field in it.fields.iter().filter(|field| field.secret) {
            // Not even if something kept them by mistake.
            left.fields.insert(field.name.into(), Value::Text("canary-1".into()));
            right.fields.insert(field.name.into(), Value::Text("canary-2".into()));
        }
        let pairs = compare(Some(it), Have::Read(&left), Have::Read(&right));
        for pair in &pairs {
            if matches!(pair.known, Some(Known::Field(field)) if field.secret) {
                prop_assert_eq!(&pair.sides.default, &Side::Hidden, "GitLab hides it");
                prop_assert_eq!(pair.verdict, Verdict::CannotCompare, "{}", pair.name);
            }
        }
        prop_assert!(!format!("{pairs:?}").contains("canary"), "no side shows a secret");
        prop_assert_eq!(agree(Some(it), &left, &right), agree(Some(it), &a, &b), "nothing hangs on them");
    }

    #[test]
    fn inheritors_that_differ_are_found_and_no_others((it, default, own) in both()) {
        // An oracle of its own: by name, blank and absent as one.
        let field = |side: &Settings, name: &str| {
            side.fields.get(name).filter(|value| !value.is_blank()).cloned()
        };
        let fields: BTreeSet<&str> = it.fields.iter().filter(|it| !it.secret).map(|it| it.name)
            .filter(|name| field(&default, name) != field(&own, name))
            .collect();
        let events: BTreeSet<&str> = it.events.iter().map(|it| it.name)
            .filter(|name| match (default.events.get(*name), own.events.get(*name)) {
                (Some(a), Some(b)) => a != b,
                // What GitLab does not report is not a difference.
                _ => false,
            })
            .collect();
        let pairs = compare(Some(it), Have::Read(&default), Have::Read(&own));
        let found: BTreeSet<&str> = pairs.iter()
            .filter(|pair| pair.verdict == Verdict::Differs).map(|pair| pair.name.as_str()).collect();
        prop_assert_eq!(&found, &(&fields | &events), "exactly those that differ");
        prop_assert_eq!(agree(Some(it), &default, &own), found.is_empty(), "one answer for all");
        prop_assert_eq!(
            flags_agree(Some(it), &default.events, &own.events), events.is_empty(), "flags alone"
        );
    }

    #[test]
    fn a_side_that_is_not_read_is_never_called_equal_or_different((it, a, b) in both()) {
        let unread = compare(Some(it), Have::Read(&a), Have::FlagsOnly(&b.events));
        for (name, pair) in by_name(&unread) {
            if matches!(pair.known, Some(Known::Field(_))) {
                prop_assert_eq!(pair.verdict, Verdict::CannotCompare, "{}", name);
            }
        }
        let alone = compare(Some(it), Have::Read(&a), Have::Nothing);
        prop_assert!(alone.iter().all(|pair| pair.verdict == Verdict::OneSided), "no other side");
    }

    #[test]
    fn kinds_outside_the_catalog_are_compared_by_what_was_read(
        a in strategies::settings(), b in strategies::settings(),
    ) {
        let pairs = compare(None, Have::Read(&a), Have::Read(&b));
        let names: BTreeSet<&String> = a.fields.keys().chain(b.fields.keys())
            .chain(a.events.keys()).chain(b.events.keys()).collect();
        let found: BTreeSet<&String> = pairs.iter().map(|pair| &pair.name).collect();
        prop_assert_eq!(found, names, "every field and event is kept");
        let differ = a.events.iter().any(|(name, on)| b.events.get(name).is_some_and(|it| it != on));
        if differ {
            prop_assert!(!agree(None, &a, &b), "events that differ are a difference");
        }
        prop_assert!(agree(None, &a, &a), "and what is equal agrees");
    }
}
