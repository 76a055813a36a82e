//! Plans and runs as a whole, and their steps a window at a time.

use heirloom_engine::change::{
    Along, Blast, Followed, KeptSecret, Looked, MissingSecrets, NeededSecret, Plan, RunSummary,
    RunView, SecretNeeds, SettingSum, StepLine, StepView, Steps, Sums, Tray, plan_expires,
};
use heirloom_engine::core::catalog::{self, Field, Integration};
use heirloom_engine::core::plan::Action;
use heirloom_engine::words::sentence;
use heirloom_engine::{
    Counts, Outcome, Pause, RunNote, RunState, Skipped, StepFilter, Touch, Touched, Which,
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
        left_out: of.note.left_out,
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
pub fn review(
    view: &RunView,
    plan: &Plan,
    command: Option<String>,
    reasons: Vec<(String, u32)>,
) -> dto::PlanReview {
    let known = Some(plan.integration);
    dto::PlanReview {
        summary: summary(&view.summary),
        requests: plan.requests,
        seconds: plan.seconds,
        secrets: secrets_asked(known, &view.secrets),
        missing: missing(&view.secrets),
        reasons: skip_reasons(reasons),
        asking: view.asking.map(|it| dto::AskProgress { read: it.read, total: it.total }),
        blast: blast_counts(&plan.blast),
        confirm: confirm(plan.confirm),
        command,
    }
}

/// Who else is touched, counted.
pub const fn blast_counts(of: &Blast) -> dto::BlastCounts {
    dto::BlastCounts {
        change: of.change.count,
        switch_on: of.switch_on.count,
        maybe: of.maybe.count,
        keep: of.keep.count,
        unseen: of.unseen.count,
    }
}

/// Secrets that steps need, and how many of them find theirs in the keychain.
pub fn secrets_asked(
    known: Option<&'static Integration>,
    needs: &SecretNeeds,
) -> Vec<dto::SecretAsked> {
    let one = |need: &NeededSecret| dto::SecretAsked {
        field: need.field.clone(),
        title: label(known, &need.field),
        steps: need.steps,
        remembered: need.remembered,
    };
    needs.fields.iter().map(one).collect()
}

fn missing(needs: &SecretNeeds) -> Vec<dto::MissingSecrets> {
    let one =
        |it: &MissingSecrets| dto::MissingSecrets { fields: it.fields.clone(), steps: it.steps };
    needs.missing.iter().map(one).collect()
}

fn skip_reasons(reasons: Vec<(String, u32)>) -> Vec<dto::SkipReason> {
    let one = |(why, scopes): (String, u32)| dto::SkipReason { why: sentence(&why), scopes };
    reasons.into_iter().map(one).collect()
}

/// How long GitLab asked to wait.
pub fn pause(of: Pause) -> dto::ServerPause {
    dto::ServerPause { seconds: whole(of.left.as_secs_f64()), all: of.all }
}

/// What all steps of a plan come to.
pub fn sums(of: &Sums) -> dto::PlanSums {
    let one = |it: &SettingSum| dto::SettingSum {
        first: change(&it.first),
        steps: it.steps,
        befores: it.befores,
        afters: it.afters,
    };
    dto::PlanSums { settings: of.settings.iter().map(one).collect(), losing: of.losing }
}

/// The steps the window chose.
pub fn chosen(of: dto::ChosenSteps) -> Steps {
    match of {
        dto::ChosenSteps::Numbers { steps } => Steps::Numbers(steps),
        dto::ChosenSteps::Matching { query } => Steps::Matching(step_filter(&query)),
    }
}

/// Steps that went along.
pub fn along(of: Along) -> dto::Along {
    dto::Along { steps: of.steps, first: of.first }
}

/// The secret fields that GitLab's API takes for an integration.
pub fn secret_fields(known: &'static Integration) -> Vec<dto::SecretWanted> {
    let secret = known.fields.iter().filter(|field| field.secret && field.rest);
    let one = |field: &Field| dto::SecretWanted {
        field: field.name.to_owned(),
        title: field.title.to_owned(),
    };
    secret.map(one).collect()
}

/// A run as it stands.
pub fn run_view(
    view: &RunView,
    now: Timestamp,
    paused: Option<Pause>,
    kept: &[KeptSecret],
    reasons: Vec<(String, u32)>,
) -> dto::RunView {
    let known = view.summary.integration;
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
        dto::RunProgress {
            rate,
            seconds_left: left.map(whole),
            stopping: status.stopping,
            paused: paused.map(pause),
        }
    });
    dto::RunView {
        progress,
        elsewhere: view.elsewhere.clone(),
        left: view.left.clone(),
        following: view.following.map(|it| {
            let Followed { inherit, read, matching, maybe } = it.followed;
            let Looked { count, read: looked, matching: have } = maybe;
            let maybe = dto::Looked { count, read: looked, matching: have };
            dto::Following { inherit, read, matching, maybe, over: it.over }
        }),
        needs_you: view.needs_you,
        secrets: secrets_asked(known, &view.secrets),
        missing: missing(&view.secrets),
        kept: kept
            .iter()
            .map(|it| dto::KeptSecret { title: label(known, &it.field), scopes: it.scopes })
            .collect(),
        not_remembered: view.not_remembered.as_deref().map(sentence),
        reasons: skip_reasons(reasons),
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
            dto::WhichSteps::LeftOut => Which::LeftOut,
            dto::WhichSteps::Secret => Which::Secret,
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
pub fn step_row(line: &StepLine) -> dto::StepRow {
    let of = &line.journal;
    let known = catalog::find(&of.step.slug);
    let changes = known.map_or(0, |known| of.step.changes(known).len());
    let wanted =
        |name: &String| dto::SecretWanted { field: name.clone(), title: label(known, name) };
    dto::StepRow {
        number: of.number,
        scope: scope_ref(of.step.scope),
        path: of.path.clone(),
        action: super::action(of.step.action),
        changes: small(changes),
        secret: !of.step.secrets.is_empty(),
        lacks: line.lacks.iter().map(wanted).collect(),
        left_out: of.left_out.is_some(),
        left_out_with: line.left_out_with.clone(),
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
        row: step_row(&of.line),
        step: plan_step(of.line.journal.number, &of.planned, None),
        unexpected: of.outcome.unexpected.iter().map(change).collect(),
        ended_at: of.line.journal.ended_at.map(|at| at.to_string()),
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
