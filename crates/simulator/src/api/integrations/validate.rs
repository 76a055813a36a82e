//! The checks of GitLab's models, which run after Grape's (contract, section 2).

use serde_json::Value as Json;

use crate::kinds::{Category, Kind};
use crate::version::Version;
use crate::world::{Row, Scope, Value, World};

/// Errors by field, as a model collects them.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<(&'static str, Vec<String>)>);

impl Errors {
    fn add(&mut self, field: &'static str, text: impl Into<String>) {
        match self.0.iter_mut().find(|(known, _)| *known == field) {
            Some((_, texts)) => texts.push(text.into()),
            None => self.0.push((field, vec![text.into()])),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a script gets them.
    pub(crate) fn to_json(&self) -> Json {
        self.0
            .iter()
            .map(|(field, texts)| ((*field).to_owned(), Json::from(texts.clone())))
            .collect()
    }

    /// As a form lists them.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let of_field = |(field, texts): &(&str, Vec<String>)| {
            let name = field.replace('_', " ");
            let mut name = name.chars();
            let first = name.next().map(|letter| letter.to_ascii_uppercase());
            let name: String = first.into_iter().chain(name).collect();
            let whole = |text: &String| match *field {
                "base" => text.clone(),
                _ => format!("{name} {text}"),
            };
            texts.iter().map(whole).collect::<Vec<_>>()
        };
        self.0.iter().flat_map(of_field).collect()
    }

    /// As Ruby prints a hash, which changed with the Ruby of newer servers.
    pub(super) fn inspect(&self, version: &Version) -> String {
        let entries = self.0.iter().map(|(field, texts)| {
            if version.at_least(19, 0) {
                format!("{field}: {texts:?}")
            } else {
                format!(":{field}=>{texts:?}")
            }
        });
        format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
    }
}

/// What is wrong with a row that is about to be stored. Only active rows are checked.
pub(crate) fn validate(version: &Version, world: &World, scope: Scope, row: &Row) -> Errors {
    let mut errors = Errors::default();
    if !row.active {
        return errors;
    }
    let kind = row.kind();
    for (field, value) in row.values.each(kind) {
        let blank = value.is_none_or(Value::is_blank);
        if blank && field.is_required(version) && field.kind != crate::kinds::FieldType::Boolean {
            errors.add(field.name, "can't be blank");
        }
        if field.url && (!blank || field.is_required(version)) {
            check_url(&mut errors, field.name, value);
        }
    }
    check_one_of_a_kind(&mut errors, world, scope, row);
    check_own_rules(&mut errors, kind, row);
    errors
}

fn check_url(errors: &mut Errors, field: &'static str, value: Option<&Value>) {
    let text = match value {
        Some(Value::Text(text)) => text.trim(),
        _ => "",
    };
    // `%{project_id}` and its kin stand in the addresses of some issue trackers.
    let parses = url::Url::parse(&text.replace("%{", "").replace('}', "")).is_ok();
    let http = text.starts_with("http://") || text.starts_with("https://");
    if text.is_empty() || (http && !parses) {
        errors.add(field, "must be a valid URL");
    } else if !http {
        errors.add(field, "is blocked: Only allowed schemes are http, https");
    }
}

/// A project may have one active issue tracker and one active third-party wiki.
fn check_one_of_a_kind(errors: &mut Errors, world: &World, scope: Scope, row: &Row) {
    let Scope::Project(_) = scope else { return };
    let category = row.kind().category;
    let taken = world
        .rows(scope)
        .iter()
        .any(|other| other.active && other.kind != row.kind && other.kind().category == category);
    match category {
        Category::IssueTracker if taken => errors.add(
            "base",
            "Another issue tracker is already in use. Only one issue tracker service can be \
             active at a time",
        ),
        Category::ThirdPartyWiki if taken => errors.add(
            "base",
            "Another third-party wiki is already in use. Only one third-party wiki integration \
             can be active at a time",
        ),
        _ => {}
    }
}

fn check_own_rules(errors: &mut Errors, kind: &'static Kind, row: &Row) {
    let value = |name: &str| row.values.named(kind, name);
    let blank = |name: &str| value(name).is_none_or(Value::is_blank);
    match kind.slug {
        "jira" => match value("jira_auth_type") {
            None | Some(Value::Integer(0)) if blank("username") => {
                errors.add("username", "can't be blank");
            }
            None | Some(Value::Integer(0 | 1)) => {}
            Some(_) => errors.add("jira_auth_type", "is not included in the list"),
        },
        "jenkins" if !blank("password") && blank("username") => {
            errors.add("username", "can't be blank");
        }
        _ => {}
    }
}
