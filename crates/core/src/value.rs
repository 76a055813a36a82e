//! One setting's value, typed by the catalog rather than by whatever JSON GitLab answered with.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::catalog::FieldType;

/// A setting as it is: never set, set to nothing, or set to something of the field's type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Value {
    /// No value is stored (`null`, or the key is absent).
    #[default]
    Unset,
    /// A blank string or an empty list is stored.
    Empty,
    /// A checkbox.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Text; never blank.
    Text(String),
    /// Several texts; never empty.
    List(Vec<String>),
}

impl Value {
    /// Reads what GitLab answered, by the type the catalog gives the field. GitLab stores
    /// booleans as `true`, `"true"`, `1` or `"1"` depending on who wrote them (contract,
    /// section 10): they are one value here. What does not fit the type is kept as text, so that
    /// nothing a server says is lost.
    pub fn from_json(field_type: FieldType, json: &Json) -> Self {
        match json {
            Json::Null => Self::Unset,
            Json::String(text) => Self::from_text(field_type, text),
            Json::Bool(flag) => match field_type {
                FieldType::Boolean => Self::Bool(*flag),
                FieldType::String | FieldType::Integer | FieldType::StringArray => {
                    Self::Text(flag.to_string())
                }
            },
            Json::Number(number) => match (field_type, number.as_i64()) {
                (FieldType::Boolean, Some(0)) => Self::Bool(false),
                (FieldType::Boolean, Some(1)) => Self::Bool(true),
                (FieldType::Integer, Some(whole)) => Self::Integer(whole),
                _ => Self::Text(number.to_string()),
            },
            Json::Array(items) => {
                let texts: Vec<String> = items.iter().map(plain_text).collect();
                match field_type {
                    _ if texts.is_empty() => Self::Empty,
                    FieldType::StringArray => Self::List(texts),
                    FieldType::String | FieldType::Integer | FieldType::Boolean => {
                        let joined = texts.join(",");
                        if joined.is_empty() { Self::Empty } else { Self::Text(joined) }
                    }
                }
            }
            Json::Object(_) => Self::Text(json.to_string()),
        }
    }

    /// Reads text typed by a person or sent by GitLab, by the field's type.
    pub fn from_text(field_type: FieldType, text: &str) -> Self {
        if text.is_empty() {
            return Self::Empty;
        }
        match field_type {
            FieldType::Boolean => match text {
                "true" | "1" => Self::Bool(true),
                "false" | "0" => Self::Bool(false),
                other => Self::Text(other.to_owned()),
            },
            FieldType::Integer => {
                text.trim().parse().map_or_else(|_| Self::Text(text.to_owned()), Self::Integer)
            }
            FieldType::StringArray => {
                let items: Vec<String> = text
                    .split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(str::to_owned)
                    .collect();
                if items.is_empty() { Self::Empty } else { Self::List(items) }
            }
            FieldType::String => Self::Text(text.to_owned()),
        }
    }

    /// Whether two values are one setting: nothing stored and a blank stored are told apart when
    /// shown, but GitLab behaves the same for both, so they do not count as a difference.
    pub fn same_setting(&self, other: &Self) -> bool {
        self == other || (self.is_blank() && other.is_blank())
    }

    /// Nothing stored, or a blank stored.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Unset | Self::Empty)
    }

    /// What a person reads.
    pub fn label(&self) -> Cow<'_, str> {
        match self {
            Self::Unset => "not set".into(),
            Self::Empty => "blank".into(),
            Self::Bool(flag) => flag_label(*flag).into(),
            Self::Integer(whole) => whole.to_string().into(),
            Self::Text(text) => text.into(),
            Self::List(items) => items.join(", ").into(),
        }
    }

    /// The JSON GitLab takes for this value in a PUT.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Unset => Json::Null,
            Self::Empty => Json::String(String::new()),
            Self::Bool(flag) => Json::Bool(*flag),
            Self::Integer(whole) => Json::from(*whole),
            Self::Text(text) => Json::String(text.clone()),
            Self::List(items) => Json::from(items.clone()),
        }
    }
}

/// What a person reads for a check box or a trigger event.
pub const fn flag_label(flag: bool) -> &'static str {
    if flag { "on" } else { "off" }
}

fn plain_text(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// In files and databases a value is the JSON GitLab would take; its type comes back from the
/// JSON's own type, which [`Value::to_json`] keeps.
impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        Ok(match &json {
            Json::Bool(_) => Self::from_json(FieldType::Boolean, &json),
            Json::Number(_) => Self::from_json(FieldType::Integer, &json),
            Json::Array(_) => Self::from_json(FieldType::StringArray, &json),
            Json::Null | Json::String(_) | Json::Object(_) => {
                Self::from_json(FieldType::String, &json)
            }
        })
    }
}
