//! What a catalog file must not get wrong.

use std::collections::HashSet;

use crate::entry::{Condition, Control, Entry, Event, Field, FieldType, Level, SectionKind};

pub fn entry(entry: &Entry) -> Result<(), String> {
    if entry.levels.is_empty() {
        return Err("it can be set at no level".into());
    }
    if entry.description.is_empty() {
        return Err("nothing says what it does".into());
    }
    if !entry.rest && (entry.creatable || entry.supports_inherit || entry.supports_delete) {
        return Err("REST does not know it, yet a PUT or DELETE would do something".into());
    }
    versions(&[&entry.since, &entry.removed])?;
    let mut names = HashSet::new();
    let fields = entry.fields.iter().flat_map(|field| field.aliases.iter().chain([&field.name]));
    let events = entry.events.iter().flat_map(|event| event.aliases.iter().chain([&event.name]));
    for name in fields.chain(events) {
        if !names.insert(name.as_str()) {
            return Err(format!("“{name}” names two things"));
        }
    }
    for it in &entry.fields {
        field(entry, it).map_err(|why| format!("field {}: {why}", it.name))?;
    }
    for it in &entry.events {
        event(entry, it).map_err(|why| format!("event {}: {why}", it.name))?;
    }
    for section in &entry.sections {
        let used = match section.kind {
            SectionKind::Trigger => !entry.events.is_empty(),
            kind => entry.fields.iter().any(|field| field.section == kind),
        };
        if !used {
            return Err(format!("its section {:?} is empty", section.kind));
        }
    }
    Ok(())
}

fn field(entry: &Entry, field: &Field) -> Result<(), String> {
    if field.title.is_empty() || field.description.is_empty() {
        return Err("it has no label, or nothing says what it does".into());
    }
    if !entry.sections.iter().any(|section| section.kind == field.section) {
        return Err(format!("its section {:?} is not in the form", field.section));
    }
    if field.required && (field.shown_if.is_some() || !field.rest || field.removed.is_some()) {
        return Err("GitLab wants it on every PUT, but it would not always be sent".into());
    }
    if field.secret && (!field.choices.is_empty() || field.default.is_some()) {
        return Err("a secret has no choices and no default".into());
    }
    if field.sends && field.field_type != FieldType::Boolean {
        return Err("it sends, yet it is no switch that could be off".into());
    }
    values(field)?;
    let conditions = field
        .shown_if
        .iter()
        .chain(&field.required_if)
        .chain(field.variants.iter().map(|it| &it.when));
    for it in conditions {
        condition(entry, field, it)?;
    }
    if let Some(file) = &field.file
        && !entry.fields.iter().any(|other| other.name == file.name_field)
    {
        return Err(format!("“{}” would keep its file's name, but is no field", file.name_field));
    }
    levels(entry, &field.levels)?;
    versions(&[&field.since, &field.removed])
}

/// Choices and default fit the control and the type.
fn values(field: &Field) -> Result<(), String> {
    let chosen = matches!(field.control(), Control::Radio | Control::Select);
    if chosen && field.choices.is_empty() {
        return Err("nothing can be chosen".into());
    }
    let Some(default) = &field.default else { return Ok(()) };
    if chosen && !field.choices.iter().any(|choice| choice.value == *default) {
        return Err(format!("its default “{default}” is none of its choices"));
    }
    let fits = match field.field_type {
        FieldType::Boolean => default == "true" || default == "false",
        FieldType::Integer => default.parse::<i64>().is_ok(),
        FieldType::String | FieldType::StringArray => true,
    };
    if fits { Ok(()) } else { Err(format!("its default “{default}” is not of its type")) }
}

fn condition(entry: &Entry, field: &Field, condition: &Condition) -> Result<(), String> {
    if condition.one_of.is_empty() {
        return Err("one of its conditions never holds".into());
    }
    let other = entry
        .fields
        .iter()
        .find(|other| other.name == condition.field && other.name != field.name)
        .ok_or_else(|| format!("it depends on “{}”, which is no other field", condition.field))?;
    if other.secret {
        return Err(format!("it depends on “{}”, which nobody can read", other.name));
    }
    let unknown = condition.one_of.iter().filter(|value| !value.is_empty()).find(|value| {
        !other.choices.is_empty() && !other.choices.iter().any(|choice| choice.value == **value)
    });
    match unknown {
        Some(value) => Err(format!("“{}” is never “{value}”", other.name)),
        None => Ok(()),
    }
}

fn event(entry: &Entry, event: &Event) -> Result<(), String> {
    if !entry.sections.iter().any(|section| section.kind == SectionKind::Trigger) {
        return Err("there is no trigger section".into());
    }
    if let Some(channel) = &event.channel
        && !entry.fields.iter().any(|field| field.name == *channel)
    {
        return Err(format!("its channel “{channel}” is no field"));
    }
    levels(entry, &event.levels)?;
    versions(&[&event.since, &event.removed])
}

fn levels(entry: &Entry, levels: &[Level]) -> Result<(), String> {
    match levels.iter().find(|level| !entry.levels.contains(level)) {
        Some(level) => Err(format!("it can be set at {level:?}, its integration cannot")),
        None => Ok(()),
    }
}

fn versions(versions: &[&Option<String>]) -> Result<(), String> {
    let odd = versions.iter().filter_map(|version| version.as_ref()).find(|version| {
        let parts: Vec<_> = version.split('.').collect();
        parts.len() != 2 || parts.iter().any(|part| part.parse::<u32>().is_err())
    });
    match odd {
        Some(version) => Err(format!("“{version}” is not a GitLab version such as 18.10")),
        None => Ok(()),
    }
}
