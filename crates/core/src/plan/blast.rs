//! Who else a change of default settings touches (contract, section 8).

use serde::{Deserialize, Serialize};

use super::Action;
use crate::catalog::Integration;
use crate::ids::{Level, ScopeKey};
use crate::row::{Agrees, Known, Link, Row, Source, Unavailable};

/// How somebody else is touched by a changed default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touch {
    /// Inherits, or will, and changes.
    Change,
    /// Has custom settings, and keeps them.
    Keep,
    /// Has nothing stored: is switched on for the first time.
    SwitchOn,
    /// Was not looked up, or GitLab does not tell where its settings come from: may be switched on,
    /// or change.
    Maybe,
    /// Cannot be seen.
    Unseen,
}

impl Touch {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Change, Self::Keep, Self::SwitchOn, Self::Maybe, Self::Unseen];
}

/// A group that a step saves, with what it hands down then. Servers that hand nothing down leave
/// everything below as it is.
#[derive(Clone, Copy, Debug)]
pub struct HandedDown<'a> {
    /// The integration.
    pub integration: &'static Integration,
    /// The group.
    pub group: ScopeKey,
    /// What stands above it, the instance among it: what inherits from there is handed the group's
    /// settings, too.
    pub above: &'a [ScopeKey],
    /// What the step does.
    pub action: Action,
    /// Whether the group is on after it. Rows are made also where it is off.
    pub active: bool,
    /// Whether it inherits after it: then it hands down what comes from above.
    pub inherits: bool,
}

/// A scope below such a group, without a step of its own.
#[derive(Clone, Debug)]
pub struct Below {
    /// Which.
    pub scope: ScopeKey,
    /// What is known of its row.
    pub known: Known,
    /// Archived, or in a group that is.
    pub archived: bool,
}

impl HandedDown<'_> {
    /// What becomes of a scope below the group; none: it is out of reach, or stays as it is.
    pub fn touches(&self, below: &Below) -> Option<Touch> {
        if !self.integration.levels.contains(below.scope.level) {
            return None;
        }
        match below.known {
            Known::Row(Row { link: Link::Custom, .. }) => Some(Touch::Keep),
            Known::Row(Row { link: Link::Inherited { source, agrees }, .. }) => match source {
                Source::Scope { key, .. } => self.reaches(key, agrees),
                Source::NotVisible(_) | Source::NotAsked(_) => Some(Touch::Maybe),
            },
            // Archived projects are given no new row.
            Known::NotSet if below.archived && below.scope.level == Level::Project => None,
            // A DELETE hands nothing down.
            Known::NotSet | Known::Off if self.action == Action::Disable => None,
            Known::NotSet if !self.active => Some(Touch::Change),
            Known::NotSet => Some(Touch::SwitchOn),
            Known::Off => Some(Touch::Maybe),
            Known::Unavailable(Unavailable::Level | Unavailable::NoApi | Unavailable::Version) => {
                None
            }
            Known::Unknown(_) => Some(Touch::Unseen),
        }
    }

    /// What becomes of a row that inherits from this scope, as far as can be told.
    fn reaches(&self, source: ScopeKey, agrees: Agrees) -> Option<Touch> {
        if source != self.group && !self.above.contains(&source) {
            // Below a nearer default. A group also makes rows past that one, where there are none,
            // and what they are linked to then is not told: only that they differ.
            return (agrees == Agrees::No).then_some(Touch::Maybe);
        }
        // It is handed what it has.
        let has_it = self.inherits && source != self.group && agrees == Agrees::Yes;
        (!has_it).then_some(Touch::Change)
    }
}
