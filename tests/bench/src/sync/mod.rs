//! `heirloom-bench sync`: ours and the peers read the same server whole; how many requests that
//! takes, how long, and who else feels it.

mod change;
mod limits;
pub mod memory;
mod ours;
mod peers;
mod polite;
mod rows;
mod table;
mod terms;
mod truth;

use std::fs;
use std::path::PathBuf;

use clap::Args;

use crate::failure::{Failure, Result};
use crate::server::{Server, World};
use crate::{machine, programs};
use ours::{Ours, Pace};
use rows::Rows;
use terms::{First, Second};
use truth::Truth;

/// The world that is read, and how.
#[derive(Args)]
pub struct Options {
    /// Projects on the server
    #[arg(long, default_value_t = 5_000)]
    pub projects: u32,
    /// Groups on the server
    #[arg(long, default_value_t = 400)]
    pub groups: u32,
    /// Active integrations of each project
    #[arg(long, default_value_t = 5)]
    pub active_per_project: u8,
    /// How many in a hundred of those are custom
    #[arg(long, default_value_t = 10)]
    pub custom_percent: u8,
    /// What each answer takes longer, in milliseconds
    #[arg(long, default_value_t = 25)]
    pub latency_ms: u32,
    /// Requests in flight for the peers, and for ours where it does not adapt
    #[arg(long, default_value_t = 8)]
    pub in_flight: usize,
    /// Workers of the server whose other users are asked how they feel
    #[arg(long, default_value_t = 16)]
    pub workers: u32,
    /// Leave the peers out, which need most of the time: nothing is compared with them then
    #[arg(long)]
    pub no_peers: bool,
    /// Where the table goes [default: results/sync.md of this crate, if the world is the usual one
    /// and the peers are in]
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
}

/// One client's run.
pub struct Run {
    /// Who.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its requests in flight, in words.
    pub in_flight: String,
    /// Requests, as the server counted them.
    pub requests: u64,
    /// The same by kind of call, where the client tells.
    pub by_kind: Vec<(String, u64)>,
    /// From the first request until everything is held.
    pub seconds: f64,
    /// Seconds by phase, where the client tells.
    pub phases: Vec<(String, f64)>,
    /// Groups and projects it saw.
    pub scopes: usize,
    /// What it ended with.
    pub rows: Rows,
    /// The most memory it held, in bytes.
    pub peak: Option<u64>,
}

/// Everything that was measured.
pub struct Measured {
    /// The peers' runs.
    pub peers: Vec<Run>,
    /// Ours at the peers' concurrency.
    pub fixed: Run,
    /// Ours as it is.
    pub adaptive: Run,
    /// What a first sync had to ask.
    pub first: First,
    /// Ours, after some rows changed.
    pub again: Run,
    /// What that sync had to ask.
    pub second: Second,
    /// What another client of the server felt, alone and during our sync.
    pub polite: polite::Felt,
}

impl Measured {
    /// The fastest peer.
    pub fn fastest(&self) -> Option<&Run> {
        self.peers.iter().min_by(|a, b| a.seconds.total_cmp(&b.seconds))
    }
}

/// Runs it all, prints the table, and keeps it.
///
/// # Errors
/// If something could not be run, a client did less than the whole job, or a limit was missed.
pub async fn run(options: &Options) -> Result {
    let machine = machine::described();
    let measured = measure(options).await?;
    let limits = limits::of(options, &measured);
    let table = table::of(options, &machine, &measured, &limits);
    println!("{table}");
    if let Some(path) = options.results.clone().or_else(|| options.usual_results()) {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        }
        fs::write(&path, &table).map_err(Failure::file(&path))?;
    }
    let missed: Vec<String> =
        limits.iter().filter(|limit| limit.is_missed()).map(ToString::to_string).collect();
    if missed.is_empty() { Ok(()) } else { Err(Failure::Missed(missed)) }
}

async fn measure(options: &Options) -> Result<Measured> {
    say("Starting the simulator");
    let server = Server::start(&options.world(None)).await?;
    let truth = Truth::read(&server).await?;
    say(&format!("It holds {} active rows of groups and projects", truth.rows().len()));
    let mut peers = Vec::new();
    if !options.no_peers {
        for peer in peers::PEERS {
            say(&format!("{}, {} in flight", peer.name, options.in_flight));
            peers.push(checked(peers::run(peer, &server, options.in_flight).await?, &truth)?);
        }
    }
    say(&format!("Heirloom, {} in flight", options.in_flight));
    let ours = Ours::connected(&server).await?;
    let fixed = checked(ours.sync(&server, Pace::Fixed(options.in_flight)).await?, &truth)?;
    say("Heirloom, adaptive");
    let ours = Ours::connected(&server).await?;
    let adaptive = checked(ours.sync(&server, Pace::Adaptive).await?, &truth)?;
    let first = First::of(&truth);
    say("Heirloom, again after one row in a hundred changed");
    let changed = change::one_in_a_hundred(&server, &truth).await?;
    let after = Truth::read(&server).await?;
    let again = checked(ours.sync(&server, Pace::Adaptive).await?, &after)?;
    let second = Second::of(&after, &changed);
    server.stop().await?;
    for peer in &peers {
        as_much_as(&adaptive, peer)?;
    }
    say(&format!("Another client of a server with {} workers", options.workers));
    let polite = polite::measure(options).await?;
    Ok(Measured { peers, fixed, adaptive, first, again, second, polite })
}

/// Nobody is faster by doing less.
fn checked(run: Run, truth: &Truth) -> Result<Run> {
    eprintln!("  {} requests in {:.1} s", run.requests, run.seconds);
    match truth.lacking(&run) {
        None => Ok(run),
        Some(what) => Err(Failure::NotTheJob { client: run.name, what }),
    }
}

/// Ours holds every setting that a peer read.
fn as_much_as(ours: &Run, peer: &Run) -> Result {
    match ours.rows.without(&peer.rows) {
        0 => Ok(()),
        missing => Err(Failure::NotTheJob {
            client: ours.name.clone(),
            what: format!("{missing} settings that {} read are missing", peer.name),
        }),
    }
}

fn say(what: &str) {
    eprintln!("▸ {what}");
}

impl Options {
    /// The server that is read, with so many workers or as many as anybody wants.
    fn world(&self, workers: Option<u32>) -> World {
        World {
            projects: self.projects,
            groups: self.groups,
            active_per_project: self.active_per_project,
            custom_percent: self.custom_percent,
            latency_ms: self.latency_ms,
            workers,
        }
    }

    /// The committed table is of the promised world alone.
    fn usual_results(&self) -> Option<PathBuf> {
        let usual = (self.projects, self.groups, self.active_per_project, self.custom_percent)
            == (5_000, 400, 5, 10)
            && (self.latency_ms, self.in_flight, self.workers) == (25, 8, 16);
        (usual && !self.no_peers).then(|| programs::source("results/sync.md"))
    }
}
