//! Saving a row as the settings page does, and writing one straight into the database.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use super::scope::Level;
use super::{Row, Scope, Value, World};
use crate::clock::Millis;
use crate::kinds::{Event, KindId};

/// There is no such scope, integration or event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownTarget {
    /// The scope does not exist.
    #[error("there is no {0:?} {1}")]
    Scope(Level, u64),
    /// No integration has this slug, or not at this level.
    #[error("there is no integration {0:?} at this level")]
    Integration(String),
    /// The integration has no such field.
    #[error("there is no field {0:?}")]
    Field(String),
    /// There is no such event.
    #[error("there is no event {0:?}")]
    Event(String),
    /// No default stands above the scope, or the scope has no row.
    #[error("there is nothing stored to use")]
    Nothing,
}

/// What the web form of GitLab sends. Start from `Form::default()` and set what differs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Form {
    /// The *Active* switch; not sent = as it is, on for a new record.
    pub active: Option<bool>,
    /// Use default settings; not sent = custom for a project, unchanged for a group.
    pub inherit: Option<bool>,
    /// Fields to set. A blank password keeps the stored one.
    pub fields: BTreeMap<String, Json>,
    /// Events to set.
    pub events: BTreeMap<String, bool>,
}

/// A write straight into the database: no rule of GitLab is applied, nothing is propagated.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RowEdit {
    /// Switch it on or off.
    pub active: Option<bool>,
    /// `true` links the row to the default above it without copying anything, `false` unlinks.
    pub linked: Option<bool>,
    /// Fields to write; null = never set.
    pub fields: BTreeMap<String, Json>,
    /// Events to write.
    pub events: BTreeMap<String, bool>,
    /// Leave `updated_at` as it is.
    pub keep_time: bool,
}

/// The settings page's rules, for one row and without propagation.
pub(crate) fn save(
    world: &mut World,
    scope: Scope,
    kind: KindId,
    form: &Form,
    now: Millis,
) -> Result<(), UnknownTarget> {
    let row = edited(world, scope, kind, form, now)?;
    world.store(scope, row);
    Ok(())
}

/// The row as a form would leave it, not stored yet.
pub(crate) fn edited(
    world: &mut World,
    scope: Scope,
    kind: KindId,
    form: &Form,
    now: Millis,
) -> Result<Row, UnknownTarget> {
    let stored = world.row(scope, kind).is_some();
    let before = world.record_for(scope, kind, now);
    let mut row = before.clone();
    let project = matches!(scope, Scope::Project(_));
    match form.inherit {
        Some(true) => {
            let default = world.default_above(scope, kind).ok_or(UnknownTarget::Nothing)?;
            if project {
                row.copy_from(default, now);
                return Ok(row);
            }
            row.inherit_from = Some(default.id);
        }
        Some(false) => row.inherit_from = None,
        // A project form without the choice makes the row custom; a group form does not.
        None if project => row.inherit_from = None,
        None => {}
    }
    match form.active {
        Some(active) => row.active = active,
        None if !stored => row.active = true,
        None => {}
    }
    let mut sent = Vec::new();
    for (name, json) in &form.fields {
        let (position, field) =
            kind.kind().field(name).ok_or_else(|| UnknownTarget::Field(name.clone()))?;
        let value = Value::from_json(json);
        if field.is_password() && value.as_ref().is_none_or(Value::is_blank) {
            continue;
        }
        sent.push(position);
        row.values.set(position, value);
    }
    write_events(&mut row, &form.events)?;
    row.forget_exposed_secrets(&before, &sent);
    row.touch_since(&before, now);
    Ok(row)
}

fn write_events(row: &mut Row, events: &BTreeMap<String, bool>) -> Result<(), UnknownTarget> {
    for (name, on) in events {
        let event = Event::by_name(name).ok_or_else(|| UnknownTarget::Event(name.clone()))?;
        row.events.set(event, *on);
    }
    Ok(())
}

/// A write that no rule of GitLab looks at.
pub(crate) fn overwrite(
    world: &mut World,
    scope: Scope,
    kind: KindId,
    edit: &RowEdit,
    now: Millis,
) -> Result<(), UnknownTarget> {
    let stored = world.row(scope, kind).cloned();
    let mut row = match stored {
        Some(row) => row,
        None => Row::new(world.next_row_id(), kind, now),
    };
    if let Some(active) = edit.active {
        row.active = active;
    }
    match edit.linked {
        Some(true) => {
            let default = world.default_above(scope, kind).ok_or(UnknownTarget::Nothing)?;
            row.inherit_from = Some(default.id);
        }
        Some(false) => row.inherit_from = None,
        None => {}
    }
    for (name, json) in &edit.fields {
        let (position, _) =
            kind.kind().field(name).ok_or_else(|| UnknownTarget::Field(name.clone()))?;
        row.values.set(position, Value::from_json(json));
    }
    write_events(&mut row, &edit.events)?;
    if !edit.keep_time {
        row.updated_at = now;
    }
    world.store(scope, row);
    Ok(())
}
