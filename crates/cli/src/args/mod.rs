//! What may be typed.

mod ask;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use heirloom_core::ids::Level;
use heirloom_core::row::State;
use heirloom_engine::Safety;
use heirloom_simulator::{Even, FaultPlan};

pub use self::ask::{Archived, ChangesFile, Compare, Drift, Find, History, Matrix, Only};

/// Which GitLab integrations are on, inherited or custom, for thousands of projects at once.
///
/// Everything but `connect`, `sync` and `doctor` is answered from the local copy. Exit status: 0
/// done, 1 partly done, 2 wrong usage, 3 nothing done.
#[derive(Parser)]
#[command(name = "heirloomctl", version, propagate_version = true)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Args)]
pub struct Common {
    /// Where all local data is kept [default: the app's own folder]
    #[arg(long, global = true, env = "HEIRLOOM_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Which connection: its name or number. May be left out where there is only one
    #[arg(long, global = true, value_name = "N")]
    pub instance: Option<String>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Check a GitLab and a token, and save them as a connection
    Connect(Connect),
    /// Remove a connection with its token and all its local data
    Disconnect {
        /// Its name or number
        #[arg(value_name = "N")]
        connection: String,
        /// Show what would be removed, and remove nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// List the connections
    Instances,
    /// Read GitLab into the local copy
    Sync(Sync),
    /// Show groups and projects with their counts
    Tree {
        #[command(flatten)]
        place: Place,
    },
    /// Show the integrations of a scope, or one of them: default and own settings side by side
    Show(Show),
    /// Find names, paths and values
    Find(Find),
    /// Show scopes and integrations as a table of states
    Matrix(Matrix),
    /// Show two scopes side by side, and the settings that differ
    Compare(Compare),
    /// Show what changed at a scope and below, and what Heirloom did there
    History(History),
    /// Show all that changed since a time
    Drift(Drift),
    /// Show what is known about integrations: fields, types, trigger events
    Catalog {
        /// One integration alone
        slug: Option<String>,
    },
    /// Write the local copy as a file for other programs
    Export(Export),
    /// Plan a change of one integration at many scopes, from the local copy. Nothing is sent
    Plan(Planning),
    /// Apply a plan file: each step reads its row again, writes it and reads it back
    Apply(Applying),
    /// Take a run back, as far as GitLab's API can: shown first with --dry-run
    Undo(OfRun),
    /// Plan again what a run did not do, and apply it: what did not work, and, once it is over, what
    /// was never sent. Shown first with --dry-run
    Again(OfRun),
    /// Show or change what is set for all connections
    Settings {
        /// Keep history for so many days, 7 to 3650; what is older goes with the next sync
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(7..=3650))]
        keep_history: Option<u32>,
        /// Apply a plan only while what it rests on was read within so many hours, 1 to 744
        #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(1..=744))]
        plan_data: Option<u32>,
        /// Show what would be set, and set nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Check the data folder, the keychain and every connection
    Doctor,
    /// Write what a shell needs to complete these commands
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Serve a pretended GitLab on this computer, to try things out
    DemoServer(DemoServer),
}

#[derive(Args)]
pub struct Connect {
    /// The GitLab's address, with its sub-path if it has one
    #[arg(long)]
    pub url: String,
    /// What to call it [default: its host name]
    #[arg(long)]
    pub name: Option<String>,
    /// Read the token from standard input and keep it in the keychain. Without this it comes from
    /// HEIRLOOM_TOKEN and is not kept
    #[arg(long)]
    pub token_stdin: bool,
    /// Your company's own certificate authority, PEM
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Consent to an unencrypted connection that leaves this computer
    #[arg(long)]
    pub allow_plain_http: bool,
    /// How much is asked before changes
    #[arg(long, value_enum, default_value_t = Asking::ConfirmLarge)]
    pub safety: Asking,
    /// Check the GitLab and the token, and save nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// How much is asked before changes.
#[derive(Clone, Copy, ValueEnum)]
pub enum Asking {
    /// Nothing is ever written
    ReadOnly,
    /// Every change is confirmed with --confirm
    ConfirmEach,
    /// Changes of many scopes are
    ConfirmLarge,
}

impl From<Asking> for Safety {
    fn from(asking: Asking) -> Self {
        match asking {
            Asking::ReadOnly => Self::ReadOnly,
            Asking::ConfirmEach => Self::ConfirmEach,
            Asking::ConfirmLarge => Self::ConfirmLarge,
        }
    }
}

/// A scope.
#[derive(Args)]
pub struct Place {
    /// Full path of a group or project; `instance` for the instance
    pub path: Option<String>,
    /// `group` or `project`, where a path is both
    #[arg(long)]
    pub level: Option<Level>,
}

#[derive(Args)]
pub struct Sync {
    #[command(flatten)]
    pub place: Place,
    /// Read again also what seems unchanged
    #[arg(long)]
    pub full: bool,
    /// Ask for this integration by name, wherever the list of a scope does not show it: finds rows
    /// that are switched off. The cost is said before it starts
    #[arg(long, value_name = "SLUG", conflicts_with = "full")]
    pub deep: Option<String>,
    /// Keep so many requests under way, in place of as many as suit the server
    #[arg(long, value_name = "N")]
    pub in_flight: Option<NonZeroUsize>,
    /// Show how many requests it would take, and read nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args)]
pub struct Show {
    /// Full path of a group or project; `instance` for the instance
    pub path: String,
    /// One integration, side by side
    pub slug: Option<String>,
    /// `group` or `project`, where a path is both
    #[arg(long)]
    pub level: Option<Level>,
}

/// What a plan does.
#[derive(Clone, Copy, ValueEnum)]
pub enum What {
    /// Back to the default settings
    UseDefault,
    /// Custom settings, given with --field
    Set,
    /// Switch off
    Disable,
    /// Switch on again, with the settings that are stored
    Enable,
    /// The settings of another scope, given with --from
    Copy,
}

#[derive(Args)]
pub struct Planning {
    /// What to do
    #[arg(value_enum)]
    pub what: What,
    /// Full paths, and the integration last
    #[arg(required = true, value_name = "PATH… SLUG")]
    pub places: Vec<String>,
    /// More paths, one on each line of a file
    #[arg(long, value_name = "FILE")]
    pub paths_from: Option<PathBuf>,
    /// Everything below the paths, subgroups included, in place of themselves. Archived projects
    /// are left out and listed
    #[arg(long)]
    pub recursive: bool,
    /// `group` or `project`, where a path is both
    #[arg(long)]
    pub level: Option<Level>,
    /// A setting: name=value. Repeat it for more
    #[arg(long, value_name = "K=V")]
    pub field: Vec<String>,
    /// A secret that will be given a new value when the plan is applied
    #[arg(long, value_name = "K", num_args = 1..)]
    pub secret_stdin: Vec<String>,
    /// Whose settings to copy
    #[arg(long, value_name = "PATH")]
    pub from: Option<String>,
    /// Of those below, only this level
    #[arg(long, value_name = "LEVEL")]
    pub only: Option<Level>,
    /// Of those below, only in this state. Repeat it for more
    #[arg(long, value_parser = state)]
    pub state: Vec<State>,
    /// Of those below, only of this visibility
    #[arg(long, value_parser = ["private", "internal", "public"])]
    pub visibility: Option<String>,
    /// Of those below, only where name or path holds this text
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Of those below, only where a setting that is no secret holds this text
    #[arg(long, value_name = "TEXT")]
    pub value: Option<String>,
    /// Archived projects, too
    #[arg(long)]
    pub archived: bool,
    /// Ask GitLab about the scopes that may be switched on; before a whole subtree goes back to
    /// default or on again, about those that are off, too: a request each
    #[arg(long)]
    pub ask: bool,
    /// Leave the step of this scope out, with those that need it; may be given several times
    #[arg(long = "leave-out", value_name = "PATH")]
    pub leave_out: Vec<String>,
    /// Where to write the plan [default: shown only]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Show the plan; ask nobody, and write no file
    #[arg(long)]
    pub dry_run: bool,
}

/// What goes with applying.
#[derive(Args)]
pub struct Given {
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How many scopes are touched: asked for where they are many
    #[arg(long, value_name = "N")]
    pub confirm: Option<u32>,
    /// Secrets for every step, read from standard input: one line for each name, in order
    #[arg(long, value_name = "K", num_args = 1..)]
    pub secret_stdin: Vec<String>,
    /// Secrets of single scopes, from a JSON file: {"group/project": {"password": "…"}}
    #[arg(long, value_name = "FILE")]
    pub secrets_from: Option<PathBuf>,
    /// Let the keychain remember these secrets, for undo and repeats
    #[arg(long)]
    pub remember_secrets: bool,
}

#[derive(Args)]
pub struct Applying {
    /// The plan
    #[arg(value_name = "plan.json")]
    pub plan: Option<PathBuf>,
    /// Go on with a run that was paused or cut short
    #[arg(long, value_name = "RUN", conflicts_with = "plan")]
    pub resume: Option<u32>,
    #[command(flatten)]
    pub given: Given,
}

#[derive(Args)]
pub struct OfRun {
    /// The run's number: heirloomctl history shows them
    pub run: u32,
    /// Only this step of it. Repeat it for more
    #[arg(long, value_name = "N")]
    pub step: Vec<u32>,
    /// Write the plan as a file, and do nothing
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub given: Given,
}

fn state(text: &str) -> Result<State, String> {
    let name = text.replace('-', "_");
    let known = State::ALL.into_iter().find(|state| state.name() == name);
    known.ok_or_else(|| {
        let names: Vec<&str> = State::ALL.iter().map(|state| state.name()).collect();
        format!("one of {}", names.join(", "))
    })
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    /// One JSON document
    Json,
    /// One line per integration row, safe to open in a spreadsheet
    Csv,
    /// One page with counts, matrix, overrides and changes, safe to mail
    Html,
}

#[derive(Args)]
pub struct Export {
    /// What to write
    #[arg(long, value_enum)]
    pub format: Format,
    /// Where to [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

#[derive(Args)]
pub struct DemoServer {
    /// Port on this computer; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// A generated world with so many projects, in place of the demo company
    #[arg(long, value_name = "N")]
    pub projects: Option<u32>,
    /// A generated world with so many groups
    #[arg(long, value_name = "N")]
    pub groups: Option<u32>,
    /// Makes a generated world the same each time
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// A generated world in which every project has so many active integrations, to measure with
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=Even::MOST_ACTIVE as i64))]
    pub active_per_project: Option<u8>,
    /// How many in a hundred of those have custom settings
    #[arg(long, value_name = "P", default_value_t = 10, requires = "active_per_project")]
    #[arg(value_parser = clap::value_parser!(u8).range(..=100))]
    pub custom_percent: u8,
    /// Milliseconds that every answer takes longer
    #[arg(long, default_value_t = 0, value_name = "L")]
    pub latency_ms: u64,
    /// Answer at most so many requests at once, as a real server's pool of workers does
    #[arg(long, value_name = "N")]
    pub workers: Option<NonZeroUsize>,
    /// Faults at random, such as 429=0.05,latency=20..80,drop=0.01;path=/integrations;seed=7
    #[arg(long, value_name = "PLAN")]
    pub fault: Option<FaultPlan>,
    /// The release it claims to be, such as 17.8.0-ee
    #[arg(long, value_name = "V")]
    pub gitlab_version: Option<String>,
    /// The limits that GET /groups, /projects … have on real servers since 18.1 [default: on where
    /// --gitlab-version is given, else off]
    #[arg(long, value_name = "SWITCH")]
    pub endpoint_throttles: Option<Switch>,
}
