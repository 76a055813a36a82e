//! How a step ended, and the words for it.

use heirloom_core::plan::{Besides, Snapshot};
use heirloom_gitlab::Problem;
use heirloom_store::app::journal::{JournalStep, Outcome};

/// How a step ended.
pub(super) struct End {
    pub(super) outcome: Outcome,
    pub(super) why: Option<String>,
    pub(super) found: Option<Snapshot>,
}

impl End {
    pub(super) fn of(outcome: Outcome, found: Option<Snapshot>) -> Self {
        Self { outcome, why: None, found }
    }

    pub(super) fn failed(error: &heirloom_gitlab::Error) -> Self {
        Self::nothing_sent(&error.problem)
    }

    pub(super) fn nothing_sent(why: &dyn std::fmt::Display) -> Self {
        let why = Some(format!("Nothing was sent: {why}"));
        Self { outcome: Outcome::Failed, why, found: None }
    }

    /// Sent, now or before, and nobody knows what came of it.
    pub(super) fn unread(error: &heirloom_gitlab::Error) -> Self {
        let why = format!("It was sent, and could not be read back: {}", error.problem);
        Self { outcome: Outcome::Unknown, why: Some(why), found: None }
    }

    /// The write itself did not go through, and surely changed nothing.
    pub(super) fn refused(error: &heirloom_gitlab::Error) -> Self {
        let outcome = match error.problem {
            Problem::Refused { .. }
            | Problem::Forbidden { .. }
            | Problem::InsufficientScope { .. }
            | Problem::NotFound { .. }
            | Problem::Unauthorized
            | Problem::TokenExpired
            | Problem::TokenRevoked => Outcome::Refused,
            _ => Outcome::Failed,
        };
        let why = Some(format!("Nothing was changed: {}", error.problem));
        Self { outcome, why, found: None }
    }
}

/// How much of a step was sent when it is given up before one of its writes.
pub(super) fn so_far(step: &JournalStep, next: usize) -> &'static str {
    match (next, step.sent_at) {
        (0, None) => "Nothing was sent",
        (0, Some(_)) => "It was sent before, and is not there",
        _ => "Only part of it was sent",
    }
}

/// In which way a row is another one than was planned on.
pub(super) fn moved(step: &JournalStep, found: &Snapshot) -> String {
    let planned = &step.step.before;
    let unasked = step.step.besides.contains(&Besides::NotAsked);
    if unasked && *planned == Snapshot::Nothing && !found.active() && step.sent_at.is_none() {
        return "A row that was off stood there, which no list shows, so that the plan could not \
                know of it. Nothing was sent: plan again to see it"
            .into();
    }
    let what = match (planned, found) {
        (Snapshot::Nothing, Snapshot::Stored { active: false, .. }) if unasked => {
            "a row that is off stands there"
        }
        (Snapshot::Nothing, Snapshot::Stored { .. }) if unasked => "it is on by now",
        (Snapshot::Nothing, Snapshot::Stored { .. }) => "a row was made",
        (Snapshot::Stored { .. }, Snapshot::Nothing) => "the row is gone",
        _ if planned.inherited() != found.inherited() => "it went to other settings",
        _ if planned.active() != found.active() => "it was switched on or off",
        _ => "settings changed",
    };
    if step.sent_at.is_none() {
        return format!("It moved in GitLab after the plan was made ({what}). Nothing was sent");
    }
    format!(
        "It moved in GitLab after the plan was made ({what}). It had been sent, and what is there \
         now is neither what was planned nor what was there before: look at it, then plan again"
    )
}
