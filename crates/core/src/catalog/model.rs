//! The shape of one catalog entry. Constants only: built from `catalog/*.toml` by `build.rs`.

use crate::ids::Level;

/// One kind of integration.
#[derive(Debug)]
pub struct Integration {
    /// Dashed name, as in REST paths.
    pub slug: &'static str,
    /// GitLab's own title.
    pub title: &'static str,
    /// One sentence on what it does, in our words.
    pub description: &'static str,
    /// What it is for; chooses the icon.
    pub category: Category,
    /// Where it can be set.
    pub levels: Levels,
    /// Which builds of GitLab have it.
    pub edition: Edition,
    /// The lowest subscription that offers it.
    pub tier: Tier,
    /// GitLab version it appeared in, where known.
    pub since: Option<&'static str>,
    /// First GitLab version without it, where it is gone.
    pub removed: Option<&'static str>,
    /// Whether REST knows its slug. Kinds without it are shown, never read or written by token.
    pub rest: bool,
    /// Whether PUT may create the first row (no for apps installed elsewhere, such as the Slack app).
    pub creatable: bool,
    /// Shown, never edited: GitLab does not document how to.
    pub read_only: bool,
    /// Whether PUT takes `use_inherited_settings`.
    pub supports_inherit: bool,
    /// Whether DELETE is taken.
    pub supports_delete: bool,
    /// Its data lives beside the row, so a change of fields alone does not move `updated_at`
    /// (contract, sections 8 and 10).
    pub data_beside_row: bool,
    /// Only one active integration of this family per project (contract, section 2).
    pub exclusive: Option<Exclusive>,
    /// What GitLab's own list calls it, or other names that lead here (`apple_app_store`).
    pub aliases: &'static [&'static str],
    /// Parts of the form, in order.
    pub sections: &'static [Section],
    /// Settings, in form order.
    pub fields: &'static [Field],
    /// Trigger events, in form order.
    pub events: &'static [Event],
}

impl Integration {
    /// The field of that name, also by an alias.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name || field.aliases.contains(&name))
    }

    /// The trigger event of that name, also by an alias.
    pub fn event(&self, name: &str) -> Option<&'static Event> {
        self.events.iter().find(|event| event.name == name || event.aliases.contains(&name))
    }

    /// The fields GitLab wants on every PUT (contract, section 2).
    pub fn required_fields(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(|field| field.required)
    }
}

/// The levels an integration can be set at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// As an instance default.
    pub instance: bool,
    /// On a group.
    pub group: bool,
    /// On a project.
    pub project: bool,
}

impl Levels {
    /// Whether it can be set at this level.
    pub const fn contains(self, level: Level) -> bool {
        match level {
            Level::Instance => self.instance,
            Level::Group => self.group,
            Level::Project => self.project,
        }
    }
}

/// What an integration is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// Issue trackers.
    Tracker,
    /// Chat notifications and commands.
    Chat,
    /// Continuous integration and delivery.
    Build,
    /// E-mail.
    Mail,
    /// Wikis.
    Wiki,
    /// Monitoring and alerting.
    Monitor,
    /// Package and container registries, app stores.
    Package,
    /// Security scanning and identity.
    Security,
    /// Everything else.
    Other,
}

/// Which builds of GitLab have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// Community and Enterprise Edition.
    Ce,
    /// Enterprise Edition only.
    Ee,
    /// Only servers run for developing or testing GitLab itself.
    Dev,
}

/// The lowest subscription that offers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Every GitLab.
    Free,
    /// Premium and Ultimate.
    Premium,
    /// Ultimate.
    Ultimate,
}

/// Families of which a project may have one active member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exclusive {
    /// External issue trackers.
    IssueTracker,
    /// Third-party wikis.
    Wiki,
}

/// One part of a form.
#[derive(Debug)]
pub struct Section {
    /// Which part.
    pub kind: SectionKind,
    /// Its heading.
    pub title: &'static str,
}

/// GitLab's usual parts of an integration form (seed 003).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SectionKind {
    /// Address and credentials.
    Connection,
    /// How it works.
    Configuration,
    /// When it fires.
    Trigger,
}

/// One setting.
#[derive(Debug)]
pub struct Field {
    /// REST parameter.
    pub name: &'static str,
    /// Type of the parameter.
    pub field_type: FieldType,
    /// How it is edited.
    pub control: Control,
    /// GitLab wants it on every PUT, secret or not (contract, section 9).
    pub required: bool,
    /// Write-only for us, whether or not GitLab returns it in clear (contract, section 2).
    pub secret: bool,
    /// Changing it makes GitLab forget stored secrets that are not sent again in the same save.
    pub clears_secrets: bool,
    /// A switch that makes GitLab send something out by itself, as a trigger event does: off while a
    /// stand-in takes the place of a secret.
    pub sends: bool,
    /// Part of the form it belongs to.
    pub section: SectionKind,
    /// Label.
    pub title: &'static str,
    /// Greyed text in an empty control.
    pub placeholder: &'static str,
    /// Text under the control; may be empty.
    pub help: &'static str,
    /// Text beside a checkbox; empty = the label serves.
    pub checkbox_label: &'static str,
    /// What it does, in our words.
    pub description: &'static str,
    /// Labels and help that take over while another field has certain values.
    pub variants: &'static [Variant],
    /// What may be chosen; empty = free.
    pub choices: &'static [Choice],
    /// What GitLab takes it to be while unset, as text.
    pub default: Option<&'static str>,
    /// What its text must look like.
    pub format: Option<Format>,
    /// A regular expression the whole text must match, beyond the format.
    pub pattern: Option<Pattern>,
    /// The most characters GitLab takes.
    pub max_length: Option<u32>,
    /// The most entries GitLab takes in a list, or in a text that holds one.
    pub max_items: Option<u32>,
    /// Its text is the content of a file that GitLab's form has uploaded.
    pub file: Option<TextFile>,
    /// Shown and sent only if another field has one of these values.
    pub shown_if: Option<Condition>,
    /// GitLab's model insists on it if another field has one of these values, although a PUT may
    /// leave it out.
    pub required_if: Option<Condition>,
    /// GitLab's model insists on it if this secret is sent.
    pub required_with: Option<&'static str>,
    /// Checked by GitLab even while the integration is off. Everything else, presence included, is
    /// checked only while it is on.
    pub checked_when_off: bool,
    /// Where it can be set; never more than the integration's own levels.
    pub levels: Levels,
    /// Which builds of GitLab have it.
    pub edition: Edition,
    /// The lowest subscription that offers it.
    pub tier: Tier,
    /// Only the API has it; GitLab's own form does not show it.
    pub api_only: bool,
    /// Whether a PUT takes it. `false` for what GitLab's web form alone can set.
    pub rest: bool,
    /// GitLab version it appeared in.
    pub since: Option<&'static str>,
    /// First GitLab version without it.
    pub removed: Option<&'static str>,
    /// Deprecated, and what to use instead.
    pub deprecated: Option<&'static str>,
    /// Other spellings in documentation.
    pub aliases: &'static [&'static str],
}

impl Field {
    /// Whether a server of this version (major, minor) has it at this level.
    pub fn offered(&self, level: Level, server: (u32, u32)) -> bool {
        self.levels.contains(level) && super::offers(self.since, self.removed, server)
    }
}

/// Type of a REST parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Several texts.
    StringArray,
}

/// How a setting is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Control {
    /// One line.
    Text,
    /// One line, hidden.
    Password,
    /// Several lines.
    Textarea,
    /// On or off.
    Checkbox,
    /// A whole number.
    Number,
    /// One of the choices, few: all visible.
    Radio,
    /// One of the choices, in a list.
    Select,
    /// Several short texts.
    Tags,
}

/// What a text must look like, checked before GitLab does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `http://` or `https://`.
    Url,
    /// E-mail addresses, separated by white space only: GitLab drops the rest without a word.
    Emails,
    /// E-mail addresses, separated by commas or white space.
    EmailsOrCommas,
    /// A regular expression.
    Regex,
    /// Names of branches, separated by commas.
    Branches,
}

/// One value a setting may take.
#[derive(Debug)]
pub struct Choice {
    /// What is sent.
    pub value: &'static str,
    /// What is shown.
    pub label: &'static str,
}

/// A setting that only matters while another has certain values.
#[derive(Debug)]
pub struct Condition {
    /// The other setting.
    pub field: &'static str,
    /// Its values, as text; a blank text stands for a field that is not set, and is added wherever
    /// the other field's default is among the values.
    pub one_of: &'static [&'static str],
}

/// What a field is called under a condition.
#[derive(Debug)]
pub struct Variant {
    /// When it holds.
    pub when: Condition,
    /// Label; empty = the usual one.
    pub title: &'static str,
    /// Text under the control; empty = the usual one.
    pub help: &'static str,
}

/// A rule for a text, checked before GitLab does.
#[derive(Debug)]
pub struct Pattern {
    /// Regular expression, matched against the whole text.
    pub regex: &'static str,
    /// The rule in plain words: “Must point to discord.com”.
    pub says: &'static str,
}

/// A file whose content is a field's text.
#[derive(Debug)]
pub struct TextFile {
    /// What its name ends with (`.p8`).
    pub extension: &'static str,
    /// The field that keeps the file's name.
    pub name_field: &'static str,
}

/// One trigger event.
#[derive(Debug)]
pub struct Event {
    /// REST parameter and flag (`push_events`).
    pub name: &'static str,
    /// Label.
    pub title: &'static str,
    /// What fires it, in our words.
    pub description: &'static str,
    /// What a form for a new row starts with.
    pub default: bool,
    /// The field that redirects this event to a channel of its own.
    pub channel: Option<&'static str>,
    /// GitLab's own form does not show it.
    pub api_only: bool,
    /// Where it can be set; never more than the integration's own levels.
    pub levels: Levels,
    /// The lowest subscription that offers it.
    pub tier: Tier,
    /// Whether a PUT takes it. `false` for what GitLab's web form alone can set.
    pub rest: bool,
    /// GitLab version it appeared in.
    pub since: Option<&'static str>,
    /// First GitLab version without it.
    pub removed: Option<&'static str>,
    /// Other spellings in documentation.
    pub aliases: &'static [&'static str],
}

impl Event {
    /// Whether a server of this version (major, minor) has it at this level.
    pub fn offered(&self, level: Level, server: (u32, u32)) -> bool {
        self.levels.contains(level) && super::offers(self.since, self.removed, server)
    }
}
