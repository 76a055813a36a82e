//! What the settings form sends, and what it is told about its fields.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use url::form_urlencoded;

use crate::kinds::{Event, Field, FieldType, Kind};
use crate::site::Site;
use crate::world::{Form, Row, Value};

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

    /// What is saved: known names only, the rest is dropped. `default` is the id of the default
    /// above, `project` whether the scope is one.
    pub(super) fn form(&self, kind: &Kind, default: Option<u64>, project: bool) -> Form {
        let inherit = self.setting("inherit_from_id").map(|id| {
            // A project takes the default's own id alone; a group does not look.
            if project {
                default.is_some_and(|known| id == known.to_string())
            } else {
                !id.is_empty()
            }
        });
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
        for name in kind.events {
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
    if field.secret {
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
    let listed = row
        .values
        .each(kind)
        .filter(|(field, _)| field.is_declared(&site.version) && !field.name.ends_with("channel"));
    listed
        .map(|(field, value)| {
            let password = field.secret && field.name != "webhook";
            let input = match field.kind {
                FieldType::Boolean => "checkbox",
                FieldType::Integer => "number",
                _ if password => "password",
                _ => "text",
            };
            json!({
                "section": "connection",
                "name": field.name,
                "type": input,
                "title": human(field.name),
                "placeholder": null,
                "required": field.is_required(&site.version),
                "choices": null,
                "checkbox_label": null,
                "label_description": null,
                "help": null,
                "value": shown(field, value),
            })
        })
        .collect()
}

/// `data-trigger-events`; an integration with one event lists none.
pub(super) fn trigger_events(row: &Row) -> Json {
    let kind = row.kind();
    let known: Vec<_> =
        kind.events.iter().filter_map(|name| Some((*name, Event::by_name(name)?))).collect();
    if known.len() < 2 {
        return Json::Array(Vec::new());
    }
    let listed = known.into_iter().map(|(name, event)| {
        let mut entry = Map::new();
        entry.insert("name".to_owned(), name.into());
        entry.insert("title".to_owned(), human(name.trim_end_matches("_events")).into());
        entry.insert("description".to_owned(), Json::Null);
        entry.insert("value".to_owned(), row.events.get(event).into());
        let channel =
            format!("{}_channel", name.trim_end_matches("s_events").trim_end_matches("_events"));
        if let Some((position, field)) = kind.field(&channel) {
            let value = row.values.get(position);
            let stored = value.is_some_and(|value| !value.is_blank());
            let value = match (kind.masks_channels(), stored) {
                (true, true) => MASK.into(),
                (true, false) => Json::Null,
                (false, _) => value.map_or(Json::Null, Value::to_json),
            };
            let channel = json!({ "name": field.name, "value": value, "placeholder": null });
            entry.insert("field".to_owned(), channel);
        }
        Json::Object(entry)
    });
    listed.collect()
}
