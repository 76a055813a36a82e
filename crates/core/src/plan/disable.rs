//! Switching an integration off.

use serde_json::Value as Json;

use super::body::{begin, placeholder, put};
use super::{Action, Besides, Refusal, Snapshot, Step, Write};
use crate::catalog::{Field, FieldType, Integration};
use crate::ids::{Level, ScopeKey, Slug};
use crate::settings::Settings;
use crate::validation::secret_problem;
use crate::value::Value;

/// Plans switching an integration off. The API cannot save it switched off: DELETE blanks every
/// field and leaves the row, its events and its link (contract, section 2).
///
/// A project that inherits must be cut from its default first, or the default's next save would
/// fill and switch it on again. That PUT switches on for a moment; it carries the values the row
/// has, placeholders for its secrets, and everything switched off that would send something: every
/// event, and settings that work like one ([`Field::sends`]).
///
/// # Errors
/// Where it is off already, where the API cannot do it, and at groups that inherit: their
/// placeholders would be handed down.
pub fn disable(
    integration: &'static Integration,
    scope: ScopeKey,
    slug: &Slug,
    before: &Snapshot,
) -> Result<Step, Refusal> {
    if !integration.rest {
        return Err(Refusal::NoApi(integration.title));
    }
    if !integration.levels.contains(scope.level) {
        return Err(Refusal::Level(integration.title));
    }
    if scope.level == Level::Instance {
        return Err(Refusal::Instance);
    }
    if !integration.supports_delete {
        return Err(Refusal::NotDeletable(integration.title));
    }
    let (Snapshot::Stored { settings, .. }, true) = (before, before.active()) else {
        return Err(Refusal::OffAlready(integration.title));
    };
    let mut events = settings.events.clone();
    let mut writes = Vec::new();
    let mut besides = Vec::new();
    if before.inherited() {
        if integration.read_only {
            return Err(Refusal::NoApi(integration.title));
        }
        if scope.level == Level::Group {
            return Err(Refusal::GroupHandsDown(integration.title));
        }
        writes.push(Write::Put { body: cut(integration, settings) });
        besides.push(Besides::BecomesCustom);
        let silenced = integration.events.iter().filter(|event| event.rest);
        let mut any = sending(integration)
            .any(|field| settings.fields.get(field.name) == Some(&Value::Bool(true)));
        for event in silenced {
            any |= events.insert(event.name.to_owned(), false) == Some(true);
        }
        if any {
            besides.push(Besides::EventsOff);
        }
    }
    writes.push(Write::Delete);
    besides.push(Besides::Blanks);
    let after = Snapshot::Stored {
        inherited: false,
        active: false,
        settings: Settings { fields: std::collections::BTreeMap::new(), events },
    };
    Ok(Step {
        scope,
        slug: slug.clone(),
        action: Action::Disable,
        before: before.clone(),
        after,
        writes,
        secrets: Vec::new(),
        source: None,
        besides,
    })
}

/// The PUT that cuts the link: what GitLab insists on, and silence.
fn cut(integration: &'static Integration, settings: &Settings) -> serde_json::Map<String, Json> {
    let mut body = begin(integration, false);
    for field in integration.required_fields().filter(|field| field.rest) {
        match settings.fields.get(field.name).filter(|value| !field.secret && !value.is_blank()) {
            Some(value) => put(&mut body, field, value),
            None => {
                body.insert(field.name.to_owned(), stand_in(field));
            }
        }
    }
    for field in sending(integration) {
        body.insert(field.name.to_owned(), Json::Bool(false));
    }
    for event in integration.events.iter().filter(|event| event.rest) {
        body.insert(event.name.to_owned(), Json::Bool(false));
    }
    body
}

fn sending(integration: &'static Integration) -> impl Iterator<Item = &'static Field> {
    integration.fields.iter().filter(|field| field.sends && field.rest)
}

/// Takes a secret's place where GitLab checks it, as it does while the row is on.
fn stand_in(field: &'static Field) -> Json {
    STAND_INS
        .into_iter()
        .find(|text| field.field_type == FieldType::String && secret_problem(field, text).is_none())
        .map_or_else(|| placeholder(field), Json::from)
}

/// Texts that lead nowhere; for Discord nothing but its own host is taken.
const STAND_INS: [&str; 3] = ["placeholder", "https://example.com", "https://discord.com"];

/// What a blanked setting reads as: nothing, or what its column falls back to.
pub(super) fn is_blanked(value: &Value) -> bool {
    value.is_blank()
        || matches!(value, Value::Bool(false) | Value::Integer(0))
        || matches!(value, Value::Text(text) if text == "0" || text == "false")
}
