//! What is asked of the local copy alone.

use std::path::PathBuf;

use clap::builder::RangedI64ValueParser;
use clap::{Args, ValueEnum};
use heirloom_core::ids::Level;
use heirloom_core::row::State;

use super::Place;
use crate::since::Since;

/// Nothing at all is never what is wanted to be shown.
fn at_least_one() -> RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..)
}

const FIND: &str = "\
With --json, one document (values of no secret field, each in its own type):
  {\"query\",
   \"scopes\": [{\"level\", \"id\", \"path\", \"name\", \"archived\"}],
   \"values\": [{\"scope\": {\"level\", \"id\", \"path\"}, \"slug\", \"field\", \"value\", \"inherited_by\"}],
   \"totals\": {\"scopes\": {\"n\", \"more\"}, \"values\": {\"n\", \"more\"}}}
A total is counted up to 200; \"more\" says that there are more than that.";

#[derive(Args)]
#[command(after_long_help = FIND)]
pub struct Find {
    /// A part of a name, a path or a value; upper and lower case are the same. Shorter than three
    /// characters, it is looked for at the start of names and paths
    pub query: String,
    /// Show so many scopes and so many values at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = at_least_one())]
    pub limit: u32,
}

const MATRIX: &str = "\
With --json, one document; a row has one cell for each of the slugs, in their order:
  {\"total\", \"slugs\": [],
   \"rows\": [{\"level\", \"id\", \"path\", \"depth\", \"archived\",
             \"cells\": [{\"slug\", \"state\", \"link\", \"agrees\", \"source\": {\"level\", \"id\", \"path\"} | null,
                        \"custom_below\", \"inherited_differs_below\", \"read_at\"}]}]}
States are those of `show`. Counts below leave the scope itself out.";

/// Which of two kinds of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Archived {
    /// All scopes
    Include,
    /// Archived ones alone
    Only,
    /// All but archived ones
    Exclude,
}

/// One of two levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Only {
    /// Groups
    Groups,
    /// Projects
    Projects,
}

#[derive(Args)]
#[command(after_long_help = MATRIX)]
pub struct Matrix {
    #[command(flatten)]
    pub place: Place,
    /// Groups alone, or projects alone
    #[arg(long, value_enum)]
    pub only: Option<Only>,
    /// This integration; may be given several times [default: every one that has a row]
    #[arg(long = "integration", value_name = "SLUG")]
    pub integrations: Vec<String>,
    /// Scopes where one of the integrations is in this state; may be given several times
    #[arg(long = "state", value_name = "STATE", value_parser = state)]
    pub states: Vec<State>,
    /// Archived scopes
    #[arg(long, value_enum, default_value_t = Archived::Include)]
    pub archived: Archived,
    /// Show so many scopes at most
    #[arg(long, value_name = "N", value_parser = at_least_one())]
    pub limit: Option<u32>,
}

const COMPARE: &str = "\
With --json, one document:
  {\"a\": {\"level\", \"id\", \"path\"}, \"b\": {\"level\", \"id\", \"path\"},
   \"integrations\": [{\"slug\",
     \"a\": {\"state\", \"link\", \"active\", \"source\": {\"level\", \"id\", \"path\"} | null, \"values\", \"read_at\"},
     \"b\": the same,
     \"same\", \"differs\": [names], \"cannot_compare\": [names],
     \"settings\": [{\"name\", \"verdict\", \"secret\", \"a\", \"b\"}]}]}
\"settings\" leaves out what is the same on both sides, or set on neither. A verdict is one of
differs, cannot_compare, one_sided. \"values\" says where a side's fields are from: read, source (of
an inheriting row that was not read, whose source's they are), unread; null: there is no row.";

#[derive(Args)]
#[command(after_long_help = COMPARE)]
pub struct Compare {
    /// Full path of a group or project; `instance` for the instance
    pub a: String,
    /// The other
    pub b: String,
    /// One integration [default: every one that either has]
    pub slug: Option<String>,
    /// `group` or `project`, where a path is both
    #[arg(long)]
    pub level: Option<Level>,
}

const HISTORY: &str = "\
With --json, one document, latest first:
  {\"since\", \"total\",
   \"changes\": [{\"at\", \"scope\": {\"level\", \"id\", \"path\"}, \"slug\", \"what\", \"before\", \"after\", \"sync\", \"run\"}],
   \"steps\": [{\"run\", \"number\", \"scope\": {\"level\", \"id\", \"path\"}, \"slug\", \"action\", \"outcome\", \"why\",
              \"at\", \"sent_at\", \"ended_at\"}]}
\"what\" is state, source, field:NAME, event:NAME; and of the scope itself, with no slug, scope (true:
it is there) or path. \"run\" is Heirloom's own run that did it; null: nobody knows who did it. A side
that is null is not known, or not set. \"at\" is when a change was noticed: it happened at some time
since the reading before. An outcome that is null is open: of a step with \"sent_at\" nobody knows yet
whether GitLab took it, one without was not sent.

With --runs --json, one document, latest first:
  {\"runs\": [{\"run\", \"state\", \"slug\", \"undoes\", \"planned_at\", \"started_at\", \"finished_at\", \"steps\",
            \"applied\", \"already\", \"conflicts\", \"refused\", \"failed\", \"unknown\", \"remaining\"}]}
\"state\" is one of running, paused, ended. A run that is running or paused goes on with
apply --resume, if no program is at it.";

#[derive(Args)]
#[command(after_long_help = HISTORY)]
pub struct History {
    #[command(flatten)]
    pub place: Place,
    /// Of this integration alone
    #[arg(long, value_name = "SLUG")]
    pub integration: Option<String>,
    /// From then on: a time such as 2026-11-14T09:00:00Z, a day (in UTC), a time ago such as 7d or
    /// 12h, or `last-sync`
    #[arg(long, value_name = "T")]
    pub since: Option<Since>,
    /// Show so many changes and so many steps at most
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = at_least_one())]
    pub limit: u32,
    /// Heirloom's own runs, one on each line, in place of changes and steps
    #[arg(long, conflicts_with_all = ["path", "integration", "since"])]
    pub runs: bool,
}

const DRIFT: &str = "\
With --json, one document:
  {\"since\", \"until\", \"changes\",
   \"by_kind\": [{\"slug\", \"scopes\", \"states\", \"settings\", \"changes\"}],
   \"by_sync\": [{\"sync\", \"run\", \"at\", \"changes\"}],
   \"scopes\": [{\"scope\": {\"level\", \"id\", \"path\"},
               \"changes\": [{\"at\", \"slug\", \"what\", \"before\", \"after\", \"sync\", \"run\"}]}]}
Changes are those of `history`, earliest first within a scope; what changed twice is there twice. A
kind without a slug is the scopes themselves.";

#[derive(Args)]
#[command(after_long_help = DRIFT)]
pub struct Drift {
    /// From then on: a time such as 2026-11-14T09:00:00Z, a day (in UTC), a time ago such as 7d or
    /// 12h, or `last-sync`
    #[arg(long, value_name = "T")]
    pub since: Since,

    /// Writes every change to a file
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// What to write there [default: as the file's name ends]
    #[arg(long, value_enum, requires = "output")]
    pub format: Option<ChangesFile>,
}

/// What a file of changes looks like.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChangesFile {
    /// One JSON document
    Json,
    /// One line per change, safe to open in a spreadsheet
    Csv,
}

fn state(text: &str) -> Result<State, String> {
    State::ALL.into_iter().find(|state| state.name() == text).ok_or_else(|| {
        let names: Vec<&str> = State::ALL.into_iter().map(State::name).collect();
        format!("use one of {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::FIND;

    #[test]
    fn the_help_says_how_far_totals_are_counted() {
        let counted = heirloom_engine::query::find::COUNTED;
        assert!(FIND.contains(&format!("counted up to {counted};")), "{FIND}");
    }
}
