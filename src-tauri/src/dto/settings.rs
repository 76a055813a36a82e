//! Settings side by side, what changes in them, and what GitLab does besides.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::catalog::{FieldValue, SectionKind};
use super::scope::{IntegrationItem, ScopeName, ScopeRef, Source, Why};

/// One side of a compared setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Shown {
    /// A value, with the label of the choice it stands for.
    Value {
        /// The value.
        value: FieldValue,
        /// What GitLab's form calls it, for choices.
        label: Option<String>,
    },
    /// A secret: GitLab never returns it, so it cannot be compared.
    Hidden,
    /// Not read.
    Unread,
    /// There is no such side: no default exists, or no row of its own.
    None,
}

/// How two sides stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Equal.
    Same,
    /// Different.
    Differs,
    /// A secret on either side, or one side unread.
    CannotCompare,
    /// Only one side exists.
    OneSided,
}

/// One setting, default beside own.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CompareRow {
    /// REST parameter.
    pub name: String,
    /// Label.
    pub title: String,
    /// It is a trigger event.
    pub event: bool,
    /// GitLab hides it.
    pub secret: bool,
    /// The default.
    pub default: Shown,
    /// This scope's own.
    pub own: Shown,
    /// How they stand.
    pub verdict: Verdict,
}

/// A part of the comparison.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CompareSection {
    /// Which part.
    pub kind: SectionKind,
    /// Its heading.
    pub title: String,
    /// Its settings, in form order.
    pub rows: Vec<CompareRow>,
}

/// One scope of the way from the instance to here.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ChainLink {
    /// Which scope.
    pub scope: ScopeName,
    /// What it does on the way.
    pub role: ChainRole,
    /// The default settings come from it.
    pub source: bool,
    /// The settings pass from here to the next link.
    pub flows: bool,
}

/// What a scope does on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ChainRole {
    /// Its own settings are the default of what is below.
    SetsDefault,
    /// Inherits and passes on.
    Inherits,
    /// Nothing set here.
    PassesOn,
    /// Uses its own (the scope itself).
    UsesOwn,
    /// Off here.
    Off,
    /// Cannot be read.
    NotVisible,
    /// Instance defaults are inferred, never read.
    Inferred,
}

/// An integration at a scope, default and own side by side.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Comparison {
    /// Which scope.
    pub scope: ScopeName,
    /// State, source, times.
    pub item: IntegrationItem,
    /// One sentence on what the integration does.
    pub description: String,
    /// Instance first, this scope last.
    pub chain: Vec<ChainLink>,
    /// Where the default column comes from; `null`: no default exists above.
    pub default_from: Option<Source>,
    /// When the default's settings were read.
    pub default_read_at: Option<String>,
    /// When this scope's own settings were read; `null`: they were not.
    pub own_read_at: Option<String>,
    /// Its settings.
    pub sections: Vec<CompareSection>,
    /// Whether *Edit custom settings* is offered.
    pub edit: Offer,
    /// Whether *Use default settings* is offered.
    pub use_default: Offer,
    /// What *Use default settings* would do.
    pub use_default_effect: Option<UseDefaultEffect>,
    /// Whether *Disable* is offered.
    pub disable: Offer,
}

/// Whether an act is offered.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Offer {
    /// It is.
    Offered,
    /// It is shown, switched off, with the reason.
    Refused {
        /// The reason.
        why: Why,
    },
    /// It makes no sense here and is not shown.
    Absent,
}

/// What *Use default settings* would do, counted.
#[derive(Clone, Debug, Serialize, Type)]
pub struct UseDefaultEffect {
    /// Settings that change.
    pub changes: u32,
    /// Settings that stay equal.
    pub same: u32,
    /// Titles of stored secrets that GitLab deletes and cannot give back.
    pub secrets_lost: Vec<String>,
    /// The default is switched off, so this scope's integration will be too.
    pub switches_off: bool,
}

/// A setting that changes.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Change {
    /// REST parameter.
    pub name: String,
    /// Label.
    pub title: String,
    /// As it is.
    pub before: Shown,
    /// As it will be.
    pub after: Shown,
}

/// What GitLab does besides what was asked (contract, sections 2 and 8).
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Besides {
    /// All settings become this scope's own; later changes of the default do not reach it.
    BecomesCustom {
        /// Where they came from.
        from: Option<String>,
    },
    /// Saving through the API switches the integration on.
    SwitchesOn,
    /// It is on and stays on.
    StaysOn,
    /// The integration is switched off, as the default is.
    SwitchesOff,
    /// A changed setting makes GitLab drop stored secrets that are not sent again.
    DropsSecrets {
        /// Title of the changed setting.
        because: String,
        /// Titles of the secrets.
        secrets: Vec<String>,
    },
    /// Stored secrets are replaced by the default's; GitLab cannot give them back.
    LosesSecrets {
        /// Titles of the secrets.
        secrets: Vec<String>,
    },
    /// Later changes of the default will reach this scope.
    FollowsDefault {
        /// The default's path.
        of: String,
    },
    /// The default's settings are saved in the group first, so that nothing else is handed down.
    SavesDefaultFirst {
        /// They are those of a scope that inherits them: no token reads the instance's.
        inferred: bool,
    },
    /// GitLab's API neither shows nor sets these: the group keeps its own.
    KeepsOwn {
        /// Titles of the settings.
        settings: Vec<String>,
    },
    /// Taken back to default settings that are others now: what these were is lost.
    DefaultMoved {
        /// Titles of the settings.
        settings: Vec<String>,
    },
    /// Its settings are blanked; GitLab cannot give them back.
    Blanks,
    /// Its trigger events are switched off first.
    EventsOff,
    /// It was not looked up: should a row that is off stand there, nothing is sent.
    NotAsked,
    /// What inherits from here keeps what it was given.
    LeavesInheritors {
        /// How many inherit.
        inherit: u32,
    },
    /// What inherits from here is given the new settings, where the server propagates.
    Propagates {
        /// How many inherit.
        inherit: u32,
        /// How many may be switched on for the first time.
        maybe: u32,
    },
}

/// Names an integration at a scope.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
pub struct IntegrationRef {
    /// The connection.
    pub connection: u32,
    /// The scope.
    pub scope: ScopeRef,
    /// The integration.
    pub slug: String,
}
