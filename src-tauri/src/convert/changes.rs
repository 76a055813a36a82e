//! Forms, drafts, plans, runs.

use std::collections::BTreeMap;

use heirloom_engine::change::{
    Blast, Confirm, DraftNote, DraftReport, Form, Plan, PlannedStep, Request, Run, SecretNeeds,
    Secrets, Settable,
};
use heirloom_engine::core::catalog::{self, Field, FieldType, Integration};
use heirloom_engine::core::ids::{ConnectionId, Level, Slug};
use heirloom_engine::core::plan::{Action, Besides, SecretNeed, SecretState, Snapshot};
use heirloom_engine::core::settings::{Settings, Side};
use heirloom_engine::core::validation::{Problem, Rule};
use heirloom_engine::core::value::Value;
use heirloom_engine::words::sentence;
use heirloom_engine::{Error, Outcome, RunId};
use secrecy::SecretString;

use super::{
    blast_counts, category, change, disable_offer, item, place, scope_name, secrets_asked,
    section_kind, side, small, source, title, titles, value,
};
use crate::dto;

/// The form for custom settings.
pub fn form(form: &Form) -> dto::EditForm {
    let found = &form.comparison;
    let mut scopes = found.ancestors.clone();
    scopes.push(found.scope.clone());
    let stored = match &form.stored {
        Snapshot::Nothing => None,
        Snapshot::Stored { settings, .. } => Some(settings.clone()),
    };
    let default = found.default.row.as_ref().and_then(heirloom_engine::Kept::settings);
    let sections = FormOf {
        integration: form.integration,
        levels: &[found.scope.listed.key.level],
        server: form.server,
        stored: stored.as_ref(),
        default: default.as_ref(),
    }
    .sections();
    dto::EditForm {
        scope: scope_name(&found.scope),
        ancestors: found.ancestors.iter().map(scope_name).collect(),
        category: category(Some(form.integration)),
        default_from: found
            .default
            .row
            .as_ref()
            .and_then(|_| source(found.default.source, &scopes)),
        can_use_default: found.use_default.as_ref().is_some_and(Result::is_ok),
        enabled: form.stored == Snapshot::Nothing || form.stored.active(),
        disable: disable_offer(Ok(()), found),
        sections,
        draft: draft(&form.draft),
        kept_at: form.kept_at.map(|at| at.to_string()),
        draft_outdated: form.outdated,
        item: item(&found.item, &scopes),
    }
}

/// What can be set at many scopes at once: no scope's own settings, and no default.
pub fn settable(of: Settable) -> Vec<dto::FormSection> {
    FormOf {
        integration: of.integration,
        levels: &[Level::Group, Level::Project],
        server: of.server,
        stored: None,
        default: None,
    }
    .sections()
}

/// What a form is made of.
struct FormOf<'a> {
    integration: &'static Integration,
    /// Settings that GitLab takes at one of these levels.
    levels: &'a [Level],
    server: (u32, u32),
    stored: Option<&'a Settings>,
    default: Option<&'a Settings>,
}

impl FormOf<'_> {
    fn sections(&self) -> Vec<dto::FormSection> {
        self.integration.sections.iter().map(|section| self.section(section)).collect()
    }

    fn section(&self, section: &catalog::Section) -> dto::FormSection {
        let Self { integration, levels, server, stored, default } = *self;
        let fields = integration
            .fields
            .iter()
            .filter(|field| field.section == section.kind && field.rest)
            .filter(|field| levels.iter().any(|level| field.offered(*level, server)))
            .map(|field| form_field(field, stored, default))
            .collect();
        let events = if section.kind == catalog::SectionKind::Trigger {
            integration
                .events
                .iter()
                .filter(|event| event.rest)
                .filter(|event| levels.iter().any(|level| event.offered(*level, server)))
                .map(|event| dto::FormEvent {
                    name: event.name.to_owned(),
                    title: event.title.to_owned(),
                    description: event.description.to_owned(),
                    channel: event.channel.map(str::to_owned),
                    own: stored.and_then(|it| it.events.get(event.name).copied()),
                    default: default.and_then(|it| it.events.get(event.name).copied()),
                })
                .collect()
        } else {
            Vec::new()
        };
        dto::FormSection {
            kind: section_kind(section.kind),
            title: section.title.to_owned(),
            fields,
            events,
        }
    }
}

fn form_field(
    field: &'static Field,
    stored: Option<&Settings>,
    default: Option<&Settings>,
) -> dto::FormField {
    let shown = |settings: Option<&Settings>| match settings {
        None => dto::Shown::None,
        Some(_) if field.secret => dto::Shown::Hidden,
        Some(settings) => {
            let found = settings.fields.get(field.name).cloned().unwrap_or_default();
            side(&Side::Value(found), Some(field))
        }
    };
    dto::FormField {
        name: field.name.to_owned(),
        title: field.title.to_owned(),
        control: match field.control {
            catalog::Control::Text => dto::Control::Text,
            catalog::Control::Password => dto::Control::Password,
            catalog::Control::Textarea => dto::Control::Textarea,
            catalog::Control::Checkbox => dto::Control::Checkbox,
            catalog::Control::Number => dto::Control::Number,
            catalog::Control::Radio => dto::Control::Radio,
            catalog::Control::Select => dto::Control::Select,
            catalog::Control::Tags => dto::Control::Tags,
        },
        required: field.required,
        secret: field.secret,
        placeholder: field.placeholder.to_owned(),
        help: field.help.to_owned(),
        checkbox_label: field.checkbox_label.to_owned(),
        variants: field
            .variants
            .iter()
            .map(|variant| dto::Variant {
                when: shown_if(&variant.when),
                title: variant.title.to_owned(),
                help: variant.help.to_owned(),
            })
            .collect(),
        choices: field
            .choices
            .iter()
            .map(|choice| dto::Choice {
                value: choice.value.to_owned(),
                label: choice.label.to_owned(),
            })
            .collect(),
        shown_if: field.shown_if.as_ref().map(shown_if),
        required_if: field.required_if.as_ref().map(shown_if),
        file: field.file.as_ref().map(|file| dto::TextFile {
            extension: file.extension.to_owned(),
            name_field: file.name_field.to_owned(),
        }),
        max_length: field.max_length,
        own: shown(stored),
        default: shown(default),
        api_only: field.api_only,
        deprecated: field.deprecated.map(str::to_owned),
    }
}

fn shown_if(condition: &catalog::Condition) -> dto::ShownIf {
    dto::ShownIf {
        field: condition.field.to_owned(),
        one_of: condition.one_of.iter().map(|it| (*it).to_owned()).collect(),
    }
}

fn draft(settings: &Settings) -> dto::Draft {
    dto::Draft {
        fields: settings.fields.iter().map(|(name, found)| (name.clone(), value(found))).collect(),
        events: settings.events.clone(),
    }
}

/// What stands in the form's controls, typed by the catalog. A text that does not fit its field's
/// type stays a text: the check says what is wrong with it.
pub fn settings(slug: &Slug, draft: dto::Draft) -> Settings {
    let integration = catalog::find(slug);
    let fields: BTreeMap<String, Value> = draft
        .fields
        .into_iter()
        .map(|(name, given)| {
            let found = typed(integration, &name, given);
            (name, found)
        })
        .collect();
    Settings { fields, events: draft.events }
}

/// A value the window named, typed by the catalog.
pub fn typed(integration: Option<&Integration>, name: &str, given: dto::FieldValue) -> Value {
    let field_type = integration
        .and_then(|known| known.field(name))
        .map_or(FieldType::String, |field| field.field_type);
    match given {
        dto::FieldValue::Unset => Value::Unset,
        dto::FieldValue::Empty => Value::Empty,
        dto::FieldValue::Bool(flag) => Value::Bool(flag),
        dto::FieldValue::Integer(text) | dto::FieldValue::Text(text) => {
            Value::from_text(field_type, &text)
        }
        dto::FieldValue::List(items) if items.is_empty() => Value::Empty,
        dto::FieldValue::List(items) => Value::List(items),
    }
}

/// What a draft amounts to.
pub fn draft_check(slug: &Slug, report: &DraftReport) -> dto::DraftCheck {
    let integration = catalog::find(slug);
    let label = |name: &str| label(integration, name);
    dto::DraftCheck {
        problems: report.problems.iter().map(|found| problem(found, label(&found.field))).collect(),
        secrets: report.secrets.iter().map(|need| secret_need(need, &label)).collect(),
        changes: report.changes.iter().map(change).collect(),
        still_differs: report.still_differs.iter().map(title).collect(),
        cannot_compare: report.cannot_compare.iter().map(title).collect(),
        settings: report.settings,
        besides: integration
            .map(|known| report.besides.iter().map(|it| besides(known, it, None)).collect())
            .unwrap_or_default(),
    }
}

fn problem(problem: &Problem, title: String) -> dto::Problem {
    dto::Problem {
        field: problem.field.clone(),
        title,
        message: problem.message.clone(),
        missing: matches!(problem.rule, Rule::Required | Rule::SecretNeeded),
    }
}

fn secret_need(need: &SecretNeed, label: &dyn Fn(&str) -> String) -> dto::SecretNeed {
    dto::SecretNeed {
        field: need.field.to_owned(),
        title: label(need.field),
        state: match need.state {
            SecretState::Kept => dto::SecretState::Kept,
            SecretState::Needed => dto::SecretState::Needed,
            SecretState::New => dto::SecretState::New,
            SecretState::Dropped => dto::SecretState::Dropped,
        },
        dropped_by: need.dropped_by.map(label),
    }
}

/// What a field is called, where that is known.
pub fn label(integration: Option<&'static Integration>, name: &str) -> String {
    integration.and_then(|known| known.field(name)).map_or(name, |field| field.title).to_owned()
}

fn setting_title(integration: &Integration, name: &str) -> String {
    let field = integration.field(name).map(|it| it.title);
    field.or_else(|| integration.event(name).map(|it| it.title)).unwrap_or(name).to_owned()
}

fn besides(integration: &Integration, besides: &Besides, source: Option<&str>) -> dto::Besides {
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

/// A kept draft.
pub fn draft_summary(connection: u32, note: &DraftNote) -> dto::DraftSummary {
    let title = catalog::find(&note.slug).map_or(note.slug.as_str(), |known| known.title);
    dto::DraftSummary {
        title: title.to_owned(),
        scope: scope_name(&note.scope),
        kept_at: note.kept_at.to_string(),
        at: dto::IntegrationRef {
            connection,
            scope: super::scope_ref(note.scope.listed.key),
            slug: note.slug.to_string(),
        },
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
