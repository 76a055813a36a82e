//! Plans of one scope, and what came of them.

use heirloom_engine::change::{
    Blast, Confirm, Plan, PlannedStep, Request, Run, SecretNeeds, Secrets,
};
use heirloom_engine::core::catalog::Integration;
use heirloom_engine::core::ids::ConnectionId;
use heirloom_engine::core::plan::{Action, Besides};
use heirloom_engine::words::sentence;
use heirloom_engine::{Error, Outcome, RunId};
use secrecy::SecretString;

use super::{blast_counts, change, label, place, scope_name, secrets_asked, small, titles};
use crate::dto;

fn setting_title(integration: &Integration, name: &str) -> String {
    let field = integration.field(name).map(|it| it.title);
    field.or_else(|| integration.event(name).map(|it| it.title)).unwrap_or(name).to_owned()
}

/// What GitLab does besides.
pub(super) fn besides(
    integration: &Integration,
    besides: &Besides,
    source: Option<&str>,
) -> dto::Besides {
    match besides {
        Besides::BecomesCustom => dto::Besides::BecomesCustom { from: source.map(str::to_owned) },
        Besides::SwitchesOn => dto::Besides::SwitchesOn,
        Besides::StaysOn => dto::Besides::StaysOn,
        Besides::SwitchesOff => dto::Besides::SwitchesOff,
        Besides::DropsSecrets { because, secrets } => dto::Besides::DropsSecrets {
            because: integration.field(because).map_or(because.as_str(), |it| it.title).to_owned(),
            secrets: titles(integration, secrets),
        },
        Besides::LosesSecrets { secrets } => {
            dto::Besides::LosesSecrets { secrets: titles(integration, secrets) }
        }
        Besides::FollowsDefault => {
            dto::Besides::FollowsDefault { of: source.unwrap_or_default().to_owned() }
        }
        Besides::SavesDefaultFirst { inferred } => {
            dto::Besides::SavesDefaultFirst { inferred: *inferred }
        }
        Besides::KeepsOwn { settings } => dto::Besides::KeepsOwn {
            settings: settings.iter().map(|name| setting_title(integration, name)).collect(),
        },
        Besides::DefaultMoved { settings } => dto::Besides::DefaultMoved {
            settings: settings.iter().map(|name| setting_title(integration, name)).collect(),
        },
        Besides::Blanks => dto::Besides::Blanks,
        Besides::EventsOff => dto::Besides::EventsOff,
        Besides::NotAsked => dto::Besides::NotAsked,
        Besides::LeavesInheritors { inherit } => {
            dto::Besides::LeavesInheritors { inherit: *inherit }
        }
    }
}

/// What the window wants planned.
///
/// # Errors
/// When scope or slug cannot be names.
pub fn request(request: dto::ChangeRequest) -> Result<(ConnectionId, Request), dto::IpcError> {
    match request {
        dto::ChangeRequest::UseDefault { at } => {
            let (id, scope, slug) = place(&at)?;
            Ok((id, Request::UseDefault { scope, slug }))
        }
        dto::ChangeRequest::SetCustom { at, secrets: typed } => {
            let (id, scope, slug) = place(&at)?;
            Ok((id, Request::SetCustom { scope, slug, settings: None, typed }))
        }
        dto::ChangeRequest::Disable { at } => {
            let (id, scope, slug) = place(&at)?;
            Ok((id, Request::Disable { scope, slug }))
        }
    }
}

/// Secrets typed for an apply. They leave this process only towards GitLab, and the keychain where
/// it is to remember them.
pub fn secrets(typed: Vec<dto::SecretInput>, remember: bool) -> Secrets {
    let typed: Secrets =
        typed.into_iter().map(|it| (it.field, SecretString::from(it.value))).collect();
    if remember { typed.remembered() } else { typed }
}

/// The number of a plan or run, as the window names it.
///
/// # Errors
/// When it is none.
pub fn run_id(text: &str) -> Result<RunId, dto::IpcError> {
    text.parse().map(RunId).map_err(|_| {
        Error::PlanOutdated("This plan is no longer there. Make it again".into()).into()
    })
}

/// A plan of one scope to look at.
pub fn plan(plan: &Plan, needs: &SecretNeeds) -> dto::Plan {
    let steps =
        plan.steps.iter().map(|step| plan_step(step.number, step, Some(&plan.blast))).collect();
    dto::Plan {
        made_at: plan.made_at.to_string(),
        read_at: plan.made_at.to_string(),
        requests: plan.requests,
        confirm: confirm(plan.confirm),
        steps,
        secrets: secrets_asked(Some(plan.integration), needs),
        blast: blast_counts(&plan.blast),
        id: plan.id.0.to_string(),
    }
}

/// How a plan must be confirmed.
pub const fn confirm(confirm: Confirm) -> dto::Confirm {
    match confirm {
        Confirm::Dialog => dto::Confirm::Dialog,
        Confirm::TypeCount(count) => dto::Confirm::TypeCount { count },
    }
}

/// What a step does.
pub const fn action(action: Action) -> dto::Action {
    match action {
        Action::UseDefault => dto::Action::UseDefault,
        Action::SetCustom => dto::Action::SetCustom,
        Action::Disable => dto::Action::Disable,
        Action::Enable => dto::Action::Enable,
    }
}

/// A step. Only of a plan with this step alone is the blast radius the step's own.
pub fn plan_step(id: u32, planned: &PlannedStep, blast: Option<&Blast>) -> dto::PlanStep {
    let step = &planned.step;
    let known = planned.integration;
    let changes: Vec<dto::Change> = step.changes(known).iter().map(change).collect();
    let all = known.fields.iter().filter(|field| !field.secret).count() + known.events.len();
    let from = planned.source.as_ref().map(|scope| scope.listed.path.as_str());
    let mut aside: Vec<dto::Besides> =
        step.besides.iter().map(|it| besides(known, it, from)).collect();
    let (inherit, maybe) =
        blast.map_or((0, 0), |it| (it.change.count, it.maybe.count + it.switch_on.count));
    if inherit + maybe > 0 {
        aside.push(dto::Besides::Propagates { inherit, maybe });
    }
    dto::PlanStep {
        id,
        scope: scope_name(&planned.scope),
        slug: step.slug.to_string(),
        title: known.title.to_owned(),
        action: action(step.action),
        source: planned.source.as_ref().map(scope_name),
        same: small(all).saturating_sub(small(changes.len())),
        changes,
        besides: aside,
        secrets: step
            .secrets
            .iter()
            .map(|name| dto::SecretWanted { field: name.clone(), title: label(Some(known), name) })
            .collect(),
    }
}

/// What came of a plan.
pub fn run(run: Run) -> dto::Run {
    dto::Run {
        run: run.id.0,
        outcomes: run
            .outcomes
            .into_iter()
            .map(|found| dto::StepOutcome {
                id: found.number,
                scope: scope_name(&found.scope),
                outcome: super::outcome(found.outcome.unwrap_or(Outcome::Unknown)),
                why: found.why,
                unexpected: found.unexpected.iter().map(change).collect(),
            })
            .collect(),
        not_remembered: run.not_remembered.as_deref().map(sentence),
    }
}
