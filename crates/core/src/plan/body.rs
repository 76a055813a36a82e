//! The parameters of a PUT.

use serde_json::{Map, Value as Json};

use crate::catalog::{Field, FieldType, Integration};
use crate::value::Value;

/// Always sent: without it an inheriting row stays linked, and GitLab answers 200 and ignores
/// every value (contract, section 2).
pub(super) const USE_INHERITED: &str = "use_inherited_settings";

/// Starts a body with the inheritance flag, where the integration takes it.
pub(super) fn begin(integration: &Integration, inherit: bool) -> Map<String, Json> {
    let mut body = Map::new();
    if integration.supports_inherit {
        body.insert(USE_INHERITED.into(), Json::Bool(inherit));
    }
    body
}

/// What GitLab will have stored after being sent a drafted value: by the field's type, whatever
/// the draft's JSON was. Booleans and numbers have no blank: unset ones become what GitLab takes
/// them to be, and stay as they are where that is not known.
pub(super) fn storable(field: &Field, old: &Value, drafted: &Value) -> Value {
    let new = Value::from_json(field.field_type, &drafted.to_json());
    if old.same_setting(&new) {
        return old.clone();
    }
    match field.field_type {
        FieldType::Boolean | FieldType::Integer if new.is_blank() => match field.default {
            Some(text) => Value::from_text(field.field_type, text),
            None => old.clone(),
        },
        _ => new,
    }
}

/// A field's parameter.
pub(super) fn put(body: &mut Map<String, Json>, field: &Field, value: &Value) {
    let json = match (value, field.field_type) {
        (Value::Unset | Value::Empty, FieldType::Boolean | FieldType::Integer) => {
            match field.default {
                Some(text) => Value::from_text(field.field_type, text).to_json(),
                None => return,
            }
        }
        (Value::Unset | Value::Empty, FieldType::StringArray) => Json::Array(Vec::new()),
        (Value::Unset | Value::Empty, FieldType::String) => Json::String(String::new()),
        (set, _) => set.to_json(),
    };
    body.insert(field.name.to_owned(), json);
}

/// Stands in for a required parameter that GitLab checks for presence and then ignores
/// (contract, section 2: `use_inherited_settings=true`).
pub(super) fn placeholder(field: &Field) -> Json {
    match field.field_type {
        FieldType::Boolean => Json::Bool(true),
        FieldType::Integer => Json::from(0),
        FieldType::StringArray => Json::from(vec!["unused"]),
        FieldType::String => Json::String("unused".into()),
    }
}
