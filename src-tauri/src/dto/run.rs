//! Plans and runs as a whole, and their steps a window at a time.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::bulk::About;
use super::catalog::Category;
use super::plan::{Action, Confirm, Outcome, PlanStep, SecretWanted};
use super::scope::ScopeRef;
use super::settings::Change;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// A plan: nothing of it was sent.
    Planned,
    /// It is being applied.
    Running,
    /// It was being applied when its program ended, and can go on.
    Interrupted,
    /// Stopped before its end; it can go on.
    Paused,
    /// It is over.
    Ended,
}

/// A plan or run in one line.
#[derive(Clone, Debug, Serialize, Type)]
pub struct RunSummary {
    /// Its number.
    pub run: u32,
    /// How far it is. Of one that is not shown by itself, *running* may be *interrupted*.
    pub state: RunState,
    /// The integration's dashed name.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// For the icon.
    pub category: Category,
    /// What it was asked for.
    pub about: About,
    /// When it was planned.
    pub planned_at: String,
    /// When the plan gets too old to be applied.
    pub expires_at: String,
    /// When it was begun; `null`: not yet.
    pub started_at: Option<String>,
    /// When it ended.
    pub finished_at: Option<String>,
    /// Its steps, without those left out.
    pub counts: RunCounts,
    /// Steps that a plan leaves out; a run has none.
    pub left_out: u32,
    /// Scopes that were as wanted already.
    pub same: u32,
    /// Scopes that were left out.
    pub skipped: u32,
}

/// A secret that some steps need.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SecretAsked {
    /// REST parameter.
    pub field: String,
    /// Label.
    pub title: String,
    /// Steps that need it.
    pub steps: u32,
    /// Of those, how many find it in the keychain.
    pub remembered: u32,
}

/// Steps that lack the same secrets.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MissingSecrets {
    /// REST parameters.
    pub fields: Vec<String>,
    /// How many lack just these.
    pub steps: u32,
}

/// A secret that the keychain remembers.
#[derive(Clone, Debug, Serialize, Type)]
pub struct KeptSecret {
    /// Label.
    pub title: String,
    /// Of how many scopes.
    pub scopes: u32,
}

/// Why scopes were left out.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SkipReason {
    /// The reason.
    pub why: String,
    /// How many.
    pub scopes: u32,
}

/// How far those are looked up whom a plan may switch on.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct AskProgress {
    /// How many were read.
    pub read: u32,
    /// Of how many; 0: not known yet.
    pub total: u32,
}

/// GitLab asked to wait.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct ServerPause {
    /// Seconds to its end.
    pub seconds: u32,
    /// All requests wait; else those of one sort, while others go on.
    pub all: bool,
}

/// What all steps of a plan come to, without those left out.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanSums {
    /// Settings that change, those that change most often first.
    pub settings: Vec<SettingSum>,
    /// Steps after which secrets are gone that GitLab never gives back.
    pub losing: u32,
}

/// One setting over all steps.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SettingSum {
    /// As the first of the steps changes it.
    pub first: Change,
    /// How many change it.
    pub steps: u32,
    /// How many different values it has before.
    pub befores: u32,
    /// And after.
    pub afters: u32,
}

/// Some steps of a plan.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChosenSteps {
    /// By number.
    Numbers {
        /// Which.
        steps: Vec<u32>,
    },
    /// All that a look for them finds.
    Matching {
        /// Which.
        query: StepQuery,
    },
}

/// Steps that nobody named, and that went along with those that were.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Along {
    /// How many.
    pub steps: u32,
    /// The paths of the first.
    pub first: Vec<String>,
}

/// Steps by outcome.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct RunCounts {
    /// All.
    pub steps: u32,
    /// Written, and read back.
    pub applied: u32,
    /// Nothing to do.
    pub already: u32,
    /// Moved since it was planned.
    pub conflicts: u32,
    /// Refused by GitLab.
    pub refused: u32,
    /// Could not be sent.
    pub failed: u32,
    /// Sent, and not read back.
    pub unknown: u32,
    /// Without an outcome.
    pub open: u32,
}

/// What waits for a person.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Tray {
    /// Plans that were not applied, latest first.
    pub plans: Vec<RunSummary>,
    /// Runs under way, paused or interrupted.
    pub open: Vec<RunSummary>,
}

/// Some runs of many.
#[derive(Clone, Debug, Serialize, Type)]
pub struct RunPage {
    /// How many there are.
    pub total: u32,
    /// Those asked for, latest first.
    pub rows: Vec<RunSummary>,
}

/// A plan, to be looked at before anything is sent. Its steps come a window at a time.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanReview {
    /// What it is.
    pub summary: RunSummary,
    /// Requests it will send: read again, write, read back.
    pub requests: u32,
    /// Seconds that takes, or more, as fast as GitLab answered last; `null`: that is not
    /// known, or less than one.
    pub seconds: Option<u32>,
    /// Secrets that some steps need, asked once for all.
    pub secrets: Vec<SecretAsked>,
    /// What single steps lack of them: a step can be applied once all of it is given.
    pub missing: Vec<MissingSecrets>,
    /// Why scopes were left out, most first.
    pub reasons: Vec<SkipReason>,
    /// Those whom it may switch on are being looked up.
    pub asking: Option<AskProgress>,
    /// Who else is touched, counted.
    pub blast: BlastCounts,
    /// How it must be confirmed.
    pub confirm: Confirm,
    /// The command of heirloomctl that makes the same plan; `null`: only its file says it.
    pub command: Option<String>,
}

/// Who else is touched, counted.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct BlastCounts {
    /// Inheritors that will change.
    pub change: u32,
    /// Will be switched on for the first time.
    pub switch_on: u32,
    /// May be switched on: not looked up.
    pub maybe: u32,
    /// Keep their custom settings.
    pub keep: u32,
    /// Cannot be seen.
    pub unseen: u32,
}

/// How somebody else is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Touch {
    /// Inherits, and changes.
    Change,
    /// Is switched on for the first time.
    SwitchOn,
    /// May be switched on.
    Maybe,
    /// Keeps its custom settings.
    Keep,
    /// Cannot be seen.
    Unseen,
}

/// A run as it stands.
#[derive(Clone, Debug, Serialize, Type)]
pub struct RunView {
    /// What it is.
    pub summary: RunSummary,
    /// It is being applied here.
    pub progress: Option<RunProgress>,
    /// Another program is applying it.
    pub elsewhere: Option<String>,
    /// Why it stopped before its end, where that is known.
    pub left: Option<String>,
    /// How far what it changed came to those who inherit it.
    pub following: Option<Following>,
    /// Steps that did not simply work and that nobody decided on yet.
    pub needs_you: u32,
    /// Secrets that steps still to be done need: what was typed is forgotten.
    pub secrets: Vec<SecretAsked>,
    /// What single steps lack of them.
    pub missing: Vec<MissingSecrets>,
    /// What the keychain remembers of it.
    pub kept: Vec<KeptSecret>,
    /// Why the keychain did not keep a secret that it was to remember.
    pub not_remembered: Option<String>,
    /// Why scopes were left out, most first.
    pub reasons: Vec<SkipReason>,
}

/// How fast it goes.
#[derive(Clone, Debug, Serialize, Type)]
pub struct RunProgress {
    /// Steps a second since it was begun, or gone on with.
    pub rate: f64,
    /// Seconds to its end at that rate; `null`: not known yet.
    pub seconds_left: Option<u32>,
    /// *Pause* or *Cancel* was asked for: steps under way are ended.
    pub stopping: bool,
    /// GitLab asked to wait.
    pub paused: Option<ServerPause>,
}

/// How far a changed default came.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct Following {
    /// Scopes that inherit it.
    pub inherit: u32,
    /// Of those, how many are read.
    pub read: u32,
    /// Of those, how many have the new settings.
    pub matching: u32,
    /// Scopes of which the plan could not tell: they are looked at once.
    pub maybe: Looked,
    /// Nothing is read again any more.
    pub over: bool,
}

/// Scopes that were looked at.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct Looked {
    /// How many there are.
    pub count: u32,
    /// Of those, how many were read.
    pub read: u32,
    /// Of those, how many have the new settings.
    pub matching: u32,
}

/// Which steps are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum WhichSteps {
    /// All of them.
    All,
    /// Those that did not simply work.
    NeedsYou,
    /// Those without an outcome.
    Open,
    /// Those that are as planned.
    Done,
    /// Those that the plan leaves out.
    LeftOut,
    /// Those that need a secret.
    Secret,
}

/// Which steps are asked for.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct StepQuery {
    /// By outcome.
    pub which: WhichSteps,
    /// Only those that do this.
    pub action: Option<Action>,
    /// Their path holds this text.
    pub text: String,
}

/// How many steps do something.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct StepGroup {
    /// What they do.
    pub action: Action,
    /// How many, those left out too.
    pub steps: u32,
    /// Of those, how many the plan leaves out.
    pub left_out: u32,
}

/// Some steps of many.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StepPage {
    /// How many there are.
    pub total: u32,
    /// Those asked for, in order.
    pub rows: Vec<StepRow>,
}

/// A step in one line.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StepRow {
    /// Its number.
    pub number: u32,
    /// Where.
    pub scope: ScopeRef,
    /// The path when it was planned.
    pub path: String,
    /// What it does.
    pub action: Action,
    /// How many settings change.
    pub changes: u32,
    /// It needs a secret.
    pub secret: bool,
    /// Secrets that it needs and the keychain does not remember.
    pub lacks: Vec<SecretWanted>,
    /// The plan leaves it out.
    pub left_out: bool,
    /// It does since it needs the step of this scope, which is left out.
    pub left_out_with: Option<String>,
    /// How it ended; `null`: not yet.
    pub outcome: Option<Outcome>,
    /// It was sent, and has no outcome yet.
    pub sent: bool,
    /// A person left it as GitLab has it.
    pub kept: bool,
    /// GitLab's words and ours.
    pub why: Option<String>,
    /// Seconds from its first request to its end.
    pub seconds: Option<f64>,
}

/// A step with all there is to know of it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StepDetail {
    /// In one line.
    pub row: StepRow,
    /// What was planned.
    pub step: PlanStep,
    /// Applied: what was read back differs from the plan here. Conflict: what moved since the
    /// plan was made (planned before, found).
    pub unexpected: Vec<Change>,
    /// When it ended.
    pub ended_at: Option<String>,
}

/// Some scopes of many.
#[derive(Clone, Debug, Serialize, Type)]
pub struct AsidePage {
    /// How many there are.
    pub total: u32,
    /// Those asked for.
    pub rows: Vec<Aside>,
}

/// A scope beside a plan: left out, or touched by it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Aside {
    /// Which.
    pub scope: ScopeRef,
    /// Its path.
    pub path: String,
    /// Why it is left out.
    pub why: Option<String>,
}
