//! Writes checked entries as Rust constants.

use std::fmt::Write as _;

use crate::entry::{Choice, Condition, Entry, Event, Field, Level, Section};

pub fn catalog(entries: &[Entry]) -> String {
    let mut out = String::from("static INTEGRATIONS: &[Integration] = &[\n");
    for entry in entries {
        integration(&mut out, entry);
    }
    out.push_str("];\n");
    out
}

fn integration(out: &mut String, entry: &Entry) {
    let at = |level| entry.levels.contains(&level);
    let _ = writeln!(
        out,
        "Integration {{ slug: {:?}, title: {:?}, description: {:?}, category: Category::{:?}, \
         levels: Levels {{ instance: {}, group: {}, project: {} }}, edition: Edition::{:?}, \
         tier: Tier::{:?}, since: {:?}, removed: {:?}, rest: {}, creatable: {}, \
         supports_inherit: {}, supports_delete: {}, data_beside_row: {}, exclusive: {}, \
         aliases: &{:?}, sections: &[{}], fields: &[{}], events: &[{}] }},",
        entry.slug,
        entry.title,
        entry.description,
        entry.category,
        at(Level::Instance),
        at(Level::Group),
        at(Level::Project),
        entry.edition,
        entry.tier,
        entry.since,
        entry.removed,
        entry.rest,
        entry.creatable,
        entry.supports_inherit,
        entry.supports_delete,
        entry.data_beside_row,
        variant("Exclusive", entry.exclusive),
        entry.aliases,
        list(&entry.sections, section),
        list(&entry.fields, field),
        list(&entry.events, event),
    );
}

fn section(section: &Section) -> String {
    format!("Section {{ kind: SectionKind::{:?}, title: {:?} }}", section.kind, section.title)
}

fn field(field: &Field) -> String {
    format!(
        "Field {{ name: {:?}, field_type: FieldType::{:?}, control: Control::{:?}, required: {}, \
         secret: {}, clears_secrets: {}, section: SectionKind::{:?}, title: {:?}, \
         placeholder: {:?}, help: {:?}, description: {:?}, choices: &[{}], default: {:?}, \
         format: {}, shown_if: {}, api_only: {}, rest: {}, since: {:?}, removed: {:?}, \
         deprecated: {:?}, aliases: &{:?} }}",
        field.name,
        field.field_type,
        field.control(),
        field.required,
        field.secret,
        field.clears_secrets,
        field.section,
        field.title,
        field.placeholder,
        field.help,
        field.description,
        list(&field.choices, choice),
        field.default,
        variant("Format", field.format),
        field.shown_if.as_ref().map_or("None".into(), |it| format!("Some({})", condition(it))),
        field.api_only,
        field.rest,
        field.since,
        field.removed,
        field.deprecated,
        field.aliases,
    )
}

fn choice(choice: &Choice) -> String {
    format!("Choice {{ value: {:?}, label: {:?} }}", choice.value, choice.label)
}

fn condition(condition: &Condition) -> String {
    format!("Condition {{ field: {:?}, one_of: &{:?} }}", condition.field, condition.one_of)
}

fn event(event: &Event) -> String {
    format!(
        "Event {{ name: {:?}, title: {:?}, description: {:?}, default: {}, channel: {:?}, \
         rest: {}, since: {:?}, removed: {:?}, aliases: &{:?} }}",
        event.name,
        event.title,
        event.description,
        event.default,
        event.channel,
        event.rest,
        event.since,
        event.removed,
        event.aliases,
    )
}

fn list<T>(items: &[T], write: fn(&T) -> String) -> String {
    items.iter().map(write).collect::<Vec<_>>().join(", ")
}

fn variant(name: &str, value: Option<impl std::fmt::Debug>) -> String {
    value.map_or("None".into(), |value| format!("Some({name}::{value:?})"))
}
