//! What is offered while somebody types.

use serde::Serialize;
use specta::Type;

use super::catalog::{Category, FieldValue};
use super::scope::{ScopeName, State};

/// What a text was found in.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Suggestions {
    /// Scopes, best first.
    pub scopes: Vec<SuggestedScope>,
    /// All of them.
    pub total_scopes: Matches,
    /// Values, those most scopes have first.
    pub values: Vec<SuggestedValue>,
    /// All of them.
    pub total_values: Matches,
}

/// How many matches there are.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct Matches {
    /// So many were counted.
    pub n: u32,
    /// There are more than that.
    pub more: bool,
}

/// A scope that was found.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SuggestedScope {
    /// Which.
    pub scope: ScopeName,
    /// It is archived.
    pub archived: bool,
    /// The state of the integration that was asked about.
    pub state: Option<State>,
}

/// A value that was found, of one field of one kind.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SuggestedValue {
    /// Which integration.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub category: Category,
    /// Which field.
    pub field: String,
    /// Its label.
    pub field_title: String,
    /// The value.
    pub value: FieldValue,
    /// Scopes that have it in settings of their own.
    pub scopes: u32,
    /// Those of them with custom settings that are on, as the groups of values count them.
    pub custom: u32,
    /// One of them.
    pub example: ScopeName,
}
