//! What the catalog tells the window.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What an integration is for; chooses the icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Issue trackers.
    Tracker,
    /// Chat.
    Chat,
    /// Continuous integration.
    Build,
    /// E-mail.
    Mail,
    /// Wikis.
    Wiki,
    /// Monitoring.
    Monitor,
    /// Registries and stores.
    Package,
    /// Security and identity.
    Security,
    /// Everything else.
    Other,
}

/// Parts of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// Address and credentials.
    Connection,
    /// How it works.
    Configuration,
    /// When it fires.
    Trigger,
    /// Not in the catalog: GitLab returned it all the same.
    Unknown,
}

/// How a setting is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
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
    /// One of few choices.
    Radio,
    /// One of the choices.
    Select,
    /// Several short texts.
    Tags,
}

/// A value a setting may take.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
}

/// A setting that only matters while another has certain values.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ShownIf {
    /// The other setting.
    pub field: String,
    /// Its values (booleans as "true" and "false").
    pub one_of: Vec<String>,
}

/// A setting's value. Never a secret's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum FieldValue {
    /// Nothing stored.
    Unset,
    /// A blank stored.
    Empty,
    /// A checkbox.
    Bool(bool),
    /// A whole number, as text.
    Integer(String),
    /// Text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}
