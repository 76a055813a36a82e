//! Scopes × integrations.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::catalog::Category;
use super::scope::{Level, ScopeRef, State, Unreadable};

/// Which rows a matrix has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MatrixFilter {
    /// This scope and everything below it; `null`: the whole instance.
    pub root: Option<ScopeRef>,
    /// Names or paths hold this text.
    pub text: String,
    /// At least one of the kinds below is in one of these states; none: any.
    pub states: Vec<State>,
    /// The columns, by slug. States and values are looked for in these.
    pub kinds: Vec<String>,
    /// A non-secret value of one of the kinds holds this text.
    pub value: String,
    /// Only groups, or only projects; `null`: both.
    pub level: Option<Level>,
    /// Only this visibility; `null`: any.
    pub visibility: Option<Visibility>,
    /// Archived scopes are shown.
    pub archived: bool,
    /// Groups whose descendants are folded away.
    pub folded: Vec<ScopeRef>,
}

/// Who may see a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everyone.
    Public,
    /// Everyone signed in.
    Internal,
    /// Members.
    Private,
}

/// How many are in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
pub struct StateCount {
    /// The state.
    pub state: State,
    /// How many.
    pub n: u32,
}

/// One kind, with what is known of it below a scope.
#[derive(Clone, Debug, Serialize, Type)]
pub struct KindCounts {
    /// Dashed name.
    pub slug: String,
    /// GitLab's title.
    pub title: String,
    /// For the icon.
    pub category: Category,
    /// Scopes by state; a state that is not there has none.
    pub counts: Vec<StateCount>,
    /// Groups that set a default, and the instance where it does.
    pub defaults: u32,
    /// Some scope has a row of it.
    pub in_use: bool,
}

/// What stands around the rows.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MatrixHead {
    /// Rows there are with this filter.
    pub rows: u32,
    /// A mark of which rows they are, and in which order: it changes when one comes, goes or moves.
    pub order: String,
    /// Groups below the chosen scope, itself included.
    pub groups: u32,
    /// Projects below it.
    pub projects: u32,
    /// Scopes below that could not be read.
    pub unreadable: u32,
}

/// Some rows of many.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MatrixPage {
    /// The mark of the order that they were cut from.
    pub order: String,
    /// Those asked for, in tree order.
    pub rows: Vec<MatrixRow>,
}

/// A scope with one cell per column asked for.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MatrixRow {
    /// Which scope.
    pub scope: ScopeRef,
    /// Levels below the instance.
    pub depth: u32,
    /// Display name.
    pub name: String,
    /// Full path.
    pub path: String,
    /// It holds others.
    pub children: u32,
    /// Archived itself, or below an archived group.
    pub archived: bool,
    /// About to be deleted by GitLab.
    pub pending_deletion: bool,
    /// No longer on the server when last asked.
    pub gone: bool,
    /// Why its integrations could not be read, if so.
    pub unreadable: Option<Unreadable>,
    /// In the order of the columns.
    pub cells: Vec<MatrixCell>,
}

/// One integration at one scope.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct MatrixCell {
    /// What is known.
    pub state: State,
    /// This row is the default of what is below.
    pub sets_default: bool,
    /// Custom settings of this kind below, the scope itself not counted.
    pub custom_below: u32,
    /// A draft is kept.
    pub draft: bool,
}

/// What a block of cells holds.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MatrixSum {
    /// Groups among its rows, and the instance.
    pub groups: u32,
    /// Projects among its rows.
    pub projects: u32,
    /// Cells by state.
    pub states: Vec<StateCount>,
}
