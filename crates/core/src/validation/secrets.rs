//! Secrets: named here, never held. GitLab wants required ones on every PUT and gives none back,
//! and a changed address makes it forget what is not sent again (contract, sections 2 and 9).

use std::collections::{BTreeMap, BTreeSet};

use super::{Problem, Rule, problem, texts};
use crate::catalog::{Field, Integration};
use crate::value::Value;

/// Which secrets a save has to work with, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    /// Entered, to be sent with this save.
    pub given: BTreeSet<String>,
    /// Known to be stored in GitLab now.
    pub stored: BTreeSet<String>,
    /// Stored and optional, and not missed if this save makes GitLab drop them.
    pub let_go: BTreeSet<String>,
}

/// Checks the text of a secret while it is at hand; the draft never holds it.
pub fn secret_problem(field: &Field, text: &str) -> Option<Problem> {
    if text.trim().is_empty() {
        // GitLab would store the blank in its place.
        return Some(problem(field, Rule::Required, "Must be filled in"));
    }
    texts::check(field, text)
}

/// The changed setting that makes GitLab drop the secrets it has stored.
pub(super) fn dropped_by(
    integration: &Integration,
    stored: &BTreeMap<String, Value>,
    after: &BTreeMap<String, Value>,
    secrets: &Secrets,
) -> Option<&'static Field> {
    let value = |values: &BTreeMap<String, Value>, name| -> Value {
        values.get(name).cloned().unwrap_or_default()
    };
    integration.fields.iter().filter(|field| field.clears_secrets).find(|field| {
        if field.secret {
            secrets.given.contains(field.name)
        } else {
            !value(stored, field.name).same_setting(&value(after, field.name))
        }
    })
}

/// What is missing of a secret.
pub(super) fn missing(
    field: &Field,
    dropped_by: Option<&Field>,
    secrets: &Secrets,
) -> Option<Problem> {
    if secrets.given.contains(field.name) {
        return None;
    }
    let stored = secrets.stored.contains(field.name);
    let dropped = dropped_by.filter(|by| stored && by.name != field.name);
    match (field.required, dropped) {
        (_, Some(by)) if field.required || !secrets.let_go.contains(field.name) => Some(problem(
            field,
            Rule::SecretNeeded,
            format!("The {} changed, so GitLab drops the stored one: enter it again", by.title),
        )),
        (true, _) if stored => Some(problem(
            field,
            Rule::SecretNeeded,
            "Must be entered again: GitLab wants it on every save and never gives it back",
        )),
        (true, _) => Some(problem(field, Rule::Required, "Must be filled in")),
        (false, _) => None,
    }
}
