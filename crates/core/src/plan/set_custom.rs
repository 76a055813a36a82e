//! Saving custom settings.

use std::collections::BTreeMap;

use super::body::{begin, put, storable};
use super::{Action, Besides, Refusal, Snapshot, Step, Write, is_shown};
use crate::catalog::{Field, Integration};
use crate::ids::{Level, ScopeKey, Slug};
use crate::settings::Settings;
use crate::value::Value;

/// Plans custom settings. `draft` holds what the form holds, secrets left out; `typed` names the
/// secret fields that were given a new value. Parameters that stay as they are, and that GitLab
/// does not insist on, are not sent.
///
/// # Errors
/// When the integration cannot be set there, or not through the API.
pub fn set_custom(
    integration: &'static Integration,
    scope: ScopeKey,
    slug: &Slug,
    before: &Snapshot,
    draft: &Settings,
    typed: &[String],
) -> Result<Step, Refusal> {
    if !integration.rest || integration.read_only {
        return Err(Refusal::NoApi(integration.title));
    }
    if !integration.levels.contains(scope.level) {
        return Err(Refusal::Level(integration.title));
    }
    if scope.level == Level::Instance {
        return Err(Refusal::Instance);
    }
    let stored = match before {
        Snapshot::Nothing if !integration.creatable => {
            return Err(Refusal::NotCreatable(integration.title));
        }
        Snapshot::Nothing => Settings::default(),
        Snapshot::Stored { settings, .. } => settings.clone(),
    };
    let mut body = begin(integration, false);
    let mut after = stored.clone();
    let form = overlay(integration, &stored, draft);
    for field in sendable(integration, draft, &form) {
        let (old, new) = (value(&stored.fields, field), value(&form, field));
        let changed = !old.same_setting(&new);
        if changed || field.required {
            put(&mut body, field, &new);
        }
        if changed {
            after.fields.insert(field.name.to_owned(), new);
        }
    }
    for event in integration.events.iter().filter(|event| event.rest) {
        if let Some(on) = draft.events.get(event.name)
            && stored.events.get(event.name) != Some(on)
        {
            body.insert(event.name.to_owned(), (*on).into());
            after.events.insert(event.name.to_owned(), *on);
        }
    }
    let needs = secret_needs(integration, before, draft, typed);
    let secrets = needs
        .iter()
        .filter(|need| matches!(need.state, SecretState::New | SecretState::Needed))
        .map(|need| need.field.to_owned())
        .collect();
    Ok(Step {
        scope,
        slug: slug.clone(),
        action: Action::SetCustom,
        besides: besides(integration, before, &needs),
        before: before.clone(),
        after: Snapshot::Stored {
            inherited: false,
            active: before.active() || integration.creatable,
            settings: after,
        },
        writes: vec![Write::Put { body }],
        secrets,
        source: None,
    })
}

/// Where a secret of the form stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretNeed {
    /// The field.
    pub field: &'static str,
    /// Where it stands.
    pub state: SecretState,
    /// The changed setting that makes GitLab drop it.
    pub dropped_by: Option<&'static str>,
}

/// Where a secret stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretState {
    /// What is stored, if anything is, stays.
    Kept,
    /// It must be entered to save.
    Needed,
    /// It was entered.
    New,
    /// Not entered, not required, and dropped by GitLab.
    Dropped,
}

/// Where each secret of the form stands: GitLab wants required ones on every PUT and cannot give
/// them back; a changed address clears what is not sent again (contract, section 2).
pub fn secret_needs(
    integration: &'static Integration,
    before: &Snapshot,
    draft: &Settings,
    typed: &[String],
) -> Vec<SecretNeed> {
    let stored = before.settings();
    let form = overlay(integration, &stored, draft);
    let secrets = || {
        let fields = integration.fields.iter();
        fields.filter(|field| field.secret && field.rest && is_shown(field, &form))
    };
    let is_typed = |field: &Field| typed.iter().any(|name| name == field.name);
    let changed = sendable(integration, draft, &form)
        .filter(|field| field.clears_secrets)
        .find(|field| !value(&stored.fields, field).same_setting(&value(&form, field)));
    secrets()
        .map(|field| {
            // An address that is itself a secret cannot be compared: sent again, it may be new.
            let dropped_by = match before {
                Snapshot::Nothing => None,
                Snapshot::Stored { .. } => changed.or_else(|| {
                    secrets()
                        .filter(|other| other.clears_secrets && other.name != field.name)
                        .find(|other| other.required || is_typed(other))
                }),
            };
            let state = match (is_typed(field), field.required) {
                (true, _) => SecretState::New,
                (false, true) => SecretState::Needed,
                (false, false) if dropped_by.is_some() => SecretState::Dropped,
                (false, false) => SecretState::Kept,
            };
            SecretNeed { field: field.name, state, dropped_by: dropped_by.map(|by| by.name) }
        })
        .collect()
}

/// Fields that belong to the save: those GitLab insists on, and those the draft mentions.
fn sendable<'a>(
    integration: &'static Integration,
    draft: &'a Settings,
    form: &'a BTreeMap<String, Value>,
) -> impl Iterator<Item = &'static Field> + use<'a> {
    integration
        .fields
        .iter()
        .filter(|field| field.rest && !field.secret && is_shown(field, form))
        .filter(|field| field.required || draft.fields.contains_key(field.name))
}

/// The whole form: what a draft does not mention stays as it is stored, also where it decides
/// which other settings are shown.
fn overlay(
    integration: &'static Integration,
    stored: &Settings,
    draft: &Settings,
) -> BTreeMap<String, Value> {
    let mut form = stored.fields.clone();
    for field in integration.fields.iter().filter(|field| field.rest && !field.secret) {
        if let Some(drafted) = draft.fields.get(field.name) {
            let new = storable(field, &value(&stored.fields, field), drafted);
            form.insert(field.name.to_owned(), new);
        }
    }
    form
}

fn value(fields: &BTreeMap<String, Value>, field: &Field) -> Value {
    fields.get(field.name).cloned().unwrap_or_default()
}

fn besides(integration: &Integration, before: &Snapshot, needs: &[SecretNeed]) -> Vec<Besides> {
    let mut besides = Vec::new();
    if before.inherited() {
        besides.push(Besides::BecomesCustom);
    }
    match (before.active(), integration.creatable) {
        (true, _) => besides.push(Besides::StaysOn),
        (false, true) => besides.push(Besides::SwitchesOn),
        // What is installed elsewhere is switched there (contract, section 2).
        (false, false) => {}
    }
    let dropped: Vec<String> = needs
        .iter()
        .filter(|need| need.dropped_by.is_some())
        // One that is sent again takes the old one's place.
        .filter(|need| matches!(need.state, SecretState::Needed | SecretState::Dropped))
        .map(|need| need.field.to_owned())
        .collect();
    if let Some(because) = needs.iter().find_map(|need| need.dropped_by)
        && !dropped.is_empty()
    {
        besides.push(Besides::DropsSecrets { because: because.to_owned(), secrets: dropped });
    }
    besides
}
