//! The change that takes a step back.

use super::{Change, Snapshot};
use crate::catalog::{FieldType, Integration};
use crate::settings::{Settings, agree};
use crate::value::Value;

/// Why GitLab's API has no way back to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoWayBack {
    /// Saving switches on, and DELETE blanks (contract, section 2).
    #[error("it was off with its settings kept, and GitLab’s API cannot bring that back")]
    OffWithSettings,
    /// Linked, it is on exactly when its default is.
    #[error("it used default settings that were off, and those are on now")]
    DefaultOn,
    /// What is installed elsewhere is not switched on by saving (contract, section 2).
    #[error("{0} is switched on where it is installed, not through GitLab’s API")]
    SwitchedOnElsewhere(&'static str),
}

/// The change that leads from the row as it is `now` to the row as it was `before`, secrets aside.
///
/// # Errors
/// Where GitLab's API cannot bring it about.
pub fn back(
    integration: &'static Integration,
    before: &Snapshot,
    now: &Snapshot,
    default: Option<&Snapshot>,
) -> Result<Change, NoWayBack> {
    match before {
        Snapshot::Nothing => Ok(Change::Disable),
        Snapshot::Stored { inherited: true, active, .. } => {
            let on = default.is_some_and(Snapshot::active);
            if on && !active { Err(NoWayBack::DefaultOn) } else { Ok(Change::UseDefault) }
        }
        Snapshot::Stored { inherited: false, active: true, .. }
            if !integration.creatable && !now.active() =>
        {
            Err(NoWayBack::SwitchedOnElsewhere(integration.title))
        }
        Snapshot::Stored { inherited: false, active: true, settings } => Ok(Change::SetCustom {
            draft: whole(integration, settings, &now.settings()),
            typed: Vec::new(),
        }),
        Snapshot::Stored { inherited: false, active: false, settings } => {
            let blank = Settings { fields: Default::default(), ..settings.clone() };
            if agree(Some(integration), settings, &blank) {
                Ok(Change::Disable)
            } else {
                Err(NoWayBack::OffWithSettings)
            }
        }
    }
}

/// Settings as a draft that says something of everything that is stored now: what was not there
/// is blank again, and a switch or an event that was never set is off (no parameter unsets it).
/// Left out, it would stay.
pub(super) fn whole(integration: &Integration, before: &Settings, now: &Settings) -> Settings {
    let mut draft = before.clone();
    for name in now.fields.keys() {
        let switch = integration
            .field(name)
            .is_some_and(|it| it.field_type == FieldType::Boolean && it.default.is_none());
        let value = draft.fields.entry(name.clone()).or_insert(Value::Unset);
        if switch && value.is_blank() {
            *value = Value::Bool(false);
        }
    }
    for name in now.events.keys() {
        draft.events.entry(name.clone()).or_insert(false);
    }
    draft
}
