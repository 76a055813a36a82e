//! The form that edits settings, its draft, and what a draft amounts to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::catalog::{Category, Choice, Control, FieldValue, SectionKind, ShownIf};
use super::scope::{IntegrationItem, ScopeName, Source};
use super::settings::{Besides, Change, IntegrationRef, Offer, Shown};

/// The form for custom settings.
#[derive(Clone, Debug, Serialize, Type)]
pub struct EditForm {
    /// Which scope.
    pub scope: ScopeName,
    /// From the instance down to its parent.
    pub ancestors: Vec<ScopeName>,
    /// State, source, times.
    pub item: IntegrationItem,
    /// What it is for.
    pub category: Category,
    /// Where the default column comes from; `null`: no default exists above.
    pub default_from: Option<Source>,
    /// The two ways GitLab's form offers; `false`: no default to use.
    pub can_use_default: bool,
    /// It is on, or nothing is stored yet: GitLab's form for a new one starts switched on.
    pub enabled: bool,
    /// Whether it can be switched off.
    pub disable: Offer,
    /// Parts of the form.
    pub sections: Vec<FormSection>,
    /// What is in the controls at first: the kept draft, or what is stored now.
    pub draft: Draft,
    /// When the draft was kept; `null`: there was none.
    pub kept_at: Option<String>,
    /// Something under the draft changed in GitLab since it was begun.
    pub draft_outdated: bool,
}

/// A part of the form.
#[derive(Clone, Debug, Serialize, Type)]
pub struct FormSection {
    /// Which part.
    pub kind: SectionKind,
    /// Its heading.
    pub title: String,
    /// Its settings.
    pub fields: Vec<FormField>,
    /// Its trigger events.
    pub events: Vec<FormEvent>,
}

/// A setting in the form.
#[derive(Clone, Debug, Serialize, Type)]
pub struct FormField {
    /// REST parameter.
    pub name: String,
    /// Label.
    pub title: String,
    /// How it is edited.
    pub control: Control,
    /// GitLab wants it on every save.
    pub required: bool,
    /// Write-only: typed values go straight to the plan, never to disk.
    pub secret: bool,
    /// Greyed text.
    pub placeholder: String,
    /// Text under it.
    pub help: String,
    /// Text beside a checkbox; blank: the label serves.
    pub checkbox_label: String,
    /// Labels and help that take over while another setting has certain values.
    pub variants: Vec<Variant>,
    /// What may be chosen.
    pub choices: Vec<Choice>,
    /// Shown only if another setting has certain values.
    pub shown_if: Option<ShownIf>,
    /// To be filled in if another setting has certain values, although not on every save.
    pub required_if: Option<ShownIf>,
    /// Its text is the content of a file.
    pub file: Option<TextFile>,
    /// The most characters GitLab takes.
    pub max_length: Option<u32>,
    /// Stored now.
    pub own: Shown,
    /// The default.
    pub default: Shown,
    /// Only the API has it.
    pub api_only: bool,
    /// Deprecated, and by what.
    pub deprecated: Option<String>,
}

/// What a setting is called while another has certain values. The first that holds counts.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Variant {
    /// When it holds.
    pub when: ShownIf,
    /// Label; blank: the usual one.
    pub title: String,
    /// Text under it; blank: the usual one.
    pub help: String,
}

/// A file whose content is a setting's text.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TextFile {
    /// What its name ends with (`.p8`).
    pub extension: String,
    /// The setting that keeps the file's name.
    pub name_field: String,
}

/// A trigger event in the form.
#[derive(Clone, Debug, Serialize, Type)]
pub struct FormEvent {
    /// REST parameter.
    pub name: String,
    /// Label.
    pub title: String,
    /// What fires it.
    pub description: String,
    /// The field with its own channel (a field of the same section).
    pub channel: Option<String>,
    /// Stored now.
    pub own: Option<bool>,
    /// The default.
    pub default: Option<bool>,
}

/// What stands in a form's controls, secrets excepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Draft {
    /// Settings by name.
    pub fields: BTreeMap<String, FieldValue>,
    /// Trigger events by name.
    pub events: BTreeMap<String, bool>,
}

/// What a draft amounts to; asked after each edit.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DraftCheck {
    /// What must be mended, with the control it stands at.
    pub problems: Vec<Problem>,
    /// Where each secret stands.
    pub secrets: Vec<SecretNeed>,
    /// Settings that change, before and after.
    pub changes: Vec<Change>,
    /// Titles that will still differ from the default.
    pub still_differs: Vec<String>,
    /// Titles that cannot be compared with the default.
    pub cannot_compare: Vec<String>,
    /// Settings in the form, those not shown left out.
    pub settings: u32,
    /// What GitLab does besides.
    pub besides: Vec<Besides>,
}

/// Something to mend.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Problem {
    /// The control.
    pub field: String,
    /// Its label.
    pub title: String,
    /// The rule, in words.
    pub message: String,
    /// Nothing was typed yet where something is needed ("to fill in"), rather than wrong ("to fix").
    pub missing: bool,
}

/// Where a secret of the form stands.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SecretNeed {
    /// The control.
    pub field: String,
    /// Its label.
    pub title: String,
    /// Where it stands.
    pub state: SecretState,
    /// Title of the changed setting that makes GitLab drop it.
    pub dropped_by: Option<String>,
    /// The keychain remembers what is needed, for this address: nobody need type it.
    pub remembered: bool,
}

/// Where a secret stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SecretState {
    /// May be left alone: what is stored stays.
    Kept,
    /// Must be entered (again) to save.
    Needed,
    /// Typed now.
    New,
    /// Optional, and left alone it will be dropped.
    Dropped,
}

/// A kept draft.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DraftSummary {
    /// What it would change.
    pub at: IntegrationRef,
    /// Where.
    pub scope: ScopeName,
    /// The integration's title.
    pub title: String,
    /// When it was kept.
    pub kept_at: String,
    /// Why nothing can be planned from it, as far as the local copy tells; none: it can.
    pub why: Option<String>,
}
