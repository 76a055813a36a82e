//! Going back to default settings.

use serde_json::{Map, Value as Json};

use super::body::{begin, placeholder, put};
use super::group_default::group_default;
use super::{Action, Besides, Refusal, Snapshot, Step, Write};
use crate::catalog::Integration;
use crate::ids::{Level, ScopeKey, Slug};
use crate::settings::Settings;

/// Plans *Use default settings*. `default` is the source's row as it is known.
///
/// GitLab ignores every other parameter of that PUT, but insists on the required ones being there
/// (contract, section 2): they are filled with what is stored, secrets with a word that is never
/// stored. A group takes more than that PUT: its own values would be handed down.
///
/// # Errors
/// At the instance; where the integration or its API has no inheritance; where a row would have to
/// be made and saving does not make it; at groups that cannot be
/// given the default's settings first.
pub fn use_default(
    integration: &'static Integration,
    scope: ScopeKey,
    slug: &Slug,
    before: &Snapshot,
    source: ScopeKey,
    default: &Snapshot,
) -> Result<Step, Refusal> {
    can_inherit(integration, scope.level)?;
    if *before == Snapshot::Nothing && !integration.creatable {
        return Err(Refusal::NotCreatable(integration.title));
    }
    if scope.level == Level::Group {
        return group_default(integration, scope, slug, before, source, default);
    }
    let (stored, wanted) = (before.settings(), default.settings());
    let body = link(integration, &stored, &wanted);
    Ok(Step {
        scope,
        slug: slug.clone(),
        action: Action::UseDefault,
        besides: besides(integration, before, default),
        before: before.clone(),
        after: Snapshot::Stored { inherited: true, active: default.active(), settings: wanted },
        writes: vec![Write::Put { body }],
        secrets: Vec::new(),
        source: Some(source),
    })
}

/// Whether an integration can go back to default settings at a level at all.
///
/// # Errors
/// Why not.
pub(super) fn can_inherit(integration: &'static Integration, level: Level) -> Result<(), Refusal> {
    if !integration.rest || integration.read_only {
        return Err(Refusal::NoApi(integration.title));
    }
    if !integration.supports_inherit {
        return Err(Refusal::NoInheritance(integration.title));
    }
    if !integration.levels.contains(level) {
        return Err(Refusal::Level(integration.title));
    }
    match level {
        Level::Project | Level::Group => Ok(()),
        Level::Instance => Err(Refusal::NoInheritance(integration.title)),
    }
}

/// The PUT that links a row to its default.
pub(super) fn link(
    integration: &'static Integration,
    stored: &Settings,
    wanted: &Settings,
) -> Map<String, Json> {
    let mut body = begin(integration, true);
    for field in integration.required_fields().filter(|field| field.rest) {
        let known = [stored, wanted]
            .into_iter()
            .filter_map(|settings| settings.fields.get(field.name))
            .find(|value| !value.is_blank());
        match known {
            Some(value) if !field.secret => put(&mut body, field, value),
            _ => {
                body.insert(field.name.to_owned(), placeholder(field));
            }
        }
    }
    body
}

pub(super) fn besides(
    integration: &Integration,
    before: &Snapshot,
    default: &Snapshot,
) -> Vec<Besides> {
    let mut besides = Vec::new();
    if matches!(before, Snapshot::Stored { inherited: false, .. }) {
        let secrets: Vec<String> = integration
            .fields
            .iter()
            .filter(|field| field.secret && field.rest)
            .filter(|field| super::is_shown(field, &before.settings().fields))
            .map(|field| field.name.to_owned())
            .collect();
        if !secrets.is_empty() {
            besides.push(Besides::LosesSecrets { secrets });
        }
    }
    match (before.active(), default.active()) {
        (true, false) => besides.push(Besides::SwitchesOff),
        (false, true) => besides.push(Besides::SwitchesOn),
        (true, true) | (false, false) => {}
    }
    besides.push(Besides::FollowsDefault);
    besides
}
