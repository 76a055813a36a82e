//! What the settings form sends, and what it is told about its fields.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use url::form_urlencoded;

use super::words;
use crate::kinds::{Event, Field, FieldType, Kind};
use crate::site::Site;
use crate::world::scope::Level;
use crate::world::{Form, Row, Scope, Value};

/// In place of a stored chat webhook and of Discord's channels.
const MASK: &str = "************";

/// The parameters of a form, the later of two with one name winning.
pub(super) struct Sent(BTreeMap<String, String>);

impl Sent {
    pub(super) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter of the integration: `integration[…]` wins over `service[…]`.
    fn setting(&self, name: &str) -> Option<&str> {
        self.get(&format!("integration[{name}]")).or_else(|| self.get(&format!("service[{name}]")))
    }

    /// Whether there is any setting at all.
    pub(super) fn has_settings(&self) -> bool {
        self.0.keys().any(|name| name.starts_with("service[") || name.starts_with("integration["))
    }

    /// The default that a group's form names: it is linked to without a look at what it is
    /// (contract, section 12).
    pub(super) fn unchecked_link(&self, scope: Scope) -> Option<u64> {
        let id = self.setting("inherit_from_id").filter(|_| matches!(scope, Scope::Group(_)))?;
        id.parse().ok()
    }

    /// What is saved: known names only, the rest is dropped. `default` is the id of the default
    /// above.
    pub(super) fn form(&self, kind: &Kind, scope: Scope, default: Option<u64>) -> Form {
        let named = self.setting("inherit_from_id");
        let inherit = match scope {
            // A project takes the default's own id alone.
            Scope::Project(_) => {
                named.map(|id| default.is_some_and(|known| id == known.to_string()))
            }
            Scope::Group(_) => named.filter(|id| id.is_empty()).map(|_| false),
            Scope::Instance => None,
        };
        let mut form =
            Form { inherit, active: self.setting("active").map(truth), ..Form::default() };
        for field in kind.fields {
            let Some(text) = self.setting(field.name) else { continue };
            let masked = field.name == "webhook"
                || (kind.masks_channels() && field.name.ends_with("_channel"));
            if !(masked && text == MASK) {
                form.fields.insert(field.name.to_owned(), typed(field, text));
            }
        }
        let more = if matches!(scope, Scope::Group(_)) { kind.group_events } else { &[] };
        for name in kind.events.iter().chain(more) {
            if let Some(text) = self.setting(name)
                && Event::by_name(name).is_some()
            {
                form.events.insert((*name).to_owned(), truth(text));
            }
        }
        form
    }
}

fn truth(text: &str) -> bool {
    matches!(text, "true" | "1" | "on")
}

fn typed(field: &Field, text: &str) -> Json {
    match field.kind {
        FieldType::Text => text.into(),
        FieldType::Boolean => truth(text).into(),
        FieldType::Integer => text.parse::<i64>().map_or(Json::Null, Json::from),
        FieldType::List => text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect(),
    }
}

fn human(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut letters = text.chars();
    letters
        .next()
        .map_or(String::new(), |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}

/// A stored value as the form shows it: never a secret.
fn shown(field: &Field, value: Option<&Value>) -> Json {
    let stored = value.is_some_and(|value| !value.is_blank());
    if field.name == "webhook" {
        return if stored { MASK.into() } else { Json::Null };
    }
    if field.is_password() {
        return if stored { "true".into() } else { Json::Null };
    }
    match (field.kind, value) {
        (FieldType::Boolean, Some(Value::Boolean(on))) => on.to_string().into(),
        (FieldType::Boolean, None) => "".into(),
        (_, value) => value.map_or(Json::Null, Value::to_json),
    }
}

/// `data-fields`.
pub(super) fn fields(site: &Site, row: &Row) -> Json {
    let kind = row.kind();
    let sectioned = !words::sections(kind, &site.version).is_empty();
    let listed = row.values.each(kind).filter(|(field, _)| field.is_listed(&site.version));
    listed
        .map(|(field, value)| {
            let words = words::of(kind, field.name);
            let title = match words {
                Some(words) => words.title.to_owned(),
                None => human(field.name),
            };
            // Once a password is stored, the form asks for another.
            let stored = field.is_password() && value.is_some_and(|value| !value.is_blank());
            let (title, help) = if stored {
                let help = format!("Leave blank to use your current {}.", title.to_lowercase());
                (format!("Enter new {}", title.to_lowercase()), Some(help))
            } else {
                (title, words.and_then(|words| words.help).map(str::to_owned))
            };
            let choices = words.map_or(&[][..], |words| words.choices);
            json!({
                "section": words.filter(|_| sectioned).map(|words| words.section),
                "name": field.name,
                "type": words.and_then(|words| words.input).unwrap_or_else(|| input(field)),
                "title": title,
                "placeholder": words.and_then(|words| words.placeholder),
                "required": field.is_required(&site.version),
                "choices": (!choices.is_empty()).then_some(choices),
                "checkbox_label": words.and_then(|words| words.checkbox_label),
                "label_description": null,
                "help": help,
                "value": shown(field, value),
            })
        })
        .collect()
}

fn input(field: &Field) -> &'static str {
    match field.kind {
        FieldType::Boolean => "checkbox",
        FieldType::Integer => "number",
        FieldType::List => "string_array",
        FieldType::Text if field.is_password() => "password",
        FieldType::Text => "text",
    }
}

/// `data-trigger-events`; an integration with one event lists none. Groups have some of their
/// own.
pub(super) fn trigger_events(row: &Row, level: Level) -> Json {
    let kind = row.kind();
    let more = if level == Level::Group { kind.group_events } else { &[] };
    let names = kind.events.iter().chain(more);
    let known: Vec<_> = names.filter_map(|name| Some((*name, Event::by_name(name)?))).collect();
    if known.len() < 2 {
        return Json::Array(Vec::new());
    }
    let listed = known.into_iter().map(|(name, event)| {
        let plain = name.trim_end_matches("_events");
        let title = words::title(name).map_or_else(|| human(plain), str::to_owned);
        let mut entry = json!({
            "name": name,
            "title": title,
            "description": words::description(kind, name),
            "value": row.events.get(event),
        });
        if let Some(channel) = channel(row, plain) {
            entry["field"] = channel;
        }
        entry
    });
    listed.collect()
}

/// The channel beside an event, named after it in the singular.
fn channel(row: &Row, event: &str) -> Option<Json> {
    let kind = row.kind();
    let name = format!("{}_channel", event.trim_end_matches('s'));
    let (position, field) = kind.field(&name)?;
    let value = row.values.get(position);
    let stored = value.is_some_and(|value| !value.is_blank());
    let value = match (kind.masks_channels(), stored) {
        (true, true) => MASK.into(),
        (true, false) => Json::Null,
        (false, _) => value.map_or(Json::Null, Value::to_json),
    };
    Some(json!({ "name": field.name, "value": value, "placeholder": "#general, #development" }))
}
