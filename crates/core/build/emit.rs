//! Writes checked entries as Rust constants.

use std::fmt::Write as _;

use crate::entry::{
    Choice, Condition, Entry, Event, Field, Level, Pattern, Section, TextFile, Variant,
};

pub fn catalog(entries: &[Entry]) -> String {
    let mut out = String::from("static INTEGRATIONS: &[Integration] = &[\n");
    for entry in entries {
        integration(&mut out, entry);
    }
    out.push_str("];\n");
    out
}

fn integration(out: &mut String, entry: &Entry) {
    let _ = writeln!(
        out,
        "Integration {{ slug: {:?}, title: {:?}, description: {:?}, category: Category::{:?}, \
         levels: {}, edition: Edition::{:?}, \
         tier: Tier::{:?}, since: {:?}, removed: {:?}, rest: {}, creatable: {}, \
         read_only: {}, \
         supports_inherit: {}, supports_delete: {}, data_beside_row: {}, exclusive: {}, \
         aliases: &{:?}, sections: &[{}], fields: &[{}], events: &[{}] }},",
        entry.slug,
        entry.title,
        entry.description,
        entry.category,
        levels(&entry.levels, &entry.levels),
        entry.edition,
        entry.tier,
        entry.since,
        entry.removed,
        entry.rest,
        entry.creatable,
        entry.read_only,
        entry.supports_inherit,
        entry.supports_delete,
        entry.data_beside_row,
        named("Exclusive", entry.exclusive),
        entry.aliases,
        list(&entry.sections, section),
        list(&entry.fields, |it| field(it, &entry.levels)),
        list(&entry.events, |it| event(it, &entry.levels)),
    );
}

fn section(section: &Section) -> String {
    format!("Section {{ kind: SectionKind::{:?}, title: {:?} }}", section.kind, section.title)
}

fn field(field: &Field, offered: &[Level]) -> String {
    let condition = |it: &Option<Condition>| option(it.as_ref().map(condition));
    format!(
        "Field {{ name: {:?}, field_type: FieldType::{:?}, control: Control::{:?}, required: {}, \
         secret: {}, clears_secrets: {}, sends: {}, section: SectionKind::{:?}, title: {:?}, \
         placeholder: {:?}, help: {:?}, checkbox_label: {:?}, description: {:?}, \
         variants: &[{}], choices: &[{}], default: {:?}, format: {}, pattern: {}, \
         max_length: {:?}, max_items: {:?}, file: {}, shown_if: {}, required_if: {}, required_with: {:?}, \
         checked_when_off: {}, levels: {}, edition: Edition::{:?}, tier: Tier::{:?}, \
         api_only: {}, rest: {}, since: {:?}, removed: {:?}, deprecated: {:?}, aliases: &{:?} }}",
        field.name,
        field.field_type,
        field.control(),
        field.required,
        field.secret,
        field.clears_secrets,
        field.sends,
        field.section,
        field.title,
        field.placeholder,
        field.help,
        field.checkbox_label,
        field.description,
        list(&field.variants, variant),
        list(&field.choices, choice),
        field.default,
        named("Format", field.format),
        option(field.pattern.as_ref().map(pattern)),
        field.max_length,
        field.max_items,
        option(field.file.as_ref().map(file)),
        condition(&field.shown_if),
        condition(&field.required_if),
        field.required_with,
        field.checked_when_off,
        levels(&field.levels, offered),
        field.edition,
        field.tier,
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

fn variant(variant: &Variant) -> String {
    format!(
        "Variant {{ when: {}, title: {:?}, help: {:?} }}",
        condition(&variant.when),
        variant.title,
        variant.help
    )
}

fn pattern(pattern: &Pattern) -> String {
    format!("Pattern {{ regex: {:?}, says: {:?} }}", pattern.regex, pattern.says)
}

fn file(file: &TextFile) -> String {
    format!("TextFile {{ extension: {:?}, name_field: {:?} }}", file.extension, file.name_field)
}

fn event(event: &Event, offered: &[Level]) -> String {
    format!(
        "Event {{ name: {:?}, title: {:?}, description: {:?}, default: {}, channel: {:?}, \
         api_only: {}, levels: {}, tier: Tier::{:?}, rest: {}, since: {:?}, removed: {:?}, aliases: &{:?} }}",
        event.name,
        event.title,
        event.description,
        event.default,
        event.channel,
        event.api_only,
        levels(&event.levels, offered),
        event.tier,
        event.rest,
        event.since,
        event.removed,
        event.aliases,
    )
}

/// The levels written; none written = all that the integration offers.
fn levels(written: &[Level], offered: &[Level]) -> String {
    let levels = if written.is_empty() { offered } else { written };
    let at = |level| levels.contains(&level);
    format!(
        "Levels {{ instance: {}, group: {}, project: {} }}",
        at(Level::Instance),
        at(Level::Group),
        at(Level::Project),
    )
}

fn list<T>(items: &[T], write: impl Fn(&T) -> String) -> String {
    items.iter().map(write).collect::<Vec<_>>().join(", ")
}

fn option(written: Option<String>) -> String {
    written.map_or_else(|| "None".into(), |it| format!("Some({it})"))
}

fn named(name: &str, value: Option<impl std::fmt::Debug>) -> String {
    option(value.map(|value| format!("{name}::{value:?}")))
}
