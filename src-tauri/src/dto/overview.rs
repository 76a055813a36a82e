//! The whole estate in figures, and what changed in it.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::matrix::{KindCounts, StateCount};
use super::scope::{ScopeName, ScopeRef, State};
use super::settings::Shown;

/// Figures at or below a scope.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Overview {
    /// Groups, itself included.
    pub groups: u32,
    /// Projects.
    pub projects: u32,
    /// Scopes that could not be read.
    pub unreadable: u32,
    /// Every kind, at the level asked for.
    pub kinds: Vec<KindCounts>,
    /// What stands directly below, with all integrations together.
    pub parts: Vec<PartCounts>,
}

/// Figures of one group.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PartCounts {
    /// Which.
    pub scope: ScopeName,
    /// Rows by state.
    pub counts: Vec<StateCount>,
}

/// What the syncs of everything counted.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Trend {
    /// Earliest first.
    pub points: Vec<TrendPoint>,
    /// Runs of Heirloom's own that changed something since the first point, earliest first.
    pub runs: Vec<TrendRun>,
}

/// What one sync counted in its end.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TrendPoint {
    /// When it ended.
    pub at: String,
    /// It read everything it set out to.
    pub complete: bool,
    /// Rows by state, all integrations together.
    pub counts: Vec<StateCount>,
}

/// A run of Heirloom's own.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TrendRun {
    /// Its number.
    pub run: u32,
    /// When.
    pub at: String,
    /// Changes it made.
    pub changes: u32,
}

/// Which changes.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
pub struct DriftQuery {
    /// Noticed at this time or later.
    pub since: String,
    /// At or below this scope.
    pub below: Option<ScopeRef>,
    /// Of this integration.
    pub slug: Option<String>,
    /// Noticed by this sync.
    pub sync: Option<String>,
    /// Done by this run of Heirloom's own.
    pub run: Option<u32>,
}

/// Some changes of many, latest first.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DriftPage {
    /// How many there are.
    pub total: u32,
    /// Those asked for.
    pub rows: Vec<DriftChange>,
}

/// One change.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DriftChange {
    /// When it was noticed: it happened at some time since the reading before.
    pub at: String,
    /// Heirloom's own run that did it; `null`: nobody knows who did it.
    pub run: Option<u32>,
    /// Where.
    pub scope: ScopeRef,
    /// The path at that time.
    pub path: String,
    /// Which integration; `null`: the scope itself.
    pub slug: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// What changed.
    pub what: DriftWhat,
    /// How it was.
    pub before: DriftSide,
    /// How it is.
    pub after: DriftSide,
}

/// What changed.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DriftWhat {
    /// The label of a row.
    State,
    /// Where its settings come from.
    Source,
    /// A setting.
    Setting {
        /// Its label.
        title: String,
    },
    /// The scope itself is there or not.
    Scope,
    /// The scope's path.
    Path,
}

/// One side of a change.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DriftSide {
    /// It was asked, and nobody knows.
    NotKnown,
    /// A label.
    State {
        /// Which.
        state: State,
    },
    /// A path: of a source, or the scope's own.
    Path {
        /// Which.
        path: String,
    },
    /// A setting.
    Setting {
        /// Its value.
        shown: Shown,
    },
    /// The scope is on the server.
    There,
    /// It is not.
    Gone,
}

/// How much changed since a time.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DriftCounts {
    /// By integration, most changes first.
    pub by_kind: Vec<KindDrift>,
    /// By the sync or run that brought them, latest first.
    pub by_sync: Vec<SyncDrift>,
}

/// Changes of one integration.
#[derive(Clone, Debug, Serialize, Type)]
pub struct KindDrift {
    /// Which; `null`: the scopes themselves.
    pub slug: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Scopes where something changed.
    pub scopes: u32,
    /// All changes.
    pub changes: u32,
}

/// Changes one sync noticed, or one run made.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SyncDrift {
    /// The sync; `null` for readings outside of syncs.
    pub sync: Option<String>,
    /// Heirloom's own run, where it was one.
    pub run: Option<u32>,
    /// The latest of them.
    pub at: String,
    /// How many.
    pub changes: u32,
}
