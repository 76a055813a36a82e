//! GitLab's PUT as the contract tells it (section 2), small enough to be seen through. Values
//! are JSON as GitLab stores it; the catalog serves only for names, types and flags.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::catalog::{FieldType, Integration, allowed};
use heirloom_core::plan::Snapshot;
use heirloom_core::settings::Settings;
use serde_json::{Map, Value as Json};

/// A row with everything, secrets included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub inherits: bool,
    pub active: bool,
    pub fields: Map<String, Json>,
    pub events: BTreeMap<String, bool>,
    pub secrets: BTreeMap<String, String>,
}

impl Row {
    /// The row behind a snapshot, every secret stored.
    pub fn behind(integration: &Integration, snapshot: &Snapshot, secret: &str) -> Option<Self> {
        if *snapshot == Snapshot::Nothing {
            return None;
        }
        let settings = snapshot.settings();
        let fields = settings.fields.iter().map(|(name, value)| (name.clone(), value.to_json()));
        let secrets = integration.fields.iter().filter(|field| field.secret);
        Some(Self {
            inherits: snapshot.inherited(),
            active: snapshot.active(),
            fields: fields.collect(),
            events: settings.events,
            secrets: secrets.map(|it| (it.name.to_owned(), secret.to_owned())).collect(),
        })
    }

    /// What GitLab answers a GET with, as the product reads it.
    pub fn read(&self, integration: &Integration) -> Snapshot {
        let fields = allowed::readable(&integration.slug.parse().unwrap(), &self.fields);
        let settings = Settings { fields, events: self.events.clone() };
        Snapshot::Stored { inherited: self.inherits, active: self.active, settings }
    }
}

/// The parameters with the secrets a plan asks for, as a write would send them.
pub fn with_secrets(body: &Map<String, Json>, secrets: &[String], text: &str) -> Map<String, Json> {
    let mut all = body.clone();
    all.extend(secrets.iter().map(|name| (name.clone(), Json::from(text))));
    all
}

/// The PUT.
pub fn put(
    integration: &Integration,
    row: Option<&Row>,
    body: &Map<String, Json>,
    default: Option<&Row>,
) -> Result<Row, String> {
    let missing: Vec<&str> = integration
        .fields
        .iter()
        .filter(|field| field.required && !body.contains_key(field.name))
        .map(|field| field.name)
        .collect();
    if !missing.is_empty() {
        return Err(format!("{} is missing", missing.join(" is missing, ")));
    }
    let params = declared(integration, body)?;
    // Not offered at creation: what is installed elsewhere.
    if row.is_none() && !integration.creatable {
        return Err(format!("You cannot create the {} integration", integration.title));
    }
    let inherits = match body.get("use_inherited_settings") {
        Some(key) => key.as_bool().ok_or("use_inherited_settings is invalid")?,
        None => row.is_some_and(|row| row.inherits),
    };
    if inherits {
        let default = default.ok_or("Default integration not found.")?;
        return Ok(Row { inherits: true, ..default.clone() });
    }
    let mut after = row.cloned().unwrap_or_default();
    after.inherits = false;
    after.active = after.active || integration.creatable;
    let mut sent_secrets = BTreeSet::new();
    let mut cleared = false;
    for (name, value) in params {
        if let Some(on) = value.as_bool().filter(|_| integration.event(&name).is_some()) {
            after.events.insert(name, on);
            continue;
        }
        let Some(field) = integration.field(&name) else { continue };
        if field.secret {
            let text = value.as_str().unwrap_or_default().to_owned();
            let old = after.secrets.insert(name.clone(), text.clone());
            cleared |= field.clears_secrets && old.is_some_and(|old| old != text);
            sent_secrets.insert(name);
        } else {
            let old = after.fields.insert(name, value.clone()).unwrap_or(Json::Null);
            cleared |= field.clears_secrets && blank(&old) != blank(&value);
        }
    }
    if cleared {
        after.secrets.retain(|name, _| sent_secrets.contains(name));
    }
    Ok(after)
}

/// Where a row is saved: what else GitLab checks then.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    Project,
    Group,
    /// A project where another integration of its family is on.
    BesideRival,
}

/// The PUT at such a place.
pub fn put_at(
    place: Place,
    integration: &Integration,
    row: Option<&Row>,
    body: &Map<String, Json>,
    default: Option<&Row>,
) -> Result<Row, String> {
    let after = put(integration, row, body, default)?;
    match place {
        Place::Project => Ok(after),
        Place::Group => linked_group(integration, row, after),
        Place::BesideRival => beside_rival(row, after),
    }
}

/// Linked, a group keeps its own values, and they must be valid (contract, section 2).
fn linked_group(integration: &Integration, row: Option<&Row>, after: Row) -> Result<Row, String> {
    if !after.inherits {
        return Ok(after);
    }
    let kept = row.cloned().unwrap_or_default();
    let invalid = |name| Err(format!("Failed to update integration. {name} can't be blank"));
    for field in integration.fields.iter().filter(|field| kept.active && field.required) {
        let text = kept.secrets.get(field.name).filter(|text| !text.is_empty());
        match kept.fields.get(field.name) {
            _ if field.secret && text.is_none() => return invalid(field.name),
            value if !field.secret && value.is_none_or(|it| blank(it).is_none()) => {
                return invalid(field.name);
            }
            _ => {}
        }
    }
    Ok(Row { inherits: true, ..kept })
}

/// No row may be on beside the other, and one that is being linked is checked by its own state
/// (contract, section 2).
fn beside_rival(row: Option<&Row>, after: Row) -> Result<Row, String> {
    let is_on = if after.inherits { row.is_some_and(|row| row.active) } else { after.active };
    if is_on { Err("Another one is already in use".into()) } else { Ok(after) }
}

/// The DELETE: fields blank, off; row, events and link stay.
pub fn delete(row: &Row) -> Row {
    Row { active: false, fields: Map::new(), secrets: BTreeMap::new(), ..row.clone() }
}

/// Parameters the route declares, in their declared type; the rest is dropped without a word.
fn declared(
    integration: &Integration,
    body: &Map<String, Json>,
) -> Result<Vec<(String, Json)>, String> {
    let mut params = Vec::new();
    for (name, value) in body {
        let field = integration.fields.iter().find(|it| it.name == name && it.rest);
        let event = integration.events.iter().find(|it| it.name == name && it.rest);
        let field_type = match (field, event) {
            (Some(field), _) => field.field_type,
            (None, Some(_)) => FieldType::Boolean,
            (None, None) => continue,
        };
        let coerced = coerce(field_type, value).ok_or_else(|| format!("{name} is invalid"))?;
        params.push((name.clone(), coerced));
    }
    Ok(params)
}

fn coerce(field_type: FieldType, value: &Json) -> Option<Json> {
    match field_type {
        FieldType::String => match value {
            Json::String(_) => Some(value.clone()),
            Json::Number(_) | Json::Bool(_) => Some(Json::from(value.to_string())),
            Json::Null | Json::Array(_) | Json::Object(_) => None,
        },
        FieldType::Boolean => value.is_boolean().then(|| value.clone()),
        FieldType::Integer => value.is_i64().then(|| value.clone()),
        FieldType::StringArray => value
            .as_array()
            .is_some_and(|items| items.iter().all(Json::is_string))
            .then(|| value.clone()),
    }
}

/// Nothing stored and a blank stored are the same to the rules.
pub fn blank(value: &Json) -> Option<&Json> {
    let is_blank = value.is_null()
        || value.as_str().is_some_and(str::is_empty)
        || value.as_array().is_some_and(Vec::is_empty);
    (!is_blank).then_some(value)
}
