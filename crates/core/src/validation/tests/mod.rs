//! Drafts and what is wrong with them.

mod properties;
mod rules;
mod secrets;

use super::*;

/// The draft of an integration, with every secret entered.
fn check(slug: &str, draft: &[(&str, Value)]) -> Vec<Problem> {
    let integration = find(slug);
    let given = integration.fields.iter().filter(|field| field.secret);
    let secrets =
        Secrets { given: given.map(|field| field.name.to_owned()).collect(), ..Secrets::default() };
    problems(integration, &BTreeMap::new(), &values(draft), &secrets)
}

fn find(slug: &str) -> &'static Integration {
    crate::catalog::find(&slug.parse().unwrap()).unwrap()
}

fn values(draft: &[(&str, Value)]) -> BTreeMap<String, Value> {
    draft.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The message at a field, if there is one.
fn at<'a>(problems: &'a [Problem], field: &str) -> Option<(Rule, &'a str)> {
    let found = problems.iter().find(|problem| problem.field == field);
    found.map(|problem| (problem.rule, problem.message.as_str()))
}
