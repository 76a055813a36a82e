//! `catalog`.

use heirloom_core::catalog::{self, Edition, Event, Field, FieldType, Integration, Tier};
use heirloom_core::ids::{Level, Slug};
use serde::Serialize;

use crate::args::Common;
use crate::exit::{Exit, Failure, Result};
use crate::output;

pub fn run(common: &Common, slug: Option<&str>) -> Result {
    let shown: Vec<&Integration> = match slug {
        None => catalog::all().iter().collect(),
        Some(text) => vec![find(text)?],
    };
    if common.json {
        output::json(&shown.into_iter().map(Entry::of).collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    match (slug, shown.first()) {
        (Some(_), Some(integration)) => one(integration)?,
        _ => all(&shown)?,
    }
    Ok(Exit::Done)
}

/// An integration by its slug, its underscored name, or another name of GitLab's.
pub fn find(text: &str) -> Result<&'static Integration> {
    let slug = Slug::new(text).map_err(|error| Failure::Usage(error.to_string()))?;
    catalog::find(&slug)
        .or_else(|| catalog::all().iter().find(|it| it.aliases.contains(&text)))
        .ok_or_else(|| {
            Failure::Usage(format!(
                "no integration is called “{text}”: heirloomctl catalog lists them"
            ))
        })
}

fn all(shown: &[&Integration]) -> Result<()> {
    let rows: Vec<Vec<String>> = shown
        .iter()
        .map(|it| {
            vec![
                it.slug.into(),
                it.title.into(),
                levels(it).join(", "),
                format!("{} fields, {} events", it.fields.len(), it.events.len()),
            ]
        })
        .collect();
    for line in output::columns(&rows) {
        output::line(line)?;
    }
    Ok(())
}

fn one(integration: &Integration) -> Result<()> {
    output::line(format!("{} ({})", integration.title, integration.slug))?;
    output::line(integration.description)?;
    output::line(format!("Set at: {}", levels(integration).join(", ")))?;
    output::line("")?;
    let mut rows = Vec::new();
    for field in integration.fields {
        let mut marks = Vec::new();
        for (mark, holds) in [("required", field.required), ("secret", field.secret)] {
            if holds {
                marks.push(mark);
            }
        }
        rows.push(vec![
            field.name.to_owned(),
            type_name(field.field_type).into(),
            marks.join(", "),
            field.title.into(),
        ]);
    }
    for event in integration.events {
        let on = if event.default { "on at first" } else { "" };
        rows.push(vec![event.name.into(), "event".into(), on.into(), event.title.into()]);
    }
    for line in output::columns(&rows) {
        output::line(line)?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Entry {
    slug: &'static str,
    title: &'static str,
    description: &'static str,
    levels: Vec<&'static str>,
    edition: &'static str,
    tier: &'static str,
    since: Option<&'static str>,
    removed: Option<&'static str>,
    aliases: &'static [&'static str],
    fields: Vec<FieldEntry>,
    events: Vec<EventEntry>,
    supports_inherit: bool,
    supports_delete: bool,
}

#[derive(Serialize)]
struct FieldEntry {
    name: &'static str,
    r#type: &'static str,
    required: bool,
    secret: bool,
    section: &'static str,
    title: &'static str,
    description: &'static str,
    choices: Vec<&'static str>,
    default: Option<&'static str>,
    clears_secrets: bool,
    shown_if: Option<ConditionEntry>,
    api_only: bool,
    since: Option<&'static str>,
    removed: Option<&'static str>,
    deprecated: Option<&'static str>,
    aliases: &'static [&'static str],
}

#[derive(Serialize)]
struct ConditionEntry {
    field: &'static str,
    one_of: &'static [&'static str],
}

#[derive(Serialize)]
struct EventEntry {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    default: bool,
    channel: Option<&'static str>,
    api_only: bool,
    since: Option<&'static str>,
    removed: Option<&'static str>,
    aliases: &'static [&'static str],
}

impl Entry {
    fn of(it: &'static Integration) -> Self {
        Self {
            slug: it.slug,
            title: it.title,
            description: it.description,
            levels: levels(it),
            edition: match it.edition {
                Edition::Ce => "ce",
                Edition::Ee => "ee",
                Edition::Dev => "dev",
            },
            tier: match it.tier {
                Tier::Free => "free",
                Tier::Premium => "premium",
                Tier::Ultimate => "ultimate",
            },
            since: it.since,
            removed: it.removed,
            aliases: it.aliases,
            fields: it.fields.iter().map(FieldEntry::of).collect(),
            events: it.events.iter().map(EventEntry::of).collect(),
            supports_inherit: it.supports_inherit,
            supports_delete: it.supports_delete,
        }
    }
}

impl FieldEntry {
    fn of(field: &'static Field) -> Self {
        Self {
            name: field.name,
            r#type: type_name(field.field_type),
            required: field.required,
            secret: field.secret,
            section: section_name(field),
            title: field.title,
            description: field.description,
            choices: field.choices.iter().map(|choice| choice.value).collect(),
            default: field.default,
            clears_secrets: field.clears_secrets,
            shown_if: field
                .shown_if
                .as_ref()
                .map(|it| ConditionEntry { field: it.field, one_of: it.one_of }),
            api_only: field.api_only,
            since: field.since,
            removed: field.removed,
            deprecated: field.deprecated,
            aliases: field.aliases,
        }
    }
}

impl EventEntry {
    fn of(event: &'static Event) -> Self {
        Self {
            name: event.name,
            title: event.title,
            description: event.description,
            default: event.default,
            channel: event.channel,
            api_only: event.api_only,
            since: event.since,
            removed: event.removed,
            aliases: event.aliases,
        }
    }
}

fn levels(integration: &Integration) -> Vec<&'static str> {
    [Level::Instance, Level::Group, Level::Project]
        .into_iter()
        .filter(|level| integration.levels.contains(*level))
        .map(Level::name)
        .collect()
}

const fn type_name(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::String => "string",
        FieldType::Boolean => "boolean",
        FieldType::Integer => "integer",
        FieldType::StringArray => "string_array",
    }
}

const fn section_name(field: &Field) -> &'static str {
    use heirloom_core::catalog::SectionKind;
    match field.section {
        SectionKind::Connection => "connection",
        SectionKind::Configuration => "configuration",
        SectionKind::Trigger => "trigger",
    }
}
