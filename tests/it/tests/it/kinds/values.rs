//! Values for every field of the catalog: by type, format, choices and conditions.

use std::collections::BTreeMap;

use heirloom_engine::core::catalog::{Field, FieldType, Format, Integration};
use heirloom_engine::core::ids::Level;
use heirloom_engine::core::plan::is_shown;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::string::string_regex;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The release the values are for where a test is not about releases.
pub(super) const SERVER: (u32, u32) = (18, 10);

/// A form, filled in.
#[derive(Clone, Debug)]
pub(super) struct Filled {
    pub draft: Settings,
    pub secrets: BTreeMap<String, String>,
}

impl Filled {
    /// Every field and secret that this level of that server has, with values that depend on
    /// `seed`, and every event turned over.
    pub(super) fn whole(kind: &Integration, level: Level, server: (u32, u32), seed: u8) -> Self {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let mut make = |strategy: BoxedStrategy<Value>| {
            strategy.new_tree(&mut runner).expect("a value").current()
        };
        let here = || kind.fields.iter().filter(|it| it.rest && it.offered(level, server));
        let mut fields: BTreeMap<String, Value> = here()
            .filter(|field| !field.secret)
            .map(|field| (field.name.to_owned(), make(good(field))))
            .collect();
        // What others depend on takes a value under which they are there.
        for condition in here().filter_map(|field| field.shown_if.as_ref()) {
            let other = kind.field(condition.field).expect("the catalog's own field");
            if let Some(text) = condition.one_of.iter().find(|text| !text.is_empty())
                && !condition.holds(&fields)
            {
                fields.insert(other.name.into(), Value::from_text(other.field_type, text));
            }
        }
        let all = fields.clone();
        fields.retain(|name, _| kind.field(name).is_some_and(|field| is_shown(field, &all)));
        let secrets = here()
            .filter(|field| field.secret && is_shown(field, &all))
            .map(|field| (field.name.to_owned(), text_of(make(good(field)))))
            .collect();
        let events = kind
            .events
            .iter()
            .filter(|event| event.rest && event.offered(level, server))
            .map(|event| (event.name.to_owned(), event.default == seed.is_multiple_of(2)))
            .collect();
        Self { draft: Settings { fields, events }, secrets }
    }
}

pub(super) fn text_of(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        Value::Integer(whole) => whole.to_string(),
        Value::Bool(on) => on.to_string(),
        Value::List(items) => items.join(","),
        Value::Unset | Value::Empty => String::new(),
    }
}

/// A value that keeps to every rule of a field.
pub(super) fn good(field: &'static Field) -> BoxedStrategy<Value> {
    let text = |regex: &str| {
        let most = field.max_length.unwrap_or(u32::MAX) as usize;
        string_regex(regex)
            .expect("a pattern that can be generated")
            .prop_filter("longer than GitLab takes, or blank", move |it| {
                it.chars().count() <= most && !it.trim().is_empty()
            })
            .prop_map(Value::Text)
            .boxed()
    };
    if !field.choices.is_empty() {
        let texts: Vec<_> = field.choices.iter().map(|choice| choice.value).collect();
        return select(texts).prop_map(|it| Value::from_text(field.field_type, it)).boxed();
    }
    match (field.field_type, field.format, &field.pattern) {
        (FieldType::Boolean, ..) => any::<bool>().prop_map(Value::Bool).boxed(),
        (FieldType::Integer, ..) => any::<i32>().prop_map(|it| Value::Integer(it.into())).boxed(),
        (FieldType::StringArray, ..) => vec("[A-Z]{2,5}", 1..9).prop_map(Value::List).boxed(),
        // Any characters may stand behind these: addresses have fewer.
        (FieldType::String, Some(Format::Url), Some(pattern)) => {
            let regex = pattern.regex.replace(".*", "[a-z0-9/]{3,20}");
            text(&regex.replace(r"[^/?#\s]+", "[a-z]{3,9}").replace(r":\d+", ":[1-9][0-9]{1,3}"))
        }
        (FieldType::String, Some(Format::Url), None) => {
            text("https?://[a-z]{2,9}(\\.[a-z]{2,9}){0,2}(:[1-9][0-9]{0,3})?(/[a-z0-9]{1,9}){0,3}")
        }
        (FieldType::String, _, Some(pattern)) => {
            // Controls and the rarest scripts are not what this is about.
            text(
                &pattern
                    .regex
                    .replace("\\w", "[a-z0-9_]")
                    .replace("\\d", "[0-9]")
                    .replace(".*", "[a-z ]*"),
            )
        }
        (FieldType::String, Some(Format::Emails), None) => {
            text("[a-z.+]{1,9}@[a-z]{1,9}( [a-z]{1,9}@[a-z]{1,9}){0,9}")
        }
        (FieldType::String, Some(Format::EmailsOrCommas), None) => {
            text("[a-z.+]{1,9}@[a-z]{1,9}(, ?[a-z]{1,9}@[a-z]{1,9}){0,9}")
        }
        (FieldType::String, Some(Format::Regex), None) => text("[a-z]{1,9}(\\([a-z]\\+\\))?"),
        (FieldType::String, Some(Format::Branches) | None, None) => {
            text("[a-z][a-z0-9 #~-]{0,20}[a-z]")
        }
    }
}

/// Something else than a field wants, often enough.
pub(super) fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Unset),
        Just(Value::Empty),
        Just(Value::Text("   ".into())),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(|it| Value::Integer(it.into())),
        "\\PC{1,30}".prop_map(Value::Text),
        "(https?|ftp|javascript)?:?/{0,3}[a-z0-9:@?#%{}/. ]{0,20}"
            .prop_map(|it| if it.is_empty() { Value::Empty } else { Value::Text(it) }),
        vec("\\PC{0,8}", 1..4).prop_map(Value::List),
    ]
}
