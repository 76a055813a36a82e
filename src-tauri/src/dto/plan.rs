//! Plans and what came of them.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::run::{BlastCounts, SecretAsked};
use super::scope::ScopeName;
use super::settings::{Besides, Change, IntegrationRef};

/// What to plan.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChangeRequest {
    /// Back to the default settings.
    UseDefault {
        /// Where.
        at: IntegrationRef,
    },
    /// Save the kept draft as custom settings.
    SetCustom {
        /// Where.
        at: IntegrationRef,
        /// Names of the secret fields whose new values will come with *apply*.
        secrets: Vec<String>,
    },
    /// Switch it off.
    Disable {
        /// Where.
        at: IntegrationRef,
    },
}

/// A plan, to be looked at before anything is sent. Lives until applied, discarded or outdated.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Plan {
    /// Names it for *apply*.
    pub id: String,
    /// When it was made.
    pub made_at: String,
    /// When the data under it was read.
    pub read_at: String,
    /// What would be sent, in order.
    pub steps: Vec<PlanStep>,
    /// Secrets its step needs.
    pub secrets: Vec<SecretAsked>,
    /// Who else is touched, counted. Where anybody is, the plan is looked at as a whole.
    pub blast: BlastCounts,
    /// Requests it will send: read again, write, read back.
    pub requests: u32,
    /// How it must be confirmed.
    pub confirm: Confirm,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Back to the default settings.
    UseDefault,
    /// Custom settings.
    SetCustom,
    /// Switched off, its settings blanked.
    Disable,
    /// Switched on again, with the settings it has.
    Enable,
}

/// One write.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanStep {
    /// Number within the plan.
    pub id: u32,
    /// Where.
    pub scope: ScopeName,
    /// The integration.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it does.
    pub action: Action,
    /// Where the settings will come from, for *use default settings*.
    pub source: Option<ScopeName>,
    /// What changes.
    pub changes: Vec<Change>,
    /// How many settings stay as they are.
    pub same: u32,
    /// What GitLab does besides.
    pub besides: Vec<Besides>,
    /// Secret fields it needs.
    pub secrets: Vec<SecretWanted>,
}

/// A secret that must come with a write.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SecretWanted {
    /// REST parameter.
    pub field: String,
    /// Label.
    pub title: String,
}

/// How a plan must be confirmed.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Confirm {
    /// A dialog.
    Dialog,
    /// Type the number of scopes that change.
    TypeCount {
        /// That number.
        count: u32,
    },
}

/// A secret typed for a plan. Comes in, never goes out.
#[derive(Clone, Deserialize, Type)]
pub struct SecretInput {
    /// REST parameter.
    pub field: String,
    /// What was typed.
    pub value: String,
}

/// What came of a plan.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Run {
    /// Its number in the journal.
    pub run: u32,
    /// Each step, in order.
    pub outcomes: Vec<StepOutcome>,
    /// Why the keychain did not keep a secret that it was to remember.
    pub not_remembered: Option<String>,
}

/// What came of a step.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StepOutcome {
    /// The step.
    pub id: u32,
    /// Where.
    pub scope: ScopeName,
    /// How it ended.
    pub outcome: Outcome,
    /// GitLab's words and ours, where it did not simply work.
    pub why: Option<String>,
    /// After an applied step: what was read back differs from the plan here. For a conflict: what
    /// moved since the plan was made (planned before, found).
    pub unexpected: Vec<Change>,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Written, and read back as planned.
    Applied,
    /// Nothing to do: it already was so.
    Already,
    /// The row moved since the plan was made; nothing was written.
    Conflict,
    /// GitLab refused it.
    Refused,
    /// It could not be sent.
    Failed,
    /// Sent, and what became of it could not be read.
    Unknown,
}
