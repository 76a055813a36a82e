//! One catalog file, as it is written, and the checks it must pass.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub slug: String,
    pub title: String,
    pub description: String,
    pub category: Category,
    pub levels: Vec<Level>,
    #[serde(default)]
    pub edition: Edition,
    #[serde(default)]
    pub tier: Tier,
    pub since: Option<String>,
    pub removed: Option<String>,
    #[serde(default = "yes")]
    pub rest: bool,
    #[serde(default = "yes")]
    pub creatable: bool,
    #[serde(default = "yes")]
    pub supports_inherit: bool,
    #[serde(default = "yes")]
    pub supports_delete: bool,
    #[serde(default)]
    pub data_beside_row: bool,
    pub exclusive: Option<Exclusive>,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub sections: Vec<Section>,
    #[serde(default)]
    pub fields: Vec<Field>,
    #[serde(default)]
    pub events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub kind: SectionKind,
    pub title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub name: String,
    #[serde(rename = "type", default)]
    pub field_type: FieldType,
    pub control: Option<Control>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub secret: bool,
    #[serde(default)]
    pub clears_secrets: bool,
    pub section: SectionKind,
    pub title: String,
    #[serde(default)]
    pub placeholder: String,
    #[serde(default)]
    pub help: String,
    pub description: String,
    #[serde(default)]
    pub choices: Vec<Choice>,
    pub default: Option<String>,
    pub format: Option<Format>,
    pub shown_if: Option<Condition>,
    #[serde(default)]
    pub api_only: bool,
    #[serde(default = "yes")]
    pub rest: bool,
    pub since: Option<String>,
    pub removed: Option<String>,
    pub deprecated: Option<String>,
    #[serde(default)]
    pub aliases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub field: String,
    pub one_of: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub name: String,
    pub title: String,
    pub description: String,
    #[serde(default)]
    pub default: bool,
    pub channel: Option<String>,
    #[serde(default = "yes")]
    pub rest: bool,
    pub since: Option<String>,
    pub removed: Option<String>,
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// Enums whose `Debug` name is the Rust variant in `src/catalog/model.rs`.
macro_rules! names {
    ($($name:ident { $($variant:ident),+ })+) => {$(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant),+ }
    )+};
}

names! {
    Category { Tracker, Chat, Build, Mail, Wiki, Monitor, Package, Security, Other }
    Level { Instance, Group, Project }
    Exclusive { IssueTracker, Wiki }
    SectionKind { Connection, Configuration, Trigger }
    Control { Text, Password, Textarea, Checkbox, Number, Radio, Select, Tags }
    Format { Url, Emails, Regex, Branches }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    #[default]
    Ce,
    Ee,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    #[default]
    Free,
    Premium,
    Ultimate,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    #[default]
    String,
    Boolean,
    Integer,
    StringArray,
}

fn yes() -> bool {
    true
}

impl Field {
    /// What is written, or what the type suggests.
    pub fn control(&self) -> Control {
        self.control.unwrap_or(match self.field_type {
            FieldType::Boolean => Control::Checkbox,
            FieldType::Integer => Control::Number,
            FieldType::StringArray => Control::Tags,
            FieldType::String if self.secret => Control::Password,
            FieldType::String if !self.choices.is_empty() => Control::Select,
            FieldType::String => Control::Text,
        })
    }
}

pub fn read(path: &Path) -> Result<Entry, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let entry: Entry = toml::from_str(&text).map_err(|error| error.to_string())?;
    if path.file_stem().and_then(|stem| stem.to_str()) != Some(entry.slug.as_str()) {
        return Err(format!("the file is not named after its slug “{}”", entry.slug));
    }
    check(&entry)?;
    Ok(entry)
}

fn check(entry: &Entry) -> Result<(), String> {
    if entry.levels.is_empty() {
        return Err("it can be set at no level".into());
    }
    let mut names = HashSet::new();
    let fields = entry.fields.iter().flat_map(|field| field.aliases.iter().chain([&field.name]));
    let events = entry.events.iter().flat_map(|event| event.aliases.iter().chain([&event.name]));
    for name in fields.chain(events) {
        if !names.insert(name.as_str()) {
            return Err(format!("“{name}” names two things"));
        }
    }
    let sections: Vec<_> = entry.sections.iter().map(|section| section.kind).collect();
    for field in &entry.fields {
        check_field(entry, field, &sections).map_err(|why| format!("field {}: {why}", field.name))?;
    }
    for event in &entry.events {
        if let Some(channel) = &event.channel
            && !entry.fields.iter().any(|field| field.name == *channel)
        {
            return Err(format!("event {}: its channel “{channel}” is no field", event.name));
        }
    }
    if !entry.events.is_empty() && !sections.contains(&SectionKind::Trigger) {
        return Err("it has events but no trigger section".into());
    }
    Ok(())
}

fn check_field(entry: &Entry, field: &Field, sections: &[SectionKind]) -> Result<(), String> {
    if !sections.contains(&field.section) {
        return Err(format!("its section {:?} is not in the form", field.section));
    }
    let chosen = matches!(field.control(), Control::Radio | Control::Select);
    if chosen && field.choices.is_empty() {
        return Err("nothing can be chosen".into());
    }
    if let Some(default) = &field.default
        && chosen
        && !field.choices.iter().any(|choice| choice.value == *default)
    {
        return Err(format!("its default “{default}” is none of its choices"));
    }
    if let Some(condition) = &field.shown_if {
        if condition.one_of.is_empty() {
            return Err("it would never be shown".into());
        }
        if condition.field == field.name
            || !entry.fields.iter().any(|other| other.name == condition.field)
        {
            return Err(format!("it depends on “{}”, which is no other field", condition.field));
        }
    }
    Ok(())
}
