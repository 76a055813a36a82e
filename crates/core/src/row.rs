//! What is known of one integration at one scope. Never a guess: what was not read says so.

use serde::{Deserialize, Serialize};

use crate::ids::ScopeKey;

/// Everything that can be known of an integration at a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// GitLab stores a row.
    Row(Row),
    /// Asked by name: GitLab stores none.
    NotSet,
    /// Not among the active rows, and not asked further: not set, or a row that is off.
    Off,
    /// It cannot be set here.
    Unavailable(Unavailable),
    /// It could not be read.
    Unknown(NotRead),
}

/// A stored row. Link and active are two axes: a disabled row keeps its link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Own settings, or linked to default settings.
    pub link: Link,
    /// Whether the integration is on.
    pub active: bool,
}

/// Where a row's settings come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Its own.
    Custom,
    /// Default settings of a scope above.
    Inherited {
        /// Which scope.
        source: Source,
        /// Whether its values really are the source's: GitLab links groups without copying, and
        /// hands changes down later or not at all (contract, section 8).
        agrees: Agrees,
    },
}

/// The scope that inherited settings come from. GitLab does not name it: it is resolved from what
/// is known of the ancestors ([`crate::inheritance::source`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// This scope.
    Scope {
        /// Which.
        key: ScopeKey,
        /// How that is known.
        basis: Basis,
    },
    /// This ancestor cannot be read, and it may be the source.
    NotVisible(ScopeKey),
    /// This ancestor shows no active row and was not asked by name; it may be the source.
    NotAsked(ScopeKey),
}

/// How a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// GitLab said so.
    Read,
    /// It follows from what GitLab said of other scopes.
    Inferred,
}

/// Whether an inherited row's values are its source's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Agrees {
    /// They are.
    Yes,
    /// They are not.
    No,
    /// The values were not read; nothing suggests that they differ.
    Unread,
}

/// Why an integration cannot be set at a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unavailable {
    /// It exists at other levels only.
    Level,
    /// GitLab's API does not know it.
    NoApi,
    /// This GitLab's version does not have it, or not its API.
    Version,
}

/// Why something is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotRead {
    /// Nobody asked yet.
    NotYet,
    /// The token or account may not.
    NoPermission,
    /// GitLab answered with an error, or not at all.
    Failed,
    /// GitLab's version does not say (`inherited` came with 17.3).
    Version,
}

/// The labels of the whole product, one for each thing that can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Linked to default settings.
    Inherited,
    /// Linked, but the values are not the default's.
    InheritedDiffers,
    /// Own settings.
    Custom,
    /// A row that is off; its link is kept.
    Disabled,
    /// Not among the active rows; not asked.
    Off,
    /// Asked: nothing stored.
    NotSet,
    /// Cannot be set here.
    Unavailable,
    /// Could not be read.
    Unknown,
}

impl State {
    /// Every state, in the order of the constants, which is also their number in the store.
    pub const ALL: [Self; 8] = [
        Self::Inherited,
        Self::InheritedDiffers,
        Self::Custom,
        Self::Disabled,
        Self::Off,
        Self::NotSet,
        Self::Unavailable,
        Self::Unknown,
    ];

    /// The name in JSON and exports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inherited => "inherited",
            Self::InheritedDiffers => "inherited_differs",
            Self::Custom => "custom",
            Self::Disabled => "disabled",
            Self::Off => "off",
            Self::NotSet => "not_set",
            Self::Unavailable => "unavailable",
            Self::Unknown => "unknown",
        }
    }

    /// What a person reads.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Inherited => "inherited",
            Self::InheritedDiffers => "inherited, differs",
            Self::Custom => "custom",
            Self::Disabled => "disabled",
            Self::Off => "off",
            Self::NotSet => "not set",
            Self::Unavailable => "unavailable",
            Self::Unknown => "unknown",
        }
    }

    /// What stands for it where there is no room for words: a shape, so that no meaning hangs on a
    /// colour.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Inherited => "●",
            Self::InheritedDiffers => "◐",
            Self::Custom => "◆",
            Self::Disabled => "⊘",
            Self::Off => "○",
            Self::NotSet => "–",
            Self::Unavailable => "×",
            Self::Unknown => "?",
        }
    }
}

impl Known {
    /// The label of what is known.
    pub const fn state(&self) -> State {
        match self {
            Self::Row(row) => row.state(),
            Self::NotSet => State::NotSet,
            Self::Off => State::Off,
            Self::Unavailable(_) => State::Unavailable,
            Self::Unknown(_) => State::Unknown,
        }
    }

    /// The stored row, if one is known.
    pub const fn row(&self) -> Option<Row> {
        match self {
            Self::Row(row) => Some(*row),
            Self::NotSet | Self::Off | Self::Unavailable(_) | Self::Unknown(_) => None,
        }
    }
}

impl Row {
    /// The label of this row.
    pub const fn state(self) -> State {
        match (self.active, self.link) {
            (false, _) => State::Disabled,
            (true, Link::Custom) => State::Custom,
            (true, Link::Inherited { agrees: Agrees::No, .. }) => State::InheritedDiffers,
            (true, Link::Inherited { agrees: Agrees::Yes | Agrees::Unread, .. }) => {
                State::Inherited
            }
        }
    }
}
