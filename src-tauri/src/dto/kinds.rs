//! One kind of integration across the estate.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::catalog::FieldValue;
use super::matrix::KindCounts;
use super::scope::{ScopeName, ScopeRef};
use super::settings::Shown;

/// One kind across all scopes.
#[derive(Clone, Debug, Serialize, Type)]
pub struct KindView {
    /// Its figures.
    pub kind: KindCounts,
    /// One sentence on what it does.
    pub description: String,
    /// Groups and projects it can be set at.
    pub scopes: u32,
    /// Fields its custom settings can be grouped by: not secret, in form order.
    pub fields: Vec<KindField>,
    /// Who sets a default, with those between them, in tree order.
    pub defaults: Vec<KindDefault>,
}

/// A field custom settings can be grouped by.
#[derive(Clone, Debug, Serialize, Type)]
pub struct KindField {
    /// REST parameter.
    pub name: String,
    /// Label.
    pub title: String,
}

/// A default, or a scope on the way to one.
#[derive(Clone, Debug, Serialize, Type)]
pub struct KindDefault {
    /// Which scope.
    pub scope: ScopeName,
    /// Steps below the topmost scope shown.
    pub depth: u32,
    /// It sets a default; else it only stands between.
    pub sets_default: bool,
    /// It follows from what inherits it, and was never read itself.
    pub inferred: bool,
    /// Its row is on.
    pub active: bool,
    /// Its values of the fields asked for, in their order.
    pub values: Vec<Shown>,
    /// Scopes that take their settings from it.
    pub inherit: u32,
    /// Of these: linked, but their values are not its own.
    pub differ: u32,
    /// Scopes below with custom settings, itself not counted.
    pub custom: u32,
}

/// Custom settings by the value of one field.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ValueGroups {
    /// Scopes with custom settings.
    pub scopes: u32,
    /// Different values.
    pub values: u32,
    /// Scopes whose custom settings were not read, and are in no group.
    pub unread: u32,
    /// The values most scopes have, those first.
    pub groups: Vec<ValueGroup>,
}

/// Those with one value.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ValueGroup {
    /// The value.
    pub value: FieldValue,
    /// What GitLab's form calls it, for choices.
    pub label: Option<String>,
    /// Scopes with it.
    pub scopes: u32,
}

/// Which members of a group are asked for.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
pub struct MemberQuery {
    /// The kind.
    pub slug: String,
    /// The field they are grouped by.
    pub field: String,
    /// The value they have.
    pub value: FieldValue,
    /// Only at or below this scope.
    pub below: Option<ScopeRef>,
    /// A second field shown beside each.
    pub beside: Option<String>,
}

/// Some of a group's members.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Members {
    /// How many there are.
    pub total: u32,
    /// Those asked for, in tree order.
    pub rows: Vec<Member>,
}

/// A scope with custom settings.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Member {
    /// Which.
    pub scope: ScopeName,
    /// Its value of the second field.
    pub beside: Option<Shown>,
    /// When GitLab last saw the row change.
    pub updated_at: Option<String>,
    /// Settings that are not as in its default; `null`: there is nothing to compare with.
    pub differing: Option<u32>,
}
