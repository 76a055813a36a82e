//! `heirloom-bench memory`: the most that a sync of a very large estate holds in memory.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::ours::{Large, Ours};
use crate::failure::{Failure, Result};
use crate::limit::Limit;
use crate::server::{Server, World};
use crate::{machine, programs};

/// Bytes that a sync may hold.
const MOST: f64 = 300e6;

/// The estate that is read.
#[derive(Args)]
pub struct Options {
    /// Projects on the server
    #[arg(long, default_value_t = 100_000)]
    projects: u32,
    /// Groups on the server
    #[arg(long, default_value_t = 10_000)]
    groups: u32,
    /// Active integrations of each project
    #[arg(long, default_value_t = 10)]
    active_per_project: u8,
    /// How many in a hundred of those are custom
    #[arg(long, default_value_t = 10)]
    custom_percent: u8,
    /// Where the table goes [default: results/memory.md of this crate, if the estate is the usual
    /// one]
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
}

/// Syncs from a server without latency, prints what that took, and keeps it.
///
/// # Errors
/// If something could not be run, not everything was read, or the limit was missed.
pub async fn run(options: &Options) -> Result {
    let described = machine::described();
    eprintln!("▸ Starting the simulator");
    let server = Server::start(&options.world()).await?;
    let ours = Ours::connected(&server).await?;
    eprintln!("▸ A first sync");
    let first = ours.large().await?;
    eprintln!("▸ A second, nothing changed");
    let second = ours.large().await?;
    server.stop().await?;
    let scopes = options.projects as usize + options.groups as usize;
    if first.scopes < scopes {
        return Err(Failure::NotTheJob {
            client: "Heirloom".to_owned(),
            what: format!("{} of {scopes} groups and projects", first.scopes),
        });
    }
    let peak = first.peak.max(second.peak);
    let limit = Limit::at_most(
        "peak memory of a sync's process, MB",
        peak.map(|bytes| bytes as f64 / 1e6),
        MOST / 1e6,
    );
    let text = table(options, &described, [&first, &second], &limit);
    println!("{text}");
    if let Some(path) = options.results.clone().or_else(|| options.usual_results()) {
        fs::write(&path, &text).map_err(Failure::file(&path))?;
    }
    if limit.is_missed() { Err(Failure::Missed(vec![limit.to_string()])) } else { Ok(()) }
}

fn table(options: &Options, described: &str, runs: [&Large; 2], limit: &Limit) -> String {
    let mut text = format!("# Memory\n\n{}, {described}.\n", machine::today());
    let _ = writeln!(
        text,
        "{} projects, {} groups, {} active integrations a project of which {} in a hundred are \
         custom; the simulator, in a process of its own, answers without latency. Memory is the \
         most that `heirloomctl sync` ever held, all that is resident counted (VmHWM).\n",
        options.projects, options.groups, options.active_per_project, options.custom_percent
    );
    text.push_str(
        "| sync | groups and projects | rows | requests | seconds | peak MB |\n\
         |---|--:|--:|--:|--:|--:|\n",
    );
    for (name, run) in ["first", "second, nothing changed"].into_iter().zip(runs) {
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {:.1} | {} |",
            run.scopes,
            run.rows,
            run.requests,
            run.seconds,
            run.peak.map_or_else(|| "–".to_owned(), |peak| format!("{:.0}", peak as f64 / 1e6)),
        );
    }
    let _ = writeln!(
        text,
        "\n| promised | measured | must be | |\n|---|--:|---|---|\n| {} | {} | {} | {} |",
        limit.what,
        limit.shown(),
        limit.bound,
        limit.verdict()
    );
    text
}

impl Options {
    const fn world(&self) -> World {
        World {
            projects: self.projects,
            groups: self.groups,
            active_per_project: self.active_per_project,
            custom_percent: self.custom_percent,
            latency_ms: 0,
            workers: None,
        }
    }

    /// The committed table is of the promised size alone.
    fn usual_results(&self) -> Option<PathBuf> {
        let usual = (self.projects, self.groups, self.active_per_project, self.custom_percent)
            == (100_000, 10_000, 10, 10);
        usual.then(|| programs::source("results/memory.md"))
    }
}
