//! Plans and runs as a whole, and their steps a window at a time.

use heirloom_engine::change::{Followed, Plan, RunSummary, RunView, StepView, Tray, plan_expires};
use heirloom_engine::core::catalog::{self, Integration};
use heirloom_engine::core::plan::Action;
use heirloom_engine::{
    Counts, JournalStep, Outcome, RunNote, RunState, Skipped, StepFilter, Touch, Touched, Which,
};
use jiff::Timestamp;

use super::{about, category, change, confirm, label, plan_step, scope_ref, small};
use crate::dto;

/// What waits for a person.
pub fn tray(tray: &Tray) -> dto::Tray {
    dto::Tray {
        plans: tray.plans.iter().map(summary).collect(),
        open: tray.open.iter().map(summary).collect(),
    }
}

/// A plan or run in one line.
pub fn summary(of: &RunSummary) -> dto::RunSummary {
    let RunNote { id, state, slug, planned_at, started_at, finished_at, .. } = &of.note;
    let slug = slug.as_ref().map(ToString::to_string).unwrap_or_default();
    dto::RunSummary {
        run: id.0,
        state: match state {
            RunState::Planned => dto::RunState::Planned,
            RunState::Running => dto::RunState::Running,
            RunState::Paused => dto::RunState::Paused,
            RunState::Ended => dto::RunState::Ended,
        },
        title: of.integration.map_or(slug.as_str(), |known| known.title).to_owned(),
        category: category(of.integration),
        slug,
        about: about(&of.about, of.note.undoes),
        planned_at: planned_at.to_string(),
        expires_at: plan_expires(*planned_at).to_string(),
        started_at: (*state != RunState::Planned).then(|| started_at.to_string()),
        finished_at: finished_at.map(|at| at.to_string()),
        counts: counts(of.note.counts),
        same: of.note.same,
        skipped: of.note.skipped,
    }
}

const fn counts(of: Counts) -> dto::RunCounts {
    dto::RunCounts {
        steps: of.steps,
        applied: of.applied,
        already: of.already,
        conflicts: of.conflicts,
        refused: of.refused,
        failed: of.failed,
        unknown: of.unknown,
        open: of.open(),
    }
}

/// A plan, to be looked at.
pub fn review(of: &RunSummary, plan: &Plan, command: Option<String>) -> dto::PlanReview {
    dto::PlanReview {
        summary: summary(of),
        requests: plan.requests,
        secrets: secrets(Some(plan.integration), &plan.secrets),
        blast: dto::BlastCounts {
            change: plan.blast.change.count,
            switch_on: plan.blast.switch_on.count,
            maybe: plan.blast.maybe.count,
            keep: plan.blast.keep.count,
            unseen: plan.blast.unseen.count,
        },
        confirm: confirm(plan.confirm),
        command,
    }
}

fn secrets(known: Option<&'static Integration>, names: &[String]) -> Vec<dto::SecretWanted> {
    let one = |name: &String| dto::SecretWanted { field: name.clone(), title: label(known, name) };
    names.iter().map(one).collect()
}

/// A run as it stands.
pub fn run_view(view: &RunView, now: Timestamp) -> dto::RunView {
    let mut summary = summary(&view.summary);
    if summary.state == dto::RunState::Running && view.status.is_none() && view.elsewhere.is_none()
    {
        summary.state = dto::RunState::Interrupted;
    }
    let progress = view.status.as_ref().map(|status| {
        // What was counted here is ahead of what is on disk.
        summary.counts = counts(status.counts);
        let ended = status.counts.steps - status.counts.open() - status.before;
        let seconds = status.since.map_or(0.0, |since| now.duration_since(since).as_secs_f64());
        let rate = if seconds > 0.0 { f64::from(ended) / seconds } else { 0.0 };
        let left = (ended > 0 && rate > 0.0).then(|| f64::from(status.counts.open()) / rate);
        dto::RunProgress { rate, seconds_left: left.map(whole), stopping: status.stopping }
    });
    dto::RunView {
        progress,
        elsewhere: view.elsewhere.clone(),
        left: view.left.clone(),
        following: view.following.map(|it| {
            let Followed { inherit, read, matching } = it.followed;
            dto::Following { inherit, read, matching, over: it.over }
        }),
        needs_you: view.needs_you,
        secrets: secrets(view.summary.integration, &view.secrets),
        summary,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "seconds left, never negative; beyond 2^32 it saturates"
)]
const fn whole(seconds: f64) -> u32 {
    seconds.ceil() as u32
}

/// Which steps are asked for.
pub fn step_filter(query: &dto::StepQuery) -> StepFilter {
    StepFilter {
        which: match query.which {
            dto::WhichSteps::All => Which::All,
            dto::WhichSteps::NeedsYou => Which::NeedsYou,
            dto::WhichSteps::Open => Which::Open,
            dto::WhichSteps::Done => Which::Done,
        },
        action: query.action.map(|action| match action {
            dto::Action::UseDefault => Action::UseDefault,
            dto::Action::SetCustom => Action::SetCustom,
            dto::Action::Disable => Action::Disable,
            dto::Action::Enable => Action::Enable,
        }),
        text: query.text.trim().to_owned(),
    }
}

/// A step in one line.
pub fn step_row(of: &JournalStep) -> dto::StepRow {
    let changes = catalog::find(&of.step.slug).map_or(0, |known| of.step.changes(known).len());
    dto::StepRow {
        number: of.number,
        scope: scope_ref(of.step.scope),
        path: of.path.clone(),
        action: super::action(of.step.action),
        changes: small(changes),
        secret: !of.step.secrets.is_empty(),
        outcome: of.outcome.map(outcome),
        sent: of.sent_at.is_some(),
        kept: of.kept_at.is_some(),
        why: of.why.clone(),
        seconds: of
            .sent_at
            .zip(of.ended_at)
            .map(|(sent, ended)| ended.duration_since(sent).as_secs_f64()),
    }
}

/// A step with all there is to know of it.
pub fn step_detail(of: &StepView) -> dto::StepDetail {
    dto::StepDetail {
        row: step_row(&of.journal),
        step: plan_step(of.journal.number, &of.planned, None),
        unexpected: of.outcome.unexpected.iter().map(change).collect(),
        ended_at: of.journal.ended_at.map(|at| at.to_string()),
    }
}

/// How a step ended.
pub const fn outcome(of: Outcome) -> dto::Outcome {
    match of {
        Outcome::Applied => dto::Outcome::Applied,
        Outcome::Already => dto::Outcome::Already,
        Outcome::Conflict => dto::Outcome::Conflict,
        Outcome::Refused => dto::Outcome::Refused,
        Outcome::Failed => dto::Outcome::Failed,
        Outcome::Unknown => dto::Outcome::Unknown,
    }
}

/// How somebody else is touched.
pub const fn touch(how: dto::Touch) -> Touch {
    match how {
        dto::Touch::Change => Touch::Change,
        dto::Touch::SwitchOn => Touch::SwitchOn,
        dto::Touch::Maybe => Touch::Maybe,
        dto::Touch::Keep => Touch::Keep,
        dto::Touch::Unseen => Touch::Unseen,
    }
}

/// Scopes that are left out.
pub fn skipped((total, found): (u32, Vec<Skipped>)) -> dto::AsidePage {
    let rows = found.into_iter().map(|it| dto::Aside {
        scope: scope_ref(it.scope),
        path: it.path,
        why: Some(it.why),
    });
    dto::AsidePage { total, rows: rows.collect() }
}

/// Scopes that are touched.
pub fn touched((total, found): (u32, Vec<Touched>)) -> dto::AsidePage {
    let rows = found.into_iter().map(|it| dto::Aside {
        scope: scope_ref(it.scope),
        path: it.path,
        why: None,
    });
    dto::AsidePage { total, rows: rows.collect() }
}
