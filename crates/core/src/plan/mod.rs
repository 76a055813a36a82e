//! What a change would send and what the scope would look like after it. Pure: the same inputs
//! give the same plan, and nothing here can reach GitLab.

mod back;
mod blast;
mod body;
mod decide;
mod disable;
mod enable;
mod group_default;
mod midway;
mod set_custom;
mod use_default;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::catalog::{Field, Integration};
use crate::ids::{ScopeKey, Slug};
use crate::settings::{Have, Known, Pair, Settings, Verdict, compare};
use crate::value::Value;

pub use back::{NoWayBack, back};
pub use blast::{Below, HandedDown, Touch};
pub use decide::{Change, Ground, Skip, decide, offered};
pub use disable::disable;
pub use enable::enable;
pub use set_custom::{SecretNeed, SecretState, secret_needs, set_custom};
pub use use_default::use_default;

/// A row as it stood when something was planned on it. Kept in the journal, and compared with what
/// GitLab says just before a write (`updated_at` alone proves nothing: contract, section 10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "snake_case")]
pub enum Snapshot {
    /// Nothing is stored.
    Nothing,
    /// A row.
    Stored {
        /// Linked to default settings.
        inherited: bool,
        /// Switched on.
        active: bool,
        /// Its settings, secrets left out.
        #[serde(flatten)]
        settings: Settings,
    },
}

impl Snapshot {
    /// The stored settings; blank where nothing is stored.
    pub fn settings(&self) -> Settings {
        match self {
            Self::Nothing => Settings::default(),
            Self::Stored { settings, .. } => settings.clone(),
        }
    }

    /// Whether the row is on.
    pub const fn active(&self) -> bool {
        matches!(self, Self::Stored { active: true, .. })
    }

    /// Whether the row is linked to default settings.
    pub const fn inherited(&self) -> bool {
        matches!(self, Self::Stored { inherited: true, .. })
    }

    /// Whether another snapshot shows the same row: link, active, events and every readable value.
    pub fn same(&self, integration: &Integration, other: &Self) -> bool {
        match (self, other) {
            (Self::Nothing, Self::Nothing) => true,
            (
                Self::Stored { inherited, active, settings },
                Self::Stored { inherited: link, active: on, settings: found },
            ) => {
                inherited == link
                    && active == on
                    && compare(Some(integration), Have::Read(settings), Have::Read(found))
                        .iter()
                        .all(|pair| pair.verdict != Verdict::Differs)
            }
            (Self::Nothing, Self::Stored { .. }) | (Self::Stored { .. }, Self::Nothing) => false,
        }
    }
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Back to the default settings.
    UseDefault,
    /// Custom settings.
    SetCustom,
    /// Switched off, its settings blanked: the API knows no other way (contract, section 2).
    Disable,
    /// Switched on again, with the settings it has.
    Enable,
}

impl Action {
    /// What a person reads.
    pub const fn label(self) -> &'static str {
        match self {
            Self::UseDefault => "use default settings",
            Self::SetCustom => "save custom settings",
            Self::Disable => "disable",
            Self::Enable => "enable",
        }
    }
}

/// One request of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Write {
    /// Saves and, for most kinds, switches on.
    Put {
        /// The parameters, secrets left out.
        body: Map<String, Json>,
    },
    /// Blanks the row and switches it off.
    Delete,
}

impl Write {
    /// Takes the parameter away that servers before 17.3 do not have.
    pub(super) fn without_inherit_flag(&mut self) {
        if let Self::Put { body } = self {
            body.remove(body::USE_INHERITED);
        }
    }

    /// Whether the secrets of its step go with it: beside the link GitLab ignores them.
    pub fn takes_secrets(&self) -> bool {
        match self {
            Self::Put { body } => body.get(body::USE_INHERITED) != Some(&Json::Bool(true)),
            Self::Delete => false,
        }
    }
}

/// One write, ready but for its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Where.
    pub scope: ScopeKey,
    /// Which integration.
    pub slug: Slug,
    /// What it does.
    pub action: Action,
    /// The row it was planned on.
    pub before: Snapshot,
    /// The row as it will be.
    pub after: Snapshot,
    /// What is sent, in order.
    pub writes: Vec<Write>,
    /// Secret fields whose values must come with the PUT.
    pub secrets: Vec<String>,
    /// The scope the settings will come from, for [`Action::UseDefault`].
    pub source: Option<ScopeKey>,
    /// What GitLab does besides.
    pub besides: Vec<Besides>,
}

impl Step {
    /// The settings that change, before on the left, after on the right.
    pub fn changes(&self, integration: &Integration) -> Vec<Pair> {
        changes(integration, &self.before, &self.after)
    }

    /// What it sets, and nothing that it only leaves as it was.
    pub fn draft(&self, integration: &Integration) -> Settings {
        let after = self.after.settings();
        let mut draft = Settings::default();
        for pair in self.changes(integration) {
            match pair.known {
                Some(Known::Field(field)) => {
                    let value = after.fields.get(field.name).cloned().unwrap_or_default();
                    draft.fields.insert(pair.name, value);
                }
                Some(Known::Event(event)) => {
                    let on = after.events.get(event.name).copied().unwrap_or_default();
                    draft.events.insert(pair.name, on);
                }
                None => {}
            }
        }
        draft
    }

    /// The parameters of its PUT, if it has one.
    pub fn body(&self) -> Option<&Map<String, Json>> {
        self.writes.iter().find_map(|write| match write {
            Write::Put { body } => Some(body),
            Write::Delete => None,
        })
    }

    /// A row that was read back, without what the plan says nothing about: a new row has GitLab's
    /// own defaults wherever a draft leaves something out, and a blanked one whatever its columns
    /// fall back to. They are no surprise.
    pub fn as_far_as_planned(&self, back: &Snapshot) -> Snapshot {
        let mut told = back.clone();
        let Snapshot::Stored { settings, .. } = &mut told else { return told };
        match (&self.before, &self.after, self.action) {
            (_, _, Action::Disable) => {
                settings.fields.retain(|_, value| !disable::is_blanked(value));
            }
            (Snapshot::Nothing, Snapshot::Stored { settings: planned, .. }, _) => {
                settings.fields.retain(|name, _| planned.fields.contains_key(name));
                settings.events.retain(|name, _| planned.events.contains_key(name));
            }
            _ => {}
        }
        told
    }

    /// Whether a row that is as planned tells that all of the step is done. Secrets cannot be read
    /// back; but what links a row comes after whatever was to be saved in it.
    pub const fn shows_when_done(&self) -> bool {
        self.secrets.is_empty() || self.source.is_some()
    }

    /// Whether GitLab checks the row as one that is on at some time of it: a PUT that leaves it on,
    /// also for the moment before a DELETE, and one that links it, by the row's own state or by the
    /// default's. One issue tracker and one wiki is all it lets through then, also where two are on
    /// already because a default was handed down unchecked (contract, sections 2 and 8).
    pub fn is_checked_as_on(&self) -> bool {
        let puts = self.writes.iter().any(|write| matches!(write, Write::Put { .. }));
        puts && (self.before.active() || self.after.active())
    }

    /// Nothing would change.
    pub fn is_no_op(&self, integration: &Integration) -> bool {
        self.shows_when_done()
            && self.before.same(integration, &self.after)
            && self.changes(integration).is_empty()
    }
}

/// The settings that differ between two snapshots of a row, earlier on the left.
pub fn changes(integration: &Integration, before: &Snapshot, after: &Snapshot) -> Vec<Pair> {
    compare(Some(integration), Have::Read(&before.settings()), Have::Read(&after.settings()))
        .into_iter()
        .filter(|pair| match pair.verdict {
            Verdict::Differs => true,
            // An event that the row did not have yet, and will.
            Verdict::CannotCompare => {
                pair.sides.default == crate::settings::Side::Unread
                    && matches!(pair.sides.own, crate::settings::Side::Flag(_))
            }
            Verdict::Same | Verdict::OneSided => false,
        })
        .collect()
}

/// What GitLab does besides what was asked (contract, sections 2 and 8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Besides {
    /// The link to the default is cut: all settings become this scope's own.
    BecomesCustom,
    /// Saving through the API switches the integration on.
    SwitchesOn,
    /// It is on, and saving through the API keeps it so.
    StaysOn,
    /// The default is switched off, and so this will be.
    SwitchesOff,
    /// A changed setting makes GitLab drop stored secrets that are not sent again.
    DropsSecrets {
        /// The changed setting.
        because: String,
        /// The secrets.
        secrets: Vec<String>,
    },
    /// Stored secrets give way to the default's, and GitLab cannot give them back.
    LosesSecrets {
        /// The secrets.
        secrets: Vec<String>,
    },
    /// Later changes of the default will reach this scope.
    FollowsDefault,
    /// Its settings are blanked, secrets among them, and GitLab cannot give them back.
    Blanks,
    /// Its trigger events are switched off first, so that none fires while the link is cut.
    EventsOff,
    /// The default's settings are saved in the group first, so that nothing else is handed down
    /// when it is linked (contract, section 8, DANGER).
    SavesDefaultFirst {
        /// The default is the instance's, which no token reads: its settings are those of a scope
        /// that inherits them.
        inferred: bool,
    },
    /// GitLab's API neither shows nor sets these: the group keeps its own, and hands them down,
    /// until the default is saved again.
    KeepsOwn {
        /// REST names.
        settings: Vec<String>,
    },
    /// Taken back, it uses default settings as before, and those are others now: what it had is
    /// lost.
    DefaultMoved {
        /// The settings that were other before, by REST name.
        settings: Vec<String>,
    },
    /// No active row is listed there, and nobody asked further: where a row that is off stands,
    /// nothing is sent.
    NotAsked,
    /// What inherits from here keeps the settings it was given; the blank ones are only handed
    /// down when the default is saved again.
    LeavesInheritors {
        /// How many inherit.
        inherit: u32,
    },
}

/// Why no step can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The kind cannot be set at this level.
    #[error("{0} cannot be set at this level")]
    Level(&'static str),
    /// No token reaches instance defaults (contract, section 4).
    #[error("GitLab’s API cannot change instance defaults: use its own settings page")]
    Instance,
    /// The API does not know the kind.
    #[error("GitLab’s API cannot change {0}")]
    NoApi(&'static str),
    /// The kind has no inheritance, or this server's API has none (contract, section 2).
    #[error("{0} cannot use default settings through GitLab’s API")]
    NoInheritance(&'static str),
    /// The kind is installed elsewhere; the API can only edit what is there (contract, section 2).
    #[error("{0} must be installed in GitLab first: its API can only change it")]
    NotCreatable(&'static str),
    /// GitLab has no way to switch it off by token (contract, section 2).
    #[error("{0} cannot be switched off through GitLab’s API: uninstall it in GitLab")]
    NotDeletable(&'static str),
    /// Nothing is stored that could be switched on.
    #[error("nothing is stored for {0}: set custom settings instead")]
    NothingStored(&'static str),
    /// It is on.
    #[error("{0} is on already")]
    OnAlready(&'static str),
    /// It would take over a default that is off itself, or that cannot be seen.
    #[error(
        "{0} uses default settings, and those are off or cannot be seen: switch the default on"
    )]
    DefaultOff(&'static str),
    /// Switching off blanked it (contract, section 2).
    #[error("what is stored for {0} is not enough to switch it on: set custom settings instead")]
    Incomplete(&'static str),
    /// Nothing is stored, or it is off.
    #[error("{0} is off already")]
    OffAlready(&'static str),
    /// Cutting a group's link would hand placeholders down (contract, section 8).
    #[error(
        "The group inherits {0}. To switch it off GitLab’s API must save settings of its own first, \
         and newer GitLabs hand those down at once to everything that inherits below. GitLab’s own \
         page can do it"
    )]
    GroupHandsDown(&'static str),
    /// Saving the default's settings in the group would switch it on (contract, section 2), and
    /// what inherits from it.
    #[error(
        "the default settings of {0} are off, and a group cannot be linked to them through \
         GitLab’s API without switching it on first: disable it in the group instead"
    )]
    GroupDefaultOff(&'static str),
    /// The default's settings cannot be saved in the group without losing it.
    #[error(
        "GitLab does not tell whether the default settings of {title} hold {secret}. Without it a \
         group cannot be given them, and its own would be handed down"
    )]
    SecretPerhaps {
        /// The integration.
        title: &'static str,
        /// The secret.
        secret: &'static str,
    },
    /// The default's installation cannot be copied.
    #[error(
        "{0} is installed outside of this form: what a group has installed would be handed down \
         to everything that inherits from it"
    )]
    InstalledElsewhere(&'static str),
    /// Nothing to save in the group before it is linked.
    #[error(
        "the default settings of {0} were not read, and a group must be given them before it is \
         linked: sync first"
    )]
    DefaultUnread(&'static str),
    /// What would be handed down is not the default.
    #[error(
        "{title}: GitLab’s API cannot give the group the default’s “{setting}”, and its own would \
         be handed down to everything that inherits from it"
    )]
    CannotCopy {
        /// The integration.
        title: &'static str,
        /// The setting.
        setting: &'static str,
    },
}

/// Whether a setting matters under these values: GitLab's form hides the others, and they are
/// neither asked for nor sent.
pub fn is_shown(field: &Field, fields: &BTreeMap<String, Value>) -> bool {
    field.shown_if.as_ref().is_none_or(|condition| condition.holds(fields))
}
