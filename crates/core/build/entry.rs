//! One catalog file, as it is written.

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
    #[serde(default)]
    pub read_only: bool,
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
    /// What the channel fields named by the events have in common; they need not be written out.
    pub channels: Option<Channels>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channels {
    #[serde(default)]
    pub placeholder: String,
    #[serde(default)]
    pub help: String,
    #[serde(default)]
    pub secret: bool,
    pub format: Option<Format>,
    pub pattern: Option<Pattern>,
    pub max_items: Option<u32>,
    pub since: Option<String>,
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
    #[serde(default)]
    pub sends: bool,
    pub section: SectionKind,
    pub title: String,
    #[serde(default)]
    pub placeholder: String,
    #[serde(default)]
    pub help: String,
    #[serde(default)]
    pub checkbox_label: String,
    pub description: String,
    #[serde(default)]
    pub variants: Vec<Variant>,
    #[serde(default)]
    pub choices: Vec<Choice>,
    pub default: Option<String>,
    pub format: Option<Format>,
    pub pattern: Option<Pattern>,
    pub max_length: Option<u32>,
    pub max_items: Option<u32>,
    pub file: Option<TextFile>,
    pub shown_if: Option<Condition>,
    pub required_if: Option<Condition>,
    pub required_with: Option<String>,
    #[serde(default)]
    pub checked_when_off: bool,
    #[serde(default)]
    pub levels: Vec<Level>,
    #[serde(default)]
    pub edition: Edition,
    #[serde(default)]
    pub tier: Tier,
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
pub struct Variant {
    pub when: Condition,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub help: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    pub regex: String,
    pub says: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextFile {
    pub extension: String,
    pub name_field: String,
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
    #[serde(default)]
    pub api_only: bool,
    #[serde(default)]
    pub levels: Vec<Level>,
    #[serde(default)]
    pub tier: Tier,
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
    Format { Url, Emails, EmailsOrCommas, Regex, Branches }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    #[default]
    Ce,
    Ee,
    Dev,
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

impl Entry {
    /// Adds the channel fields that events name and the file does not write out.
    pub fn add_channels(&mut self) {
        let Some(channels) = &self.channels else { return };
        for event in &self.events {
            if let Some(name) = &event.channel
                && !self.fields.iter().any(|field| field.name == *name)
            {
                self.fields.push(channels.field(name, event));
            }
        }
    }

    /// A field that is not set counts as its default, so that conditions can be read off the
    /// values alone.
    pub fn settle_conditions(&mut self) {
        let defaults: Vec<_> = self
            .fields
            .iter()
            .map(|field| (field.name.clone(), field.default.clone().unwrap_or_default()))
            .collect();
        for field in &mut self.fields {
            let variants = field.variants.iter_mut().map(|variant| &mut variant.when);
            for condition in
                field.shown_if.iter_mut().chain(field.required_if.iter_mut()).chain(variants)
            {
                let holds_unset = defaults.iter().any(|(name, value)| {
                    *name == condition.field && condition.one_of.contains(value)
                });
                if holds_unset && !condition.one_of.iter().any(String::is_empty) {
                    condition.one_of.push(String::new());
                }
            }
        }
    }
}

impl Channels {
    fn field(&self, name: &str, event: &Event) -> Field {
        Field {
            name: name.to_owned(),
            field_type: FieldType::String,
            control: None,
            required: false,
            secret: self.secret,
            clears_secrets: false,
            sends: false,
            section: SectionKind::Trigger,
            title: format!("{} channel", event.title),
            placeholder: self.placeholder.clone(),
            help: self.help.clone(),
            checkbox_label: String::new(),
            description: format!("Where “{}” is sent instead of the usual place.", event.title),
            variants: Vec::new(),
            choices: Vec::new(),
            default: None,
            format: self.format,
            pattern: self.pattern.clone(),
            max_length: None,
            max_items: self.max_items,
            file: None,
            shown_if: None,
            required_if: None,
            required_with: None,
            checked_when_off: false,
            levels: event.levels.clone(),
            edition: Edition::Ce,
            tier: event.tier,
            api_only: false,
            rest: event.rest,
            since: event.since.clone().or_else(|| self.since.clone()),
            removed: event.removed.clone(),
            deprecated: None,
            aliases: Vec::new(),
        }
    }
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
