//! Reading GitLab into the local copy.

use serde::Serialize;
use specta::Type;

use super::run::ServerPause;
use super::scope::ScopeRef;

/// What a sync would cost, said before it starts.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SyncCost {
    /// Requests, roughly.
    pub requests: u32,
    /// Seconds at best.
    pub seconds_from: u32,
    /// Seconds at worst.
    pub seconds_to: u32,
}

/// How current the local copy is.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SyncSummary {
    /// When the last full sync ended.
    pub finished_at: String,
    /// It read everything it set out to.
    pub complete: bool,
    /// Scopes that failed.
    pub failed: u32,
    /// Seconds it took.
    pub seconds: f32,
    /// Requests it sent.
    pub requests: u32,
}

/// Where a connection's sync stands.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SyncStatus {
    /// What it does now.
    pub phase: SyncPhase,
    /// Done of this phase.
    pub done: u32,
    /// Of how many; 0 = not known yet.
    pub total: u32,
    /// Requests so far.
    pub requests: u32,
    /// Scopes that failed so far or last time.
    pub failed: Vec<FailedScope>,
    /// What failed is all in that list: a sync of everything ended since the app was started.
    pub all_failed_known: bool,
    /// What to know of how it goes or went, though nothing failed.
    pub notes: Vec<String>,
    /// GitLab asked to wait.
    pub paused: Option<ServerPause>,
    /// What stopped the last run, when it did not end by itself.
    pub stopped: Option<String>,
    /// The last run's result.
    pub last: Option<SyncSummary>,
    /// One of everything that was begun after that, and did not come to its end; not told while
    /// one runs.
    pub half: Option<HalfSync>,
}

/// Half a sync: what is in the local copy since it was begun.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct HalfSync {
    /// Groups and projects that it read.
    pub read: u32,
    /// Groups and projects that there are, as far as is known.
    pub of: u32,
}

/// How far a sync is.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct SyncProgress {
    /// What it does now.
    pub phase: SyncPhase,
    /// Done of this phase.
    pub done: u32,
    /// Of how many; 0 = not known yet.
    pub total: u32,
}

/// What a sync does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SyncPhase {
    /// Nothing runs.
    Idle,
    /// Version, account, token.
    Capabilities,
    /// Listing groups.
    Groups,
    /// Listing projects.
    Projects,
    /// Asking each scope which integrations are on.
    Integrations,
    /// Reading settings.
    Settings,
    /// Ending after *Cancel*.
    Cancelling,
}

/// A scope that could not be read.
#[derive(Clone, Debug, Serialize, Type)]
pub struct FailedScope {
    /// Which.
    pub scope: ScopeRef,
    /// Its path.
    pub path: String,
    /// What GitLab answered and what to do.
    pub why: String,
}
