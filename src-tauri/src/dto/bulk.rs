//! One change of many scopes.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::form::Draft;
use super::kinds::MemberQuery;
use super::matrix::{MatrixFilter, Visibility};
use super::plan::Action;
use super::scope::{Level, ScopeRef, State};
use super::settings::IntegrationRef;

/// What to plan at many scopes.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct BulkRequest {
    /// The connection.
    pub connection: u32,
    /// The integration.
    pub slug: String,
    /// What is wanted of each.
    pub wish: BulkWish,
    /// Where.
    pub selection: BulkSelection,
}

/// What is wanted of each scope.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BulkWish {
    /// Back to the default settings.
    UseDefault,
    /// Switched off.
    Disable,
    /// Switched on again.
    Enable,
    /// The settings of another scope.
    CopyFrom {
        /// Whose.
        scope: ScopeRef,
        /// Names of the secret fields that are given along: GitLab returns none of its own.
        secrets: Vec<String>,
    },
    /// These settings over those it has.
    SetCustom {
        /// What is set, and nothing else.
        draft: Draft,
        /// Names of the secret fields that are given new values.
        secrets: Vec<String>,
    },
}

/// What came of drafts that were to be planned together.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DraftsPlanned {
    /// The plans that were made, one for each integration.
    pub runs: Vec<u32>,
    /// Drafts that are in none of them. They are kept.
    pub left: Vec<DraftLeft>,
}

/// A draft that is in no plan.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DraftLeft {
    /// Which.
    pub at: IntegrationRef,
    /// Why.
    pub why: String,
}

/// Which scopes. Never a list of them: the window has only seen some.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BulkSelection {
    /// Everything below a scope.
    Below {
        /// Which.
        scope: ScopeRef,
        /// Of those, which.
        filter: ScopeFilter,
    },
    /// Rows of the matrix.
    Rows {
        /// Which matrix.
        filter: MatrixFilter,
        /// The order they were in when they were selected, as the matrix said it.
        order: String,
        /// Which of its rows.
        spans: Vec<RowSpan>,
    },
    /// The members of a group of values.
    Members {
        /// Which group.
        query: MemberQuery,
    },
}

/// Some rows, the ends included.
#[derive(Clone, Copy, Debug, Deserialize, Type)]
pub struct RowSpan {
    /// The first, from 0.
    pub first: u32,
    /// The last.
    pub last: u32,
}

/// Narrows what is below a scope. Everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ScopeFilter {
    /// In one of these states; none: any.
    pub states: Vec<State>,
    /// Only groups, or only projects.
    pub level: Option<Level>,
    /// Only this visibility.
    pub visibility: Option<Visibility>,
    /// Name or path holds this text.
    pub text: String,
    /// A setting of its own that is no secret holds this text.
    pub value: String,
    /// Archived projects, too.
    pub archived: bool,
}

/// What a plan was asked for.
#[derive(Clone, Debug, Serialize, Type)]
pub struct About {
    /// What was wanted; `null`: it takes a run back, or does again what did not work.
    pub action: Option<Action>,
    /// The scopes that were named, if there were few.
    pub paths: Vec<String>,
    /// How many scopes were named.
    pub named: u32,
    /// Everything below them was meant in place of themselves.
    pub below: bool,
    /// Whose settings are copied.
    pub from: Option<String>,
    /// Each scope is given what was kept as its draft.
    pub drafts: bool,
    /// Of those, which.
    pub filter: ScopeFilter,
    /// The run of which this does again what did not work.
    pub again: Option<u32>,
    /// The run that this takes back.
    pub undoes: Option<u32>,
}
