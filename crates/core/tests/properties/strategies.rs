//! Random values, settings and drafts of the catalog's integrations.

use std::collections::BTreeMap;

use heirloom_core::catalog::{self, Event, Field, FieldType, Format, Integration};
use heirloom_core::settings::Settings;
use heirloom_core::value::Value;
use proptest::prelude::*;
use proptest::sample::select;

/// So many cases. What fails is made smaller for a while, not for ever, and not kept in a file.
pub fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        max_global_rejects: 100_000,
        max_shrink_time: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Any value, of any type.
pub fn value() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(Value::Unset),
        Just(Value::Empty),
        any::<bool>().prop_map(Value::Bool),
        (-3_i64..4).prop_map(Value::Integer),
        prop_oneof!["true", "1", "[ab]{1,2}", "\\PC{1,9}"].prop_map(Value::Text),
        proptest::collection::vec("[AB]{1,2}", 1..3).prop_map(Value::List),
    ]
    .boxed()
}

/// Settings of no kind in particular.
pub fn settings() -> impl Strategy<Value = Settings> {
    (
        proptest::collection::btree_map("[a-z_]{1,6}", value(), 0..6),
        proptest::collection::btree_map("[a-z]{1,3}_events", any::<bool>(), 0..6),
    )
        .prop_map(|(fields, events)| Settings { fields, events })
}

/// Any integration of the catalog.
pub fn integration() -> impl Strategy<Value = &'static Integration> {
    select(catalog::all().iter().collect::<Vec<_>>())
}

/// An integration that the API writes.
pub fn writable() -> impl Strategy<Value = &'static Integration> {
    let writable = catalog::all().iter().filter(|it| it.rest && !it.read_only);
    select(writable.collect::<Vec<_>>())
}

/// A value that a field takes.
pub fn good(field: &'static Field) -> BoxedStrategy<Value> {
    let text = |strategy: BoxedStrategy<String>| strategy.prop_map(Value::Text).boxed();
    match (&field.pattern, field.field_type, field.format) {
        (Some(_), _, Some(Format::Url)) => Just(Value::Text(field.placeholder.into())).boxed(),
        (Some(pattern), ..) => {
            let most = field.max_length.unwrap_or(u32::MAX) as usize;
            let matching = proptest::string::string_regex(pattern.regex).unwrap();
            text(
                matching
                    .prop_filter("longer than GitLab takes", move |it| it.len() <= most)
                    .boxed(),
            )
        }
        _ if !field.choices.is_empty() => {
            let texts: Vec<_> = field.choices.iter().map(|choice| choice.value).collect();
            select(texts).prop_map(|it| Value::from_text(field.field_type, it)).boxed()
        }
        (None, FieldType::Boolean, _) => any::<bool>().prop_map(Value::Bool).boxed(),
        (None, FieldType::Integer, _) => (0_i64..5).prop_map(Value::Integer).boxed(),
        (None, FieldType::StringArray, _) => {
            proptest::collection::vec("[A-Z]{2}", 1..4).prop_map(Value::List).boxed()
        }
        (None, FieldType::String, Some(Format::Url)) => {
            text("https://[ab]\\.example\\.com".boxed())
        }
        (None, FieldType::String, Some(Format::Emails | Format::EmailsOrCommas)) => {
            text("[ab]@example\\.com".boxed())
        }
        (None, FieldType::String, Some(Format::Regex)) => text("[a-z]{1,5}".boxed()),
        // GitLab takes a number where it wants text, and stores the text.
        (None, FieldType::String, Some(Format::Branches) | None) => {
            prop_oneof![4 => text("[ab]{1,2}".boxed()), 1 => (1_i64..4).prop_map(Value::Integer)]
                .boxed()
        }
    }
}

/// A value that a form may hold, a blank among them where it may be blank.
fn drafted(field: &'static Field) -> BoxedStrategy<Value> {
    if field.required {
        return good(field);
    }
    prop_oneof![4 => good(field), 1 => Just(Value::Unset), 1 => Just(Value::Empty)].boxed()
}

fn some_of<T: std::fmt::Debug + 'static>(
    names: Vec<(&'static str, BoxedStrategy<T>)>,
    always: fn(&str, &Integration) -> bool,
    integration: &'static Integration,
) -> BoxedStrategy<BTreeMap<String, T>> {
    names
        .into_iter()
        .map(|(name, one)| {
            let one = if always(name, integration) {
                one.prop_map(Some).boxed()
            } else {
                proptest::option::of(one).boxed()
            };
            one.prop_map(move |it| (name.to_owned(), it))
        })
        .collect::<Vec<_>>()
        .prop_map(|pairs| {
            pairs.into_iter().filter_map(|(name, it)| it.map(|it| (name, it))).collect()
        })
        .boxed()
}

fn events(
    integration: &'static Integration,
    keep: fn(&Event) -> bool,
) -> BoxedStrategy<BTreeMap<String, bool>> {
    let events = integration.events.iter().filter(|event| keep(event));
    some_of(events.map(|it| (it.name, any::<bool>().boxed())).collect(), |_, _| false, integration)
}

fn is_required(name: &str, integration: &Integration) -> bool {
    integration.field(name).is_some_and(|field| field.required)
}

/// A row as GitLab would return it: required fields filled in, whole numbers as text where the
/// field is text.
pub fn stored(integration: &'static Integration) -> impl Strategy<Value = Settings> {
    let fields = integration.fields.iter().filter(|field| !field.secret).map(|field| {
        let typed =
            good(field).prop_map(|it| Value::from_json(field.field_type, &it.to_json())).boxed();
        (field.name, typed)
    });
    (some_of(fields.collect(), is_required, integration), events(integration, |it| it.rest))
        .prop_map(|(fields, events)| Settings { fields, events })
}

/// What a form may hold: mentions some fields, and some that the API does not take.
pub fn draft(integration: &'static Integration) -> impl Strategy<Value = Settings> {
    let fields = integration.fields.iter().filter(|field| !field.secret);
    let fields = fields.map(|field| (field.name, drafted(field))).collect();
    (some_of(fields, |_, _| false, integration), events(integration, |_| true))
        .prop_map(|(fields, events)| Settings { fields, events })
}

/// Some of an integration's secrets, by name.
pub fn typed(integration: &'static Integration) -> impl Strategy<Value = Vec<String>> {
    let secrets = integration.fields.iter().filter(|field| field.secret && field.rest);
    let names: Vec<_> = secrets.map(|field| field.name.to_owned()).collect();
    let count = names.len();
    proptest::sample::subsequence(names, 0..=count)
}
