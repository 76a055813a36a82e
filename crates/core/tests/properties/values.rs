//! Values through JSON and files.

use heirloom_core::catalog::FieldType;
use heirloom_core::plan::Snapshot;
use heirloom_core::settings::Settings;
use heirloom_core::value::Value;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::strategies;

const TYPES: [FieldType; 4] =
    [FieldType::String, FieldType::Boolean, FieldType::Integer, FieldType::StringArray];

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(|it| json!(it)),
        prop_oneof!["", "true", "false", "0", "1", "[0-9]{1,25}", "\\PC{0,12}", " ?a, ?b ?,"]
            .prop_map(Json::from),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::hash_map("[a-z]{1,4}", inner, 0..3)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(crate::strategies::cases(3000))]

    #[test]
    fn whatever_a_server_says_survives_the_store(json in any_json()) {
        for field_type in TYPES {
            let value = Value::from_json(field_type, &json);
            let stored = serde_json::to_string(&value).unwrap();
            let back: Value = serde_json::from_str(&stored).unwrap();
            prop_assert_eq!(&back, &value, "{:?} from {}", field_type, json);
            // What does not fit the type is kept as text, to be shown; it is never sent.
            let unfit = matches!(value, Value::Text(_)) && field_type != FieldType::String;
            let sent = if unfit { value.clone() } else { Value::from_json(field_type, &value.to_json()) };
            prop_assert_eq!(sent, value, "what is sent reads as what was meant: {:?} {}", field_type, json);
        }
    }

    #[test]
    fn one_setting_is_an_equivalence(
        a in strategies::value(), b in strategies::value(), c in strategies::value(),
    ) {
        prop_assert!(a.same_setting(&a), "each is itself");
        prop_assert_eq!(a.same_setting(&b), b.same_setting(&a), "sides do not matter");
        if a.same_setting(&b) && b.same_setting(&c) {
            prop_assert!(a.same_setting(&c), "what equals one thing is equal");
        }
    }

    #[test]
    fn snapshots_survive_the_journal(
        inherited in any::<bool>(),
        active in any::<bool>(),
        settings in strategies::settings(),
    ) {
        for snapshot in [Snapshot::Nothing, Snapshot::Stored { inherited, active, settings }] {
            let stored = serde_json::to_string(&snapshot).unwrap();
            prop_assert_eq!(serde_json::from_str::<Snapshot>(&stored).unwrap(), snapshot, "{}", stored);
        }
    }

    #[test]
    fn settings_survive_a_file(settings in strategies::settings()) {
        let stored = serde_json::to_string(&settings).unwrap();
        prop_assert_eq!(serde_json::from_str::<Settings>(&stored).unwrap(), settings, "{}", stored);
    }
}

#[test]
fn booleans_as_text_and_numbers_are_one_value() {
    for (on, off) in [
        (json!(true), json!(false)),
        (json!("true"), json!("false")),
        (json!(1), json!(0)),
        (json!("1"), json!("0")),
    ] {
        assert_eq!(Value::from_json(FieldType::Boolean, &on), Value::Bool(true), "{on}");
        assert_eq!(Value::from_json(FieldType::Boolean, &off), Value::Bool(false), "{off}");
    }
}

#[test]
fn nothing_stored_and_a_blank_are_told_apart_and_still_one_setting() {
    for field_type in TYPES {
        let (unset, blank) =
            (Value::from_json(field_type, &Json::Null), Value::from_json(field_type, &json!("")));
        assert_eq!((&unset, &blank), (&Value::Unset, &Value::Empty), "{field_type:?}: told apart");
        assert!(unset.same_setting(&blank), "{field_type:?}: GitLab behaves the same for both");
    }
    let list = Value::from_json(FieldType::StringArray, &json!([]));
    assert!(list.same_setting(&Value::Unset), "an empty list is blank, too");
    assert!(!Value::Bool(false).same_setting(&Value::Unset), "off is a value, not its absence");
}
