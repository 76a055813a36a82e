//! Forms for custom settings, and drafts.

use std::collections::BTreeMap;

use heirloom_engine::change::{DraftNote, DraftReport, Form, Settable};
use heirloom_engine::core::catalog::{self, Field, FieldType, Integration};
use heirloom_engine::core::ids::{Level, Slug};
use heirloom_engine::core::plan::{SecretNeed, SecretState, Snapshot};
use heirloom_engine::core::settings::{Settings, Side};
use heirloom_engine::core::validation::{Problem, Rule};
use heirloom_engine::core::value::Value;
use heirloom_engine::words::sentence;

use super::changes::besides;
use super::{
    category, change, disable_offer, item, scope_name, section_kind, side, source, title, value,
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
        secrets: report.secrets.iter().map(|need| secret_need(need, report, &label)).collect(),
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

fn secret_need(
    need: &SecretNeed,
    report: &DraftReport,
    label: &dyn Fn(&str) -> String,
) -> dto::SecretNeed {
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
        remembered: report.remembered.iter().any(|field| field == need.field),
    }
}

/// What a field is called, where that is known.
pub fn label(integration: Option<&'static Integration>, name: &str) -> String {
    integration.and_then(|known| known.field(name)).map_or(name, |field| field.title).to_owned()
}

/// A kept draft.
pub fn draft_summary(connection: u32, note: &DraftNote) -> dto::DraftSummary {
    let title = catalog::find(&note.slug).map_or(note.slug.as_str(), |known| known.title);
    dto::DraftSummary {
        title: title.to_owned(),
        scope: scope_name(&note.scope),
        kept_at: note.kept_at.to_string(),
        why: note.why.map(|why| sentence(&why.to_string())),
        at: dto::IntegrationRef {
            connection,
            scope: super::scope_ref(note.scope.listed.key),
            slug: note.slug.to_string(),
        },
    }
}
