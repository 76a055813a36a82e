//! Values by their type and their choices.

use super::{Problem, Rule, problem, texts};
use crate::catalog::{Field, FieldType, as_text};
use crate::value::Value;

/// Whether GitLab would call it blank: nothing, or white space alone.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Unset | Value::Empty => true,
        Value::Text(text) => text.trim().is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Bool(_) | Value::Integer(_) => false,
    }
}

/// Checks a value that may be blank.
pub(super) fn check(field: &Field, value: &Value) -> Option<Problem> {
    // White space alone is no number and no switch, and GitLab refuses it where one belongs.
    let spaces = matches!(value, Value::Text(_)) && field.field_type != FieldType::String;
    if is_blank(value) && !spaces {
        return None;
    }
    let fits = match (field.field_type, value) {
        (FieldType::Boolean, Value::Bool(_))
        | (FieldType::Integer, Value::Integer(_))
        | (FieldType::String, Value::Text(_) | Value::Integer(_) | Value::Bool(_))
        | (FieldType::StringArray, Value::List(_)) => Ok(()),
        (FieldType::Boolean, _) => Err((Rule::Boolean, "Must be on or off")),
        (FieldType::Integer, _) => Err((Rule::Integer, "Must be a whole number")),
        (FieldType::StringArray, _) => Err((Rule::List, "Must be a list")),
        (FieldType::String, _) => Err((Rule::List, "Must be one text, not a list")),
    };
    if let Err((rule, message)) = fits {
        return Some(problem(field, rule, message));
    }
    choice(field, value).or_else(|| match value {
        Value::List(items) => list(field, items),
        Value::Text(text) => texts::check(field, text),
        Value::Integer(_) | Value::Bool(_) if field.field_type == FieldType::String => {
            texts::check(field, &as_text(value))
        }
        Value::Integer(_) | Value::Bool(_) | Value::Unset | Value::Empty => None,
    })
}

/// A value as a sentence has it: “on”, “blank”, “Basic”.
pub(super) fn in_words(field: &Field, value: &Value) -> String {
    let text = match as_text(value) {
        blank if blank.is_empty() => field.default.unwrap_or_default().to_owned(),
        text => text,
    };
    if let Some(choice) = field.choices.iter().find(|choice| choice.value == text) {
        return format!("“{}”", choice.label);
    }
    match (field.field_type, text.as_str()) {
        (_, "") => "blank".to_owned(),
        (FieldType::Boolean, "true") => "on".to_owned(),
        (FieldType::Boolean, "false") => "off".to_owned(),
        _ => format!("“{text}”"),
    }
}

fn choice(field: &Field, value: &Value) -> Option<Problem> {
    if field.choices.is_empty() {
        return None;
    }
    let text = as_text(value);
    if field.choices.iter().any(|choice| choice.value == text) {
        return None;
    }
    let values = field.choices.iter().filter(|choice| !choice.value.is_empty());
    let known: Vec<_> = values.map(|choice| choice.value).collect();
    Some(problem(field, Rule::Choice, format!("Must be one of {}", known.join(", "))))
}

fn list(field: &Field, items: &[String]) -> Option<Problem> {
    if items.iter().any(|item| item.trim().is_empty()) {
        return Some(problem(field, Rule::List, "Must not hold a blank entry"));
    }
    texts::too_many(field, items.len())
}
