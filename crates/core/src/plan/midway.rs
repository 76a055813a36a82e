//! A step that was cut short: which of its writes comes next.

use serde_json::{Map, Value as Json};

use super::{Action, Snapshot, Step, Write, disable};
use crate::catalog::Integration;
use crate::settings::{agree, flags_agree};
use crate::value::Value;

impl Step {
    /// Which of the writes comes next, by a row that was found: the first, where it is as planned
    /// on; a later one, where it is exactly as an earlier write leaves it (this step's own doing,
    /// if it was begun). None: somebody else was there.
    pub fn next_write(&self, integration: &Integration, found: &Snapshot) -> Option<usize> {
        if found.same(integration, &self.before) {
            return Some(0);
        }
        let told = self.as_far_as_planned(found);
        let Snapshot::Stored { inherited, active, settings } = &told else { return None };
        let last = self.writes.len().checked_sub(1).filter(|last| *last > 0)?;
        let midway = !inherited && *active;
        if midway
            && self.source.is_some()
            && agree(Some(integration), settings, &self.after.settings())
        {
            return Some(last);
        }
        if self.action == Action::Disable && found.same(integration, &self.cut_off(integration)) {
            return Some(last);
        }
        let blanked = !active && settings.fields.values().all(disable::is_blanked);
        let begun = self.writes.first() == Some(&Write::Delete);
        let silent =
            flags_agree(Some(integration), &settings.events, &self.before.settings().events);
        (begun && blanked && silent && *inherited == self.before.inherited()).then_some(1)
    }

    /// The row once its link is cut and before it is blanked: what it had, and over it what the
    /// first PUT carries. Whoever else saves it leaves another one.
    fn cut_off(&self, integration: &Integration) -> Snapshot {
        let mut settings = self.before.settings();
        let nothing = Map::new();
        for (name, sent) in self.body().unwrap_or(&nothing) {
            if let (Some(event), Json::Bool(on)) = (integration.event(name), sent) {
                settings.events.insert(event.name.to_owned(), *on);
            } else if let Some(field) = integration.field(name).filter(|field| !field.secret) {
                settings.fields.insert(name.clone(), Value::from_json(field.field_type, sent));
            }
        }
        Snapshot::Stored {
            inherited: false,
            active: self.before.active() || integration.creatable,
            settings,
        }
    }
}
