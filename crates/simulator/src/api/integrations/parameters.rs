//! What Grape makes of the body of a PUT: required, declared, coerced (contract, sections 2, 9).

use serde_json::Value as Json;

use crate::api::Refusal;
use crate::api::params::{Params, coerce_boolean, coerce_integer};
use crate::kinds::{Event, Field, FieldType, Kind};
use crate::version::Version;
use crate::world::Value;

/// The declared parameters of one PUT; whatever else was sent is dropped.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Field positions with their new values.
    pub fields: Vec<(usize, Option<Value>)>,
    pub events: Vec<(Event, bool)>,
    /// `use_inherited_settings`, if it was sent.
    pub inherit: Option<bool>,
    /// Events that are declared although no column holds them.
    pub without_column: bool,
}

/// Declared by chat integrations of new servers, but without a column (contract, section 9).
const WITHOUT_COLUMN: [&str; 2] = ["work_item_events", "confidential_work_item_events"];

pub(super) fn declared(
    kind: &Kind,
    version: &Version,
    params: &Params,
) -> Result<Declared, Refusal> {
    let mut complaints = Vec::new();
    let mut declared = Declared::default();

    let fields = kind.fields.iter().enumerate();
    for (position, field) in fields.filter(|(_, field)| field.is_declared(version)) {
        match params.get(field.name) {
            None if field.is_required(version) => {
                complaints.push(format!("{} is missing", field.name));
            }
            None => {}
            Some(sent) => match coerce(field, sent) {
                Ok(value) => declared.fields.push((position, value)),
                Err(()) => complaints.push(format!("{} is invalid", field.name)),
            },
        }
    }
    for name in kind.events {
        let Some(sent) = params.get(name) else { continue };
        let Some(on) = coerce_boolean(sent) else {
            complaints.push(format!("{name} is invalid"));
            continue;
        };
        match Event::by_name(name) {
            Some(event) => declared.events.push((event, on.unwrap_or(false))),
            None if WITHOUT_COLUMN.contains(name) => {
                declared.without_column |= version.at_least(19, 0);
            }
            None => {}
        }
    }
    if version.shows_inheritance()
        && let Some(sent) = params.get("use_inherited_settings")
    {
        match coerce_boolean(sent) {
            // The key alone decides: null means no.
            Some(on) => declared.inherit = Some(on.unwrap_or(false)),
            None => complaints.push("use_inherited_settings is invalid".to_owned()),
        }
    }
    if complaints.is_empty() {
        Ok(declared)
    } else {
        Err(Refusal::Parameters(complaints.join(", ")))
    }
}

/// Coerces one parameter to the type its field declares. A boolean sent for a text field is
/// kept as text.
fn coerce(field: &Field, sent: &Json) -> Result<Option<Value>, ()> {
    match field.kind {
        FieldType::Boolean => Ok(coerce_boolean(sent).ok_or(())?.map(Value::Boolean)),
        FieldType::Integer => Ok(coerce_integer(sent).ok_or(())?.map(Value::Integer)),
        FieldType::Text => match sent {
            Json::Null => Ok(None),
            Json::String(text) => Ok(Some(Value::text(text))),
            Json::Bool(_) | Json::Number(_) => Ok(Some(Value::text(&sent.to_string()))),
            Json::Array(_) | Json::Object(_) => Err(()),
        },
        FieldType::List => match sent {
            Json::Null => Ok(None),
            Json::Array(items) => {
                let items = items.iter().map(|item| item.as_str().map(Into::into).ok_or(()));
                Ok(Some(Value::List(items.collect::<Result<_, ()>>()?)))
            }
            _ => Err(()),
        },
    }
}
