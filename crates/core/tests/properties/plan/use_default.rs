use heirloom_core::catalog::{self, Integration};
use heirloom_core::ids::{Level, ScopeKey};
use heirloom_core::plan::{Besides, Refusal, Snapshot, is_shown, use_default};
use heirloom_core::settings::Settings;
use proptest::prelude::*;

use super::gitlab::{Row, put};
use super::{before, body, slug};
use crate::strategies::{stored, writable};

fn case() -> impl Strategy<Value = (&'static Integration, Snapshot, Snapshot)> {
    let resettable =
        |it: &&'static Integration| it.supports_inherit && it.levels.contains(Level::Project);
    writable().prop_filter("never inherits", resettable).prop_flat_map(|it| {
        let default = (any::<bool>(), stored(it)).prop_map(|(active, settings)| Snapshot::Stored {
            inherited: false,
            active,
            settings,
        });
        (Just(it), before(it), default)
    })
}

proptest! {
    #![proptest_config(crate::strategies::cases(1000))]

    #[test]
    fn gitlab_ends_with_the_default((it, before, default) in case()) {
        let (project, source) = (ScopeKey::project(5), ScopeKey::group(6));
        let step = use_default(it, project, &slug(it), &before, source, &default).unwrap();
        prop_assert_eq!(step.source, Some(source), "where the settings will come from");
        prop_assert!(step.secrets.is_empty(), "the default brings its own");
        let row = Row::behind(it, &before, "own");
        let theirs = Row::behind(it, &default, "theirs");
        let after = match put(it, row.as_ref(), body(&step), theirs.as_ref()) {
            Ok(after) => after,
            Err(said) => return Err(TestCaseError::fail(format!("{}: refused: {said}", it.slug))),
        };
        let read = after.read(it);
        prop_assert!(
            step.after.same(it, &read) && heirloom_core::plan::changes(it, &step.after, &read).is_empty(),
            "{}: {:?} {:?}", it.slug, step.after, read
        );
        prop_assert_eq!(step.after.active(), default.active(), "on exactly if the default is");
        prop_assert!(after.secrets.values().all(|text| text == "theirs"), "its secrets, too");
        let besides = |wanted: Besides| step.besides.contains(&wanted);
        prop_assert_eq!(besides(Besides::SwitchesOff), before.active() && !default.active(), "said");
        prop_assert_eq!(besides(Besides::SwitchesOn), !before.active() && default.active(), "said");
        prop_assert!(besides(Besides::FollowsDefault), "said");
    }

    #[test]
    fn every_required_parameter_is_there_and_no_secret((it, before, default) in case()) {
        let step =
            use_default(it, ScopeKey::project(5), &slug(it), &before, ScopeKey::INSTANCE, &default).unwrap();
        prop_assert_eq!(body(&step).get("use_inherited_settings"), Some(&true.into()), "always said");
        for field in it.fields.iter().filter(|field| field.required) {
            let sent = body(&step).get(field.name);
            let sent = sent.ok_or_else(|| TestCaseError::fail(format!("{} {} is missing", it.slug, field.name)))?;
            let blank = sent.is_null() || sent.as_str().is_some_and(str::is_empty);
            prop_assert!(!blank, "{} {}: filled in", it.slug, field.name);
            if field.secret {
                prop_assert_eq!(sent, "unused", "{} {}: a word that is never stored", it.slug, field.name);
            }
        }
        let required = it.fields.iter().filter(|field| field.required).count();
        prop_assert_eq!(body(&step).len(), 1 + required, "{}: the rest is ignored, so not sent", it.slug);
    }

    #[test]
    fn secrets_that_go_are_named((it, before, default) in case()) {
        let step =
            use_default(it, ScopeKey::project(5), &slug(it), &before, ScopeKey::INSTANCE, &default).unwrap();
        let own = matches!(before, Snapshot::Stored { inherited: false, .. });
        let fields = before.settings().fields;
        let expected: Vec<String> = it.fields.iter()
            .filter(|field| own && field.secret && field.levels.contains(Level::Project))
            .filter(|field| is_shown(field, &fields))
            .map(|field| field.name.to_owned())
            .collect();
        let named = step.besides.iter().find_map(|it| match it {
            Besides::LosesSecrets { secrets } => Some(secrets.clone()),
            _ => None,
        });
        prop_assert_eq!(named.unwrap_or_default(), expected, "{}", it.slug);
    }

    #[test]
    fn going_where_one_is_already_is_nothing_to_do((it, _, default) in case()) {
        let Snapshot::Stored { active, settings, .. } = default.clone() else { unreachable!() };
        let there = Snapshot::Stored { inherited: true, active, settings };
        let step =
            use_default(it, ScopeKey::project(5), &slug(it), &there, ScopeKey::INSTANCE, &default).unwrap();
        prop_assert!(step.is_no_op(it), "{}", it.slug);
    }
}

#[test]
fn where_it_cannot_work_it_is_refused() {
    let row = Snapshot::Stored { inherited: false, active: true, settings: Settings::default() };
    for it in catalog::all() {
        for scope in [ScopeKey::INSTANCE, ScopeKey::group(1), ScopeKey::project(2)] {
            let made = use_default(it, scope, &slug(it), &row, ScopeKey::INSTANCE, &row);
            let expected = match (scope.level, it.levels.contains(scope.level)) {
                _ if !it.rest || it.read_only => Err(Refusal::NoApi(it.title)),
                _ if !it.supports_inherit => Err(Refusal::NoInheritance(it.title)),
                (_, false) => Err(Refusal::Level(it.title)),
                (Level::Project, true) => Ok(()),
                (Level::Group, true) if !it.creatable => Err(Refusal::InstalledElsewhere(it.title)),
                (Level::Group, true) => {
                    match it.fields.iter().find(|it| it.secret && !it.required && it.rest) {
                        Some(field) => {
                            Err(Refusal::SecretPerhaps { title: it.title, secret: field.title })
                        }
                        // A row without settings was not read.
                        None if it.fields.iter().any(|it| it.rest && !it.secret) => {
                            Err(Refusal::DefaultUnread(it.title))
                        }
                        None => Ok(()),
                    }
                }
                (Level::Instance, true) => Err(Refusal::NoInheritance(it.title)),
            };
            assert_eq!(made.map(|_| ()), expected, "{} at {scope}", it.slug);
        }
    }
}
