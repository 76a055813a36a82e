//! The local copy as a file.

use serde::Deserialize;
use specta::Type;

use super::scope::ScopeRef;

/// What of the local copy is written.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct ExportPart {
    /// At or below this scope.
    pub below: Option<ScopeRef>,
    /// This integration alone.
    pub slug: Option<String>,
}

/// What an export looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// One line per integration row, for spreadsheets.
    Csv,
    /// One document, for programs.
    Json,
    /// One page, for people.
    Html,
}

/// What a file of changes looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ChangesFormat {
    /// One line per change, for spreadsheets.
    Csv,
    /// One document, for programs.
    Json,
}
