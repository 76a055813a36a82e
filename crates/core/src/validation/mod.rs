//! Checks a draft before GitLab does, by the catalog alone: the same rules for the form, the
//! command line and plans. GitLab makes these checks while the integration is on, and saving
//! through the API switches it on (contract, section 2), so a draft is always checked in full.

mod regex;
mod secrets;
mod texts;
mod values;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalog::{Field, Integration};
use crate::value::Value;

pub use secrets::{Secrets, secret_problem};

/// One thing that keeps a draft from being saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The field it stands at, as the catalog names it.
    pub field: String,
    /// The rule that is broken.
    pub rule: Rule,
    /// The rule in plain words.
    pub message: String,
}

/// What a draft must keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The integration has such a field, it is no secret, and the API takes it.
    Settable,
    /// It is filled in.
    Required,
    /// A secret that GitLab wants on every save, or that this save would make GitLab drop, is
    /// entered again.
    SecretNeeded,
    /// On or off.
    Boolean,
    /// A whole number.
    Integer,
    /// An address.
    Url,
    /// E-mail addresses.
    Emails,
    /// One of the choices.
    Choice,
    /// A regular expression.
    Regex,
    /// The pattern of the field.
    Pattern,
    /// A list of texts, none of them blank.
    List,
    /// Not longer than GitLab takes.
    Length,
    /// Not more entries than GitLab takes.
    Count,
}

/// What is wrong with a draft, in the order of the form; nothing = GitLab takes it.
///
/// `stored` holds the row's values as they are, `draft` those that were edited: what it does not
/// mention stays. Secrets are in neither, only in `secrets`, by name. Fields that a condition
/// hides are not sent, so they are not checked.
pub fn problems(
    integration: &Integration,
    stored: &BTreeMap<String, Value>,
    draft: &BTreeMap<String, Value>,
    secrets: &Secrets,
) -> Vec<Problem> {
    let mut after = stored.clone();
    after.extend(draft.iter().map(|(name, value)| (name.clone(), value.clone())));
    let mut problems: Vec<Problem> = draft
        .iter()
        .filter(|(name, value)| stored.get(*name).is_none_or(|old| !old.same_setting(value)))
        .filter_map(|(name, _)| not_settable(integration, name))
        .collect();
    let dropped_by = secrets::dropped_by(integration, stored, &after, secrets);
    let shown = |field: &&Field| field.shown_if.as_ref().is_none_or(|it| it.holds(&after));
    for field in integration.fields.iter().filter(|field| field.rest).filter(shown) {
        let found = if field.secret {
            secrets::missing(field, dropped_by, secrets)
        } else {
            let value = after.get(field.name).unwrap_or(&Value::Unset);
            required(integration, field, value, &after)
                .or_else(|| required_with(integration, field, value, secrets))
                .or_else(|| values::check(field, value))
        };
        problems.extend(found);
    }
    problems
}

fn problem(field: &Field, rule: Rule, message: impl Into<String>) -> Problem {
    Problem { field: field.name.to_owned(), rule, message: message.into() }
}

fn not_settable(integration: &Integration, name: &str) -> Option<Problem> {
    let message = match integration.fields.iter().find(|field| field.name == name) {
        None => format!("{} has no such setting", integration.title),
        Some(field) if field.secret => "Is a secret: never part of a draft".to_owned(),
        Some(field) if !field.rest => "Can be set on GitLab's own settings page only".to_owned(),
        Some(_) => return None,
    };
    Some(Problem { field: name.to_owned(), rule: Rule::Settable, message })
}

fn required(
    integration: &Integration,
    field: &Field,
    value: &Value,
    after: &BTreeMap<String, Value>,
) -> Option<Problem> {
    if !values::is_blank(value) {
        return None;
    }
    if field.required {
        return Some(problem(field, Rule::Required, "Must be filled in"));
    }
    let condition = field.required_if.as_ref().filter(|condition| condition.holds(after))?;
    let other = integration.field(condition.field)?;
    let value = after.get(other.name).unwrap_or(&Value::Unset);
    let state = values::in_words(other, value);
    Some(problem(
        field,
        Rule::Required,
        format!("Must be filled in while “{}” is {state}", other.title),
    ))
}

fn required_with(
    integration: &Integration,
    field: &Field,
    value: &Value,
    secrets: &Secrets,
) -> Option<Problem> {
    let with = field.required_with.filter(|name| secrets.given.contains(*name))?;
    let title = integration.field(with)?.title;
    let message = format!("Must be filled in where “{title}” is");
    values::is_blank(value).then(|| problem(field, Rule::Required, message))
}

#[cfg(test)]
mod tests;
