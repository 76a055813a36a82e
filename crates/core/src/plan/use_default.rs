//! Going back to default settings.

use super::body::{begin, placeholder, put};
use super::{Action, Besides, Refusal, Snapshot, Step, Write};
use crate::catalog::Integration;
use crate::ids::{Level, ScopeKey, Slug};

/// Plans *Use default settings* at a project. `default` is the source's row as it is known.
///
/// GitLab ignores every other parameter of that PUT, but insists on the required ones being there
/// (contract, section 2): they are filled with what is stored, secrets with a word that is never
/// stored.
///
/// # Errors
/// At groups, whose own values would be handed down; at the instance; where the integration or
/// its API has no inheritance.
pub fn use_default(
    integration: &'static Integration,
    scope: ScopeKey,
    slug: &Slug,
    before: &Snapshot,
    source: ScopeKey,
    default: &Snapshot,
) -> Result<Step, Refusal> {
    if !integration.rest || integration.read_only {
        return Err(Refusal::NoApi(integration.title));
    }
    if !integration.supports_inherit {
        return Err(Refusal::NoInheritance(integration.title));
    }
    if !integration.levels.contains(scope.level) {
        return Err(Refusal::Level(integration.title));
    }
    match scope.level {
        Level::Project => {}
        Level::Group => return Err(Refusal::GroupKeepsValues),
        Level::Instance => return Err(Refusal::NoInheritance(integration.title)),
    }
    let (stored, wanted) = (before.settings(), default.settings());
    let mut body = begin(integration, true);
    for field in integration.required_fields().filter(|field| field.rest) {
        let known = [&stored, &wanted]
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

fn besides(integration: &Integration, before: &Snapshot, default: &Snapshot) -> Vec<Besides> {
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
