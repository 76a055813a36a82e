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
    /// What failed in earlier runs and nothing has read since.
    pub left: Vec<FailedScope>,
    /// A sync of everything came to its end since the app was started: what failed is all here.
    pub all_known: bool,
    /// What stopped the last run, when it did not end by itself.
    pub stopped: Option<String>,
    /// What to know of how it goes or went, though nothing failed.
    pub notes: Vec<String>,
    /// *Cancel* was asked for.
    pub cancelling: bool,
}

/// What a run that came to its end had read.
pub(crate) enum Reach {
    /// Everything.
    Everything,
    /// A scope, with its path, and what is below it.
    Below(ScopeKey, String),
    /// Nothing of what failed before: one kind alone, or it cannot be said.
    Nothing,
}

impl Reach {
    fn covers(&self, failed: &FailedScope) -> bool {
        match self {
            Self::Everything => true,
            Self::Nothing => false,
            Self::Below(root, path) => {
                let below = failed.path.strip_prefix(path.as_str());
                *root == failed.scope || below.is_some_and(|rest| rest.starts_with('/'))
            }
        }
    }
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
        {
            let mut status = lock(&self.status);
            let mut left = std::mem::take(&mut status.left);
            left.append(&mut status.failed);
            let all_known = status.all_known;
            *status = Status { phase: Phase::Capabilities, left, all_known, ..Status::default() };
        }
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
        let mut status = lock(&self.status);
        // Told once, with what it fails with now.
        status.left.retain(|it| (it.scope, &it.path) != (failed.scope, &failed.path));
        status.failed.push(failed);
    }

    pub(crate) fn note(&self, what: &str) {
        lock(&self.status).notes.push(what.to_owned());
    }

    /// `read` is what the run was after: it was read only if nothing stopped the run.
    pub(crate) fn end(&self, requests: u64, stopped: Option<String>, read: &Reach) -> Status {
        *lock(&self.cancel) = None;
        let mut status = lock(&self.status);
        if stopped.is_none() {
            status.left.retain(|it| !read.covers(it));
            status.all_known |= matches!(read, Reach::Everything);
        }
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

#[cfg(test)]
mod tests {
    use heirloom_core::ids::{GitlabId, Level};

    use super::*;

    const fn group(id: u64) -> ScopeKey {
        ScopeKey { level: Level::Group, id: GitlabId(id) }
    }

    fn failed(id: u64, path: &str) -> FailedScope {
        FailedScope { scope: group(id), path: path.into(), why: "502".into() }
    }

    fn run(progress: &Progress, fails: &[FailedScope], stopped: Option<&str>, read: &Reach) {
        progress.begin(CancellationToken::new());
        for each in fails {
            progress.fail(each.clone());
        }
        progress.end(1, stopped.map(Into::into), read);
    }

    fn known(progress: &Progress) -> Vec<String> {
        let status = progress.status();
        status.left.into_iter().chain(status.failed).map(|it| it.path).collect()
    }

    #[test]
    fn reading_one_failed_scope_again_keeps_the_others() {
        let progress = Progress::default();
        let all = [failed(1, "a"), failed(2, "a/b"), failed(3, "ab")];
        run(&progress, &all, None, &Reach::Everything);
        run(&progress, &[], None, &Reach::Below(group(3), "ab".into()));
        assert_eq!(known(&progress), ["a", "a/b"], "the one that was read is gone from the list");
        run(&progress, &[failed(2, "a/b")], None, &Reach::Below(group(1), "a".into()));
        assert_eq!(known(&progress), ["a/b"], "what fails again below it is there once");
        run(&progress, &[], None, &Reach::Everything);
        assert!(known(&progress).is_empty(), "a sync of everything reads all");
    }

    #[test]
    fn a_run_that_stopped_or_looks_at_one_kind_mends_nothing() {
        let progress = Progress::default();
        run(&progress, &[failed(1, "a")], None, &Reach::Everything);
        run(&progress, &[], Some("Cancelled"), &Reach::Everything);
        run(&progress, &[], None, &Reach::Nothing);
        assert_eq!(known(&progress), ["a"], "nobody has read it since");
    }

    #[test]
    fn what_failed_is_all_known_once_a_sync_of_everything_ended() {
        let progress = Progress::default();
        run(&progress, &[failed(1, "a")], None, &Reach::Below(group(1), "a".into()));
        assert!(!progress.status().all_known, "what an earlier start of the app saw is not here");
        run(&progress, &[], Some("Cancelled"), &Reach::Everything);
        assert!(!progress.status().all_known, "it did not get to everything");
        run(&progress, &[], None, &Reach::Everything);
        assert!(progress.status().all_known, "now it is");
    }
}
