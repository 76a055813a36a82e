//! Where a connection's sync stands. Read by the window, written by the job.

use std::sync::Mutex;

use heirloom_core::ids::ScopeKey;
use tokio_util::sync::CancellationToken;

use crate::engine::lock;

/// What a sync does now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing runs.
    #[default]
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
}

impl Phase {
    /// Its name in progress lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Capabilities => "capabilities",
            Self::Groups => "groups",
            Self::Projects => "projects",
            Self::Integrations => "integrations",
            Self::Settings => "settings",
        }
    }
}

/// A scope, or a row of it, that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedScope {
    /// Which.
    pub scope: ScopeKey,
    /// Its path.
    pub path: String,
    /// GitLab's answer, and what to do.
    pub why: String,
}

/// Where a sync stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// What it does now.
    pub phase: Phase,
    /// Done of this phase.
    pub done: u32,
    /// Of how many; 0: not known.
    pub total: u32,
    /// Requests so far.
    pub requests: u32,
    /// What failed, so far or last time.
    pub failed: Vec<FailedScope>,
    /// What stopped the last run, when it did not end by itself.
    pub stopped: Option<String>,
    /// What to know of how it goes or went, though nothing failed.
    pub notes: Vec<String>,
    /// *Cancel* was asked for.
    pub cancelling: bool,
}

/// The shared state behind [`Status`].
#[derive(Default)]
pub(crate) struct Progress {
    status: Mutex<Status>,
    cancel: Mutex<Option<CancellationToken>>,
}

impl Progress {
    pub(crate) fn status(&self) -> Status {
        lock(&self.status).clone()
    }

    pub(crate) fn begin(&self, cancel: CancellationToken) {
        *lock(&self.status) = Status { phase: Phase::Capabilities, ..Status::default() };
        *lock(&self.cancel) = Some(cancel);
    }

    pub(crate) fn enter(&self, phase: Phase, total: usize) {
        let mut status = lock(&self.status);
        status.phase = phase;
        status.done = 0;
        status.total = count(total);
    }

    pub(crate) fn advance(&self, by: usize, requests: u64) {
        let mut status = lock(&self.status);
        status.done = status.done.saturating_add(count(by));
        status.requests = u32::try_from(requests).unwrap_or(u32::MAX);
    }

    pub(crate) fn fail(&self, failed: FailedScope) {
        lock(&self.status).failed.push(failed);
    }

    pub(crate) fn note(&self, what: &str) {
        lock(&self.status).notes.push(what.to_owned());
    }

    pub(crate) fn end(&self, requests: u64, stopped: Option<String>) -> Status {
        *lock(&self.cancel) = None;
        let mut status = lock(&self.status);
        status.phase = Phase::Idle;
        status.cancelling = false;
        status.requests = u32::try_from(requests).unwrap_or(u32::MAX);
        status.stopped = stopped;
        status.clone()
    }

    /// Asks the running job to end; `false` if none runs.
    pub(crate) fn cancel(&self) -> bool {
        let token = lock(&self.cancel).clone();
        if let Some(token) = &token {
            lock(&self.status).cancelling = true;
            token.cancel();
        }
        token.is_some()
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
