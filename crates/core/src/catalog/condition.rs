//! When a condition of the catalog holds.

use std::collections::BTreeMap;

use super::Condition;
use crate::value::Value;

impl Condition {
    /// Whether it holds for these values, by name. A field that is not set counts as its default.
    pub fn holds(&self, values: &BTreeMap<String, Value>) -> bool {
        let text = values.get(self.field).map(as_text).unwrap_or_default();
        self.one_of.contains(&text.as_str())
    }
}

/// A value as the catalog writes values: what is not set is blank.
pub(crate) fn as_text(value: &Value) -> String {
    match value {
        Value::Unset | Value::Empty => String::new(),
        Value::Bool(flag) => flag.to_string(),
        Value::Integer(whole) => whole.to_string(),
        Value::Text(text) => text.clone(),
        Value::List(items) => items.join(","),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(one_of: &'static [&'static str], value: Option<Value>) -> bool {
        let values = value.map(|value| ("other".to_owned(), value)).into_iter().collect();
        Condition { field: "other", one_of }.holds(&values)
    }

    #[test]
    fn values_are_compared_as_text() {
        assert!(holds(&["true"], Some(Value::Bool(true))), "a checkbox");
        assert!(holds(&["0", "2"], Some(Value::Integer(2))), "a number");
        assert!(holds(&["all"], Some(Value::Text("all".into()))), "a text");
        assert!(!holds(&["all"], Some(Value::Text("default".into()))), "another text");
    }

    #[test]
    fn a_field_that_is_not_set_is_blank() {
        assert!(holds(&[""], None), "no value at all");
        assert!(holds(&[""], Some(Value::Unset)), "nothing stored");
        assert!(holds(&[""], Some(Value::Empty)), "a blank stored");
        assert!(!holds(&["false"], None), "the build adds the blank where the default matches");
    }
}
