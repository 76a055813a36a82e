//! The tree and what one scope has.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::catalog::Category;

/// One of the three levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The server.
    Instance,
    /// A group or subgroup.
    Group,
    /// A project.
    Project,
}

/// Names a scope of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ScopeRef {
    /// Its level.
    pub level: Level,
    /// GitLab's id as text; "0" for the instance.
    pub id: String,
}

/// A row of the tree.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TreeRow {
    /// Which scope.
    pub scope: ScopeRef,
    /// Its parent, none for the instance.
    pub parent: Option<ScopeRef>,
    /// 0 for the instance.
    pub depth: u32,
    /// Display name.
    pub name: String,
    /// Full path; the host for the instance.
    pub path: String,
    /// Direct children.
    pub children: u32,
    /// Projects at or below.
    pub projects: u32,
    /// Custom settings at or below.
    pub custom: u32,
    /// Integrations for which this group (or the instance) sets the default of what is below.
    pub sets_defaults: u32,
    /// Linked to defaults whose values differ, at or below.
    pub differs: u32,
    /// Archived itself, or below an archived group.
    pub archived: bool,
    /// About to be deleted by GitLab.
    pub pending_deletion: bool,
    /// A project of a person, not of a group.
    pub personal: bool,
    /// No longer on the server when last asked.
    pub gone: bool,
    /// Why its integrations could not be read, if so.
    pub unreadable: Option<Unreadable>,
    /// Drafts kept here.
    pub drafts: u32,
    /// In a filtered tree: it matches itself (else it is kept as an ancestor of a match).
    pub matches: bool,
}

/// Why a scope could not be read.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Unreadable {
    /// What kind of reason.
    pub kind: WhyKind,
    /// GitLab's answer and what to do.
    pub text: String,
    /// When.
    pub at: String,
}

/// Some children of a tree row.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TreePage {
    /// All children there are.
    pub total: u32,
    /// Those asked for.
    pub rows: Vec<TreeRow>,
}

/// A scope with everything known of its integrations.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ScopeView {
    /// The scope.
    pub scope: TreeRow,
    /// From the instance down to its parent.
    pub ancestors: Vec<ScopeName>,
    /// Every integration, those that cannot be set here included; by title.
    pub integrations: Vec<IntegrationItem>,
    /// When its list was read.
    pub read_at: Option<String>,
}

/// A scope's names.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ScopeName {
    /// Which.
    pub scope: ScopeRef,
    /// Display name.
    pub name: String,
    /// Full path.
    pub path: String,
}

/// The labels of design.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Linked to default settings.
    Inherited,
    /// Linked, but its values are not the default's.
    InheritedDiffers,
    /// Own settings.
    Custom,
    /// A row that is off.
    Disabled,
    /// Not among the active ones; not looked up.
    Off,
    /// Looked up: nothing stored.
    NotSet,
    /// Cannot be set here.
    Unavailable,
    /// Could not be read.
    Unknown,
}

/// An integration at a scope, without its settings.
#[derive(Clone, Debug, Serialize, Type)]
pub struct IntegrationItem {
    /// Dashed name.
    pub slug: String,
    /// GitLab's title.
    pub title: String,
    /// For the icon.
    pub category: Category,
    /// What is known.
    pub state: State,
    /// The stored row is linked to default settings. `null`: no row is known.
    pub inherited: Option<bool>,
    /// The stored row is on. `null`: no row is known.
    pub active: Option<bool>,
    /// Whether an inherited row's values are the default's.
    pub agrees: Option<Agrees>,
    /// Where inherited settings come from.
    pub source: Option<Source>,
    /// Settings that are not as in the default (custom or differing rows that were read).
    pub differing: Option<u32>,
    /// Settings that can be compared.
    pub comparable: Option<u32>,
    /// This row is the default of what inherits below it.
    pub sets_default: bool,
    /// Scopes below that inherit this kind.
    pub inherit_below: u32,
    /// Scopes below with custom settings of this kind.
    pub custom_below: u32,
    /// Why it is unavailable or unknown.
    pub why: Option<Why>,
    /// It follows from what inherits it, and was never read itself: an instance default.
    pub inferred: bool,
    /// When GitLab last saw the row change.
    pub updated_at: Option<String>,
    /// When we last read this.
    pub read_at: Option<String>,
    /// A draft is kept.
    pub draft: bool,
}

/// Whether an inherited row's values are the default's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Agrees {
    /// They are.
    Yes,
    /// They are not: GitLab linked without copying, or has not propagated.
    No,
    /// Not read; nothing suggests that they differ.
    Unread,
}

/// Where inherited settings come from.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// A scope above.
    Known {
        /// Which.
        from: ScopeName,
        /// Read, or inferred (GitLab names no source; instance defaults cannot be read).
        inferred: bool,
    },
    /// An ancestor cannot be read, so the source cannot be told.
    NotVisible {
        /// The nearest such ancestor.
        ancestor: ScopeName,
    },
}

/// Why nothing better is known.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Why {
    /// What kind of reason.
    pub kind: WhyKind,
    /// In words, with what to do.
    pub text: String,
}

/// Kinds of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum WhyKind {
    /// Cannot be set at this level.
    Level,
    /// No way to it through GitLab's API.
    NoApi,
    /// This GitLab is too old or too new.
    Version,
    /// The token or account may not.
    NoPermission,
    /// GitLab answered with an error, or not at all.
    Failed,
    /// Not read yet.
    NotRead,
}
