//! `heirloom-soak sync` and `apply`: what the tests do a few times, done until it would have shown. Prints
//! its counts, and fails with the first thing that is wrong and unsaid.
#![allow(clippy::expect_used, reason = "a soak that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use futures::{StreamExt as _, stream};
use heirloom_it::{
    ALL_FAULTS, Applies, Change, FaultRun, Kills, apply_under_faults, kill_again_and_again,
    kill_applies, under_faults,
};

/// Long runs. `cargo xtask soak` builds what they need and starts them.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    soak: Soak,
}

#[derive(Subcommand)]
enum Soak {
    /// Syncs under faults at random, and killed at random moments
    Sync {
        /// Runs under faults, each with a seed of its own
        #[arg(long, default_value_t = 200)]
        seeds: u64,
        /// Runs killed with SIGKILL
        #[arg(long, default_value_t = 1_000)]
        kills: u32,
        /// The first seed
        #[arg(long, default_value_t = 1)]
        from: u64,
        /// Runs at the same time
        #[arg(long, default_value_t = 6)]
        at_once: usize,
        /// The heirloomctl to kill; beside this program, unless said otherwise
        #[arg(long)]
        heirloomctl: Option<PathBuf>,
    },
    /// Applies under faults at random with a second admin about, and killed at random moments
    Apply {
        /// Runs under faults, each with a seed of its own
        #[arg(long, default_value_t = 120)]
        seeds: u64,
        /// Programs killed with SIGKILL
        #[arg(long, default_value_t = 1_000)]
        kills: u32,
        /// Steps of each run
        #[arg(long, default_value_t = 2_000)]
        steps: u32,
        /// The first seed
        #[arg(long, default_value_t = 1)]
        from: u64,
        /// Servers at the same time, each with a run
        #[arg(long, default_value_t = 2)]
        at_once: usize,
        /// The heirloomctl to kill; beside this program, unless said otherwise
        #[arg(long)]
        heirloomctl: Option<PathBuf>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let wrong = match Arguments::parse().soak {
        Soak::Sync { seeds, kills, from, at_once, heirloomctl } => {
            let mut wrong = faults(from, seeds, at_once).await;
            wrong.extend(killed(&beside(heirloomctl), from, kills, at_once).await);
            wrong
        }
        Soak::Apply { seeds, kills, steps, from, at_once, heirloomctl } => {
            let mut wrong = hindered(from, seeds, at_once).await;
            wrong.extend(applies(&beside(heirloomctl), kills, steps, from, at_once).await);
            wrong
        }
    };
    for what in &wrong {
        eprintln!("✗ {what}");
    }
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn beside(heirloomctl: Option<PathBuf>) -> PathBuf {
    heirloomctl.unwrap_or_else(|| {
        let own = std::env::current_exe().expect("the path of this program");
        own.with_file_name(format!("heirloomctl{}", std::env::consts::EXE_SUFFIX))
    })
}

/// Steps of a run under faults.
const HINDERED: u32 = 100;

async fn hindered(from: u64, seeds: u64, at_once: usize) -> Vec<String> {
    let runs = (from..from + seeds).zip(Change::ALL.into_iter().cycle());
    let mut runs = stream::iter(runs)
        .map(|(seed, change)| async move {
            (seed, apply_under_faults(ALL_FAULTS, change, HINDERED, seed).await)
        })
        .buffer_unordered(at_once.max(1));
    let (mut outcomes, mut wrong) = (BTreeMap::<_, u32>::new(), Vec::new());
    let (mut held, mut theirs, mut written_over) = (0, 0, 0);
    while let Some((seed, run)) = runs.next().await {
        wrong.extend(run.wrong.iter().map(|it| format!("seed {seed}: {it}")));
        held += run.held;
        theirs += run.theirs;
        written_over += run.written_over;
        for (outcome, count) in run.outcomes {
            *outcomes.entry(outcome).or_default() += count;
        }
    }
    println!(
        "faults: {seeds} applies of {HINDERED} steps, {outcomes:?}, held {held} times, {theirs} rows \
         changed by a second admin ({written_over} written over between a reading and its write), \
         {} wrong",
        wrong.len()
    );
    wrong
}

async fn applies(
    program: &std::path::Path,
    kills: u32,
    steps: u32,
    seed: u64,
    at_once: usize,
) -> Vec<String> {
    let lanes = u32::try_from(at_once.max(1)).unwrap_or(1).min(kills.max(1));
    let shares = (0..lanes).map(|lane| kills / lanes + u32::from(lane < kills % lanes));
    let lanes = shares.zip(seed..).map(|(share, seed)| kill_applies(program, share, steps, seed));
    let mut seen = Applies::default();
    for one in futures::future::join_all(lanes).await {
        seen += one;
    }
    println!(
        "kills: {} applies killed, in {} runs of {} steps ({} steps; {} runs with a second admin), \
         each gone on with to its end: {} steps cut short, {} of them sent again since nobody could \
         know, {} sent again unknowingly, {} unknown, {} conflicts with {} changes of the second \
         admin's, {} of those written over between a reading and its write, {} wrong",
        seen.killed,
        seen.runs,
        steps,
        seen.steps,
        seen.accompanied,
        seen.cut_short,
        seen.sent_again,
        seen.sent_unknowingly,
        seen.unknown,
        seen.conflicts,
        seen.theirs,
        seen.written_over,
        seen.wrong.len()
    );
    seen.wrong
}

async fn faults(from: u64, seeds: u64, at_once: usize) -> Vec<String> {
    let mut runs = stream::iter(from..from + seeds)
        .map(|seed| async move { (seed, under_faults(ALL_FAULTS, seed).await) })
        .buffer_unordered(at_once);
    let (mut wrong, mut all) = (Vec::new(), Vec::new());
    while let Some((seed, run)) = runs.next().await {
        wrong.extend(run.unsaid.iter().map(|it| format!("seed {seed}, unsaid: {it}")));
        wrong.extend(run.left.iter().map(|it| format!("seed {seed}, left: {it}")));
        all.push(run);
    }
    let count = |of: fn(&FaultRun) -> bool| all.iter().filter(|run| of(run)).count();
    println!(
        "faults: {} runs, {} whole, {} with scopes that could not be read ({} scopes), {} ended \
         early, {} requests sent again, {} wrong",
        all.len(),
        count(|run| run.failed == 0 && run.stopped.is_none()),
        count(|run| run.failed > 0),
        all.iter().map(|run| run.failed).sum::<usize>(),
        count(|run| run.stopped.is_some()),
        all.iter().map(|run| run.retries).sum::<u64>(),
        wrong.len()
    );
    wrong
}

async fn killed(program: &std::path::Path, seed: u64, kills: u32, at_once: usize) -> Vec<String> {
    let lanes = u32::try_from(at_once.max(1)).unwrap_or(1).min(kills.max(1));
    let shares = (0..lanes).map(|lane| kills / lanes + u32::from(lane < kills % lanes));
    let runs = shares
        .zip(seed..)
        .filter(|(share, _)| *share > 0)
        .map(|(share, seed)| kill_again_and_again(program, share, seed));
    let mut seen = Kills::default();
    for one in futures::future::join_all(runs).await {
        seen.killed += one.killed;
        seen.done += one.done;
        seen.folders += one.folders;
        seen.resumed += one.resumed;
        seen.asked_again += one.asked_again;
        seen.wrong.extend(one.wrong);
    }
    println!(
        "kills: {} syncs killed in {} folders ({} came to their end first), each folder opened \
         and synced to the server's state, {} times going on with a killed run; {} lists asked \
         again, {} wrong",
        seen.killed,
        seen.folders,
        seen.done,
        seen.resumed,
        seen.asked_again,
        seen.wrong.len()
    );
    seen.wrong
}
