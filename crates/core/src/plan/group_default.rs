//! Sending a group back to default settings, so that nothing wrong is handed down on the way.
//!
//! Switching a group to inherit leaves its own values in its row, and newer servers hand these
//! down to whatever inherits below (contract, section 8, DANGER). So the default's settings are
//! saved in the group first, as custom ones with the default's secrets: from then on the row holds
//! what the default holds, whenever GitLab hands it down and in whatever order its jobs run. Then
//! the group is linked, and keeps those values.
//!
//! Two other ways were weighed. Saving the default again after the switch needs the same secrets,
//! reaches everything below the *default*, and races with the group's own values, which are handed
//! down at the same time. Setting each inheritor below to inherit again races with them, too, and
//! leaves the old values in the group's row for the next save to hand down.

use serde_json::{Map, Value as Json};

use super::body::{begin, put};
use super::use_default::{besides as said, link};
use super::{Action, Besides, Refusal, Snapshot, Step, Write};
use crate::catalog::{Field, FieldType, Integration};
use crate::ids::{Level, ScopeKey, Slug};
use crate::settings::{Have, Known, Settings, Verdict, compare};
use crate::value::Value;

/// Plans *Use default settings* at a group. `default` is the source's row as it is known.
///
/// # Errors
/// Where the default cannot be saved in the group as it is: it is off (saving switches on), its
/// settings were not read, some of its secrets may or may not be there, it is installed elsewhere,
/// or it differs in something that the API cannot set.
pub(super) fn group_default(
    integration: &'static Integration,
    scope: ScopeKey,
    slug: &Slug,
    before: &Snapshot,
    source: ScopeKey,
    default: &Snapshot,
) -> Result<Step, Refusal> {
    let wanted = default.settings();
    let after =
        Snapshot::Stored { inherited: true, active: default.active(), settings: wanted.clone() };
    let mut step = Step {
        scope,
        slug: slug.clone(),
        action: Action::UseDefault,
        before: before.clone(),
        after,
        writes: Vec::new(),
        secrets: Vec::new(),
        source: Some(source),
        besides: Vec::new(),
    };
    if before.same(integration, &step.after) {
        return Ok(step);
    }
    if !integration.creatable {
        return Err(Refusal::InstalledElsewhere(integration.title));
    }
    if !default.active() {
        return Err(Refusal::GroupDefaultOff(integration.title));
    }
    if let Some(secret) = secrets(integration).find(|field| !field.required) {
        return Err(Refusal::SecretPerhaps { title: integration.title, secret: secret.title });
    }
    if !is_read(integration, &wanted) {
        return Err(Refusal::DefaultUnread(integration.title));
    }
    let mut start = before.settings();
    if sticks(integration, &start, &wanted) {
        if !integration.supports_delete {
            return Err(Refusal::NotDeletable(integration.title));
        }
        step.writes.push(Write::Delete);
        start.fields.clear();
    }
    let (body, saved) = copy(integration, start, &wanted);
    if let Some(setting) = differing(integration, &wanted, &saved) {
        return Err(Refusal::CannotCopy { title: integration.title, setting });
    }
    // Of an event that the default's row does not tell, the group keeps its own.
    if let Snapshot::Stored { settings, .. } = &mut step.after {
        settings.events = saved.events;
    }
    step.writes.push(Write::Put { body });
    step.writes.push(Write::Put { body: link(integration, &wanted, &wanted) });
    step.secrets = secrets(integration).map(|field| field.name.to_owned()).collect();
    step.besides.push(Besides::SavesDefaultFirst { inferred: source.level == Level::Instance });
    let settings = only_on_pages(integration, &wanted);
    if !settings.is_empty() {
        step.besides.push(Besides::KeepsOwn { settings });
    }
    step.besides.extend(said(integration, before, default));
    Ok(step)
}

fn settable(integration: &'static Integration) -> impl Iterator<Item = &'static Field> {
    let fields = integration.fields.iter();
    fields.filter(|field| field.rest && field.levels.contains(Level::Group))
}

fn secrets(integration: &'static Integration) -> impl Iterator<Item = &'static Field> {
    settable(integration).filter(|field| field.secret)
}

fn readable(integration: &'static Integration) -> impl Iterator<Item = &'static Field> {
    settable(integration).filter(|field| !field.secret)
}

fn value<'a>(settings: &'a Settings, field: &Field) -> &'a Value {
    settings.fields.get(field.name).unwrap_or(&Value::Unset)
}

/// Whether the settings can have been read: GitLab returns all of them or none.
fn is_read(integration: &'static Integration, settings: &Settings) -> bool {
    readable(integration).all(|field| !field.required || !value(settings, field).is_blank())
        && (!settings.fields.is_empty() || readable(integration).next().is_none())
}

/// Whether a switch or a number is set that the default never set: no parameter unsets it, only
/// DELETE does.
fn sticks(integration: &'static Integration, stored: &Settings, wanted: &Settings) -> bool {
    readable(integration).any(|field| {
        has_no_blank(field) && value(wanted, field).is_blank() && !value(stored, field).is_blank()
    })
}

const fn has_no_blank(field: &Field) -> bool {
    matches!(field.field_type, FieldType::Boolean | FieldType::Integer)
}

/// The PUT that makes a group's settings the default's, and what they are after it. Settings that
/// others hide are sent, too: they would be handed down as well.
fn copy(
    integration: &'static Integration,
    start: Settings,
    wanted: &Settings,
) -> (Map<String, Json>, Settings) {
    let mut body = begin(integration, false);
    let mut saved = start;
    for field in readable(integration) {
        let new = value(wanted, field);
        let nothing_to_say = new.same_setting(value(&saved, field));
        let cannot_say = has_no_blank(field) && new.is_blank();
        if field.required || !(nothing_to_say || cannot_say) {
            put(&mut body, field, new);
            saved.fields.insert(field.name.to_owned(), new.clone());
        }
    }
    for event in integration.events.iter().filter(|it| it.rest && it.levels.contains(Level::Group))
    {
        if let Some(on) = wanted.events.get(event.name) {
            body.insert(event.name.to_owned(), (*on).into());
            saved.events.insert(event.name.to_owned(), *on);
        }
    }
    (body, saved)
}

/// The first setting that still differs.
fn differing(
    integration: &'static Integration,
    wanted: &Settings,
    saved: &Settings,
) -> Option<&'static str> {
    compare(Some(integration), Have::Read(wanted), Have::Read(saved))
        .into_iter()
        .find(|pair| pair.verdict == Verdict::Differs)
        .map(|pair| match pair.known {
            Some(Known::Field(field)) => field.title,
            Some(Known::Event(event)) => event.title,
            None => "a setting that Heirloom does not know",
        })
}

/// Events that GitLab's API neither shows nor sets.
fn only_on_pages(integration: &'static Integration, wanted: &Settings) -> Vec<String> {
    let events = integration.events.iter().filter(|it| it.levels.contains(Level::Group));
    events
        .filter(|event| !event.rest && !wanted.events.contains_key(event.name))
        .map(|event| event.name.to_owned())
        .collect()
}
