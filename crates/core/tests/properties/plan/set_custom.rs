use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::catalog::{self, FieldType, Integration};
use heirloom_core::ids::{Level, ScopeKey};
use heirloom_core::plan::{
    Besides, Refusal, SecretNeed, SecretState, Snapshot, is_shown, secret_needs, set_custom,
};
use heirloom_core::settings::Settings;
use heirloom_core::validation::{Secrets, problems};
use heirloom_core::value::Value;
use proptest::prelude::*;

use super::gitlab::{Row, put, with_secrets};
use super::{before, body, scopes, slug};
use crate::strategies::{draft, typed, writable};

type Case = (&'static Integration, Snapshot, Settings, Vec<String>);

fn case() -> impl Strategy<Value = Case> {
    writable().prop_flat_map(|it| (Just(it), before(it), draft(it), typed(it)))
}

/// The form as it will be: the draft's values over the stored ones.
fn form(before: &Snapshot, draft: &Settings) -> BTreeMap<String, Value> {
    let mut form = before.settings().fields;
    form.extend(draft.fields.clone());
    form
}

fn passes(it: &'static Integration, before: &Snapshot, draft: &Settings) -> bool {
    let all: BTreeSet<String> =
        it.fields.iter().filter(|it| it.secret).map(|it| it.name.to_owned()).collect();
    let secrets = Secrets { given: all.clone(), stored: BTreeSet::new(), let_go: all };
    // What only the settings page can set is dropped here; that the form says so is its own rule.
    let fields = draft.fields.iter().filter(|(name, _)| it.field(name).is_some_and(|it| it.rest));
    let fields = fields.map(|(name, value)| (name.clone(), value.clone())).collect();
    problems(it, &before.settings().fields, &fields, &secrets).is_empty()
}

proptest! {
    #![proptest_config(crate::strategies::cases(2500))]

    #[test]
    fn gitlab_ends_with_the_row_that_was_predicted((it, before, draft, typed) in case()) {
        prop_assume!(passes(it, &before, &draft));
        for scope in scopes(it) {
            let step = set_custom(it, scope, &slug(it), &before, &draft, &typed).unwrap();
            let row = Row::behind(it, &before, "stored");
            let sent = with_secrets(body(&step), &step.secrets, "typed");
            let after = put(it, row.as_ref(), &sent, None);
            let after = match after {
                Ok(after) => after,
                Err(said) => return Err(TestCaseError::fail(format!("{}: refused: {said}", it.slug))),
            };
            let read = after.read(it);
            let differ = heirloom_core::plan::changes(it, &step.after, &read);
            prop_assert!(
                step.after.same(it, &read) && differ.is_empty(),
                "{}: {:?}\n sent {:?}", it.slug, differ, sent
            );
            // Secrets end as they were said to.
            for need in secret_needs(it, &before, &draft, &typed) {
                let found = after.secrets.get(need.field).map(String::as_str);
                let expected = match need.state {
                    SecretState::New | SecretState::Needed => Some("typed"),
                    SecretState::Dropped => None,
                    SecretState::Kept if before == Snapshot::Nothing => None,
                    SecretState::Kept => Some("stored"),
                };
                prop_assert_eq!(found, expected, "{} {}: {:?}", it.slug, need.field, need.state);
            }
            // Read back, the same draft changes nothing more.
            let again = set_custom(it, scope, &slug(it), &read, &draft, &[]).unwrap();
            prop_assert!(again.changes(it).is_empty(), "{}: planned twice, changed once", it.slug);
            prop_assert_eq!(again.is_no_op(it), again.secrets.is_empty(), "{}: nothing to do", it.slug);
        }
    }

    #[test]
    fn a_body_holds_what_gitlab_wants_and_nothing_it_must_not_see((it, before, draft, typed) in case()) {
        let form = form(&before, &draft);
        for scope in scopes(it) {
            let step = set_custom(it, scope, &slug(it), &before, &draft, &typed).unwrap();
            let flag = body(&step).get("use_inherited_settings");
            prop_assert_eq!(
                flag.and_then(serde_json::Value::as_bool),
                it.supports_inherit.then_some(false),
                "left out, an inheriting row would ignore every value"
            );
            for (name, value) in body(&step) {
                if name == "use_inherited_settings" { continue }
                if let Some(event) = it.events.iter().find(|event| event.name == name) {
                    prop_assert!(event.rest, "{} {name}: the API does not take it", it.slug);
                    prop_assert_eq!(value.as_bool(), draft.events.get(name).copied(), "as drafted");
                    continue;
                }
                let field = it.fields.iter().find(|field| field.name == name);
                let field = field.ok_or_else(|| TestCaseError::fail(format!("{name} is no parameter")))?;
                prop_assert!(!field.secret, "{} {name}: a secret", it.slug);
                prop_assert!(field.rest, "{} {name}: the API does not take it", it.slug);
                prop_assert!(is_shown(field, &form), "{} {name}: hidden by its condition", it.slug);
                prop_assert!(!value.is_null(), "{} {name}: null is no value", it.slug);
            }
            for field in it.fields.iter().filter(|field| field.required && !field.secret) {
                // A blank number cannot be sent; a draft with one is refused as incomplete.
                let fillable = field.field_type != FieldType::Integer
                    || form.get(field.name).is_some_and(|value| !value.is_blank());
                prop_assert!(
                    body(&step).contains_key(field.name) || !fillable,
                    "{} {}: wanted on every PUT", it.slug, field.name
                );
            }
        }
    }

    #[test]
    fn the_row_after_is_the_row_before_with_the_draft_over_it((it, before, draft, typed) in case()) {
        prop_assume!(passes(it, &before, &draft));
        let (stored, form) = (before.settings(), form(&before, &draft));
        let scope = scopes(it)[0];
        let step = set_custom(it, scope, &slug(it), &before, &draft, &typed).unwrap();
        let after = step.after.settings();
        prop_assert!(!step.after.inherited(), "own settings");
        prop_assert_eq!(step.after.active(), before.active() || it.creatable, "saving switches on");
        for field in it.fields.iter().filter(|field| !field.secret) {
            let value = |settings: &Settings| settings.fields.get(field.name).cloned().unwrap_or_default();
            let sent = field.rest && is_shown(field, &form);
            let drafted = draft.fields.get(field.name).filter(|_| sent);
            // A number or a checkbox cannot be blank: what it becomes is in the catalog.
            let expected = match drafted {
                Some(blank) if blank.is_blank() && !value(&stored).is_blank()
                    && body(&step).get(field.name).is_none_or(|sent| sent.is_boolean() || sent.is_i64()) =>
                    field.default.map_or(value(&stored), |text| Value::from_text(field.field_type, text)),
                Some(drafted) => Value::from_json(field.field_type, &drafted.to_json()),
                None => value(&stored),
            };
            prop_assert!(value(&after).same_setting(&expected), "{} {}: {:?} {:?}", it.slug, field.name, value(&after), expected);
        }
        for event in it.events {
            let drafted = draft.events.get(event.name).filter(|_| event.rest);
            let expected = drafted.or(stored.events.get(event.name));
            prop_assert_eq!(after.events.get(event.name), expected, "{} {}", it.slug, event.name);
        }
        prop_assert_eq!(step.before, before.clone(), "what it was planned on is kept");
        let besides = |wanted: &dyn Fn(&Besides) -> bool| step.besides.iter().any(wanted);
        prop_assert_eq!(besides(&|it| *it == Besides::BecomesCustom), before.inherited(), "the link is cut");
        prop_assert_eq!(besides(&|it| *it == Besides::SwitchesOn), !before.active() && it.creatable, "said");
        prop_assert_eq!(besides(&|it| *it == Besides::StaysOn), before.active(), "said");
    }

    #[test]
    fn secrets_say_where_they_stand((it, before, draft, typed) in case()) {
        let (stored, form) = (before.settings(), form(&before, &draft));
        let needs = secret_needs(it, &before, &draft, &typed);
        let changed: Vec<&str> = it.fields.iter()
            .filter(|field| field.clears_secrets && !field.secret && is_shown(field, &form))
            .filter(|field| draft.fields.get(field.name).is_some_and(|new| {
                // What is sent is of the field's own type: 1 for a text is "1".
                let new = Value::from_json(field.field_type, &new.to_json());
                !new.same_setting(stored.fields.get(field.name).unwrap_or(&Value::Unset))
            }))
            .map(|field| field.name)
            .collect();
        // Squash TM's address is a secret, sent on every PUT, and clears the token beside it.
        let sent: Vec<&str> = it.fields.iter()
            .filter(|field| field.secret && field.clears_secrets)
            .filter(|field| field.required || typed.iter().any(|name| name == field.name))
            .map(|field| field.name)
            .collect();
        let expected: Vec<&str> = it.fields.iter()
            .filter(|field| field.secret && field.rest && is_shown(field, &form))
            .map(|field| field.name).collect();
        prop_assert_eq!(needs.iter().map(|it| it.field).collect::<Vec<_>>(), expected, "each of the form");
        for need in &needs {
            let field = it.field(need.field).unwrap();
            let was_typed = typed.iter().any(|name| name == need.field);
            let by: Vec<&str> = changed.iter().chain(&sent).copied()
                .filter(|name| *name != need.field)
                .collect();
            let drops = before != Snapshot::Nothing && !by.is_empty();
            let state = match (was_typed, field.required, drops) {
                (true, ..) => SecretState::New,
                (false, true, _) => SecretState::Needed,
                (false, false, true) => SecretState::Dropped,
                (false, false, false) => SecretState::Kept,
            };
            prop_assert_eq!(need.state, state, "{} {}", it.slug, need.field);
            match need.dropped_by {
                Some(found) => prop_assert!(drops && by.contains(&found), "{} {found}", it.slug),
                None => prop_assert!(!drops, "{}: {:?} changed", it.slug, by),
            }
        }
        let step = set_custom(it, scopes(it)[0], &slug(it), &before, &draft, &typed).unwrap();
        let wanted: Vec<String> = needs.iter()
            .filter(|need| matches!(need.state, SecretState::New | SecretState::Needed))
            .map(|need| need.field.to_owned()).collect();
        prop_assert_eq!(step.secrets, wanted, "the write waits for these");
        let dropped = step.besides.iter().any(|it| matches!(it, Besides::DropsSecrets { .. }));
        let lost = |need: &SecretNeed| {
            need.dropped_by.is_some() && need.state != SecretState::New
        };
        prop_assert_eq!(dropped, needs.iter().any(lost), "what is lost, and not replaced, is said beforehand");
    }

    #[test]
    fn a_draft_that_mentions_nothing_new_is_nothing_to_do(
        (it, before) in writable().prop_flat_map(|it| (Just(it), before(it))),
    ) {
        for draft in [Settings::default(), before.settings()] {
            let step = set_custom(it, scopes(it)[0], &slug(it), &before, &draft, &[]).unwrap();
            prop_assert!(step.changes(it).is_empty(), "{}: nothing changes", it.slug);
            let nothing = !before.inherited() && before.active() && step.secrets.is_empty();
            let inert = !before.inherited() && !it.creatable && step.secrets.is_empty();
            prop_assert_eq!(step.is_no_op(it), nothing || inert, "{}: link and switch count", it.slug);
        }
    }
}

#[test]
fn a_partial_draft_is_read_in_the_light_of_what_is_stored() {
    let jira = catalog::find(&"jira".parse().unwrap()).unwrap();
    let stored = Settings {
        fields: [
            ("url".to_owned(), Value::Text("https://jira.example.com".into())),
            ("jira_check_enabled".to_owned(), Value::Bool(true)),
            ("jira_auth_type".to_owned(), Value::Integer(1)),
        ]
        .into(),
        events: BTreeMap::new(),
    };
    let before = Snapshot::Stored { inherited: false, active: true, settings: stored };
    let draft = Settings {
        fields: [
            ("jira_exists_check_enabled".to_owned(), Value::Bool(true)),
            ("username".to_owned(), Value::Text("sana".into())),
        ]
        .into(),
        events: BTreeMap::new(),
    };
    let step = set_custom(jira, ScopeKey::project(1), &slug(jira), &before, &draft, &[]).unwrap();
    assert!(
        body(&step).contains_key("jira_exists_check_enabled"),
        "shown, since what it hangs on is stored as on"
    );
    assert!(!body(&step).contains_key("username"), "hidden, since a personal access token is used");
    assert!(!step.after.settings().fields.contains_key("username"), "and so nothing is promised");
}

#[test]
fn an_event_the_row_did_not_have_is_something_to_do() {
    let slack = catalog::find(&"asana".parse().unwrap()).unwrap();
    let before = Snapshot::Stored { inherited: false, active: true, settings: Settings::default() };
    let youtrack = catalog::find(&"emails-on-push".parse().unwrap()).unwrap();
    let recipients = [("recipients".to_owned(), Value::Text("a@example.com".into()))];
    let stored = Settings { fields: recipients.clone().into(), events: BTreeMap::new() };
    let draft = Settings {
        fields: recipients.into(),
        events: [("tag_push_events".to_owned(), true)].into(),
    };
    let before_mail = Snapshot::Stored { inherited: false, active: true, settings: stored };
    let step =
        set_custom(youtrack, ScopeKey::project(1), &slug(youtrack), &before_mail, &draft, &[])
            .unwrap();
    assert!(step.secrets.is_empty(), "no secret keeps it from being a no-op");
    assert!(!step.is_no_op(youtrack), "the event will be on, and was not");
    let nothing = set_custom(
        slack,
        ScopeKey::project(1),
        &slug(slack),
        &before,
        &Settings::default(),
        &["api_key".into()],
    )
    .unwrap();
    assert!(!nothing.is_no_op(slack), "a new secret is a change nobody can see");
}

#[test]
fn what_the_api_cannot_change_is_refused() {
    let nothing = Settings::default();
    let row = Snapshot::Stored { inherited: false, active: true, settings: nothing.clone() };
    for it in catalog::all() {
        for scope in [ScopeKey::INSTANCE, ScopeKey::group(1), ScopeKey::project(2)] {
            let made = set_custom(it, scope, &slug(it), &row, &nothing, &[]);
            let expected = if !it.rest || it.read_only {
                Err(Refusal::NoApi(it.title))
            } else if !it.levels.contains(scope.level) {
                Err(Refusal::Level(it.title))
            } else if scope.level == Level::Instance {
                Err(Refusal::Instance)
            } else {
                Ok(())
            };
            assert_eq!(made.map(|_| ()), expected, "{} at {scope}", it.slug);
            if expected.is_ok() {
                let made = set_custom(it, scope, &slug(it), &Snapshot::Nothing, &nothing, &[]);
                let expected =
                    if it.creatable { Ok(()) } else { Err(Refusal::NotCreatable(it.title)) };
                assert_eq!(made.map(|_| ()), expected, "{} anew at {scope}", it.slug);
            }
        }
    }
}
