//! `heirloom-bench work`: one part of the bench in a process of its own, so that its memory is its
//! own. It uses the engine as the window does, and prints what came of it as one line of JSON.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueEnum};
use heirloom_engine::change::{Bulk, Confirm, Filter, Plan, Secrets, Selection, Wish};
use heirloom_engine::clock::SystemClock;
use heirloom_engine::core::ids::{ConnectionId, Level, ScopeKey};
use heirloom_engine::core::row::State;
use heirloom_engine::secrets::Memory;
use heirloom_engine::{Engine, Listener, RunId, Setup};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};
use crate::machine;

/// The variable the token is in, as for `heirloomctl`.
pub const TOKEN: &str = "HEIRLOOM_TOKEN";

/// How often a plan is made.
const TIMES: u32 = 3;

/// Steps looked at together.
const WINDOW: u32 = 500;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Every custom project back to default: planned as a subtree, then each named.
    Plan,
    /// The last plan is applied.
    Apply,
}

/// One part.
#[derive(Args)]
pub struct Options {
    /// What is done
    part: Part,
    /// The data folder, with one connection; its token is in HEIRLOOM_TOKEN
    #[arg(long)]
    folder: PathBuf,
    /// The plan to apply
    #[arg(long)]
    run: Option<u32>,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Done {
    /// The plan's number.
    pub run: u32,
    /// Its steps.
    pub steps: u32,
    /// Those that were applied.
    pub applied: u32,
    /// Requests that were sent.
    pub requests: u64,
    /// Seconds it took; of a plan made several times, the longest.
    pub seconds: f64,
    /// The same with each scope named.
    pub named: f64,
    /// The most memory the process held, in bytes.
    pub peak: Option<u64>,
}

struct Nobody;

impl Listener for Nobody {
    fn changed(&self) {}
}

/// Does it.
///
/// # Errors
/// When the engine refuses.
pub async fn run(options: &Options) -> Result {
    let setup = Setup {
        keychain: Arc::new(Memory::new()),
        clock: Arc::new(SystemClock),
        listener: Arc::new(Nobody),
    };
    let engine = Engine::open(&options.folder, setup)?;
    let wrong = |why: &str| Failure::Shape { of: "the data folder".into(), why: why.into() };
    let connection = engine.connections().await?.pop().ok_or_else(|| wrong("no connection"))?.id;
    let token = std::env::var(TOKEN).map_err(|why| wrong(&why.to_string()))?;
    engine.lend_token(connection, &SecretString::from(token)).await?;
    let done = match (options.part, options.run) {
        (Part::Plan, _) => plan(&engine, connection).await?,
        (Part::Apply, Some(run)) => apply(&engine, RunId(run)).await?,
        (Part::Apply, None) => return Err(wrong("no plan was named")),
    };
    println!("{}", serde_json::to_string(&done).map_err(Failure::shape("what was done"))?);
    Ok(())
}

async fn plan(engine: &Engine, id: ConnectionId) -> Result<Done> {
    let none = || Failure::Shape { of: "the local copy".into(), why: "no integration".into() };
    let slug = engine.kinds_in_use(id, None).await?.into_iter().next().ok_or_else(none)?;
    let filter =
        Filter { states: vec![State::Custom], level: Some(Level::Project), ..Filter::default() };
    let bulk = |scopes, below| {
        let selection = Selection { scopes, below, filter: filter.clone() };
        Bulk { slug: slug.clone(), wish: Wish::UseDefault, selection }
    };
    let (seconds, tree) = longest(engine, id, &bulk(vec![ScopeKey::INSTANCE], true)).await?;
    let mut scopes = Vec::new();
    while let Ok(offset) = u32::try_from(scopes.len())
        && offset < tree.total
    {
        let window = engine.plan_steps(tree.id, offset, WINDOW).await?;
        scopes.extend(window.into_iter().map(|step| step.step.scope));
    }
    engine.discard_plan(tree.id).await?;
    let (named, plan) = longest(engine, id, &bulk(scopes, false)).await?;
    Ok(Done {
        run: plan.id.0,
        steps: plan.total,
        applied: 0,
        requests: 0,
        seconds,
        named,
        peak: machine::own_peak(),
    })
}

/// The longest of several times, and the last plan, which stays.
async fn longest(engine: &Engine, id: ConnectionId, bulk: &Bulk) -> Result<(f64, Plan)> {
    let mut longest = 0.0_f64;
    for left in (0..TIMES).rev() {
        let begun = Instant::now();
        let plan = engine.plan_many(id, bulk.clone()).await?;
        longest = longest.max(begun.elapsed().as_secs_f64());
        if left == 0 {
            return Ok((longest, plan));
        }
        engine.discard_plan(plan.id).await?;
    }
    Err(Failure::Shape { of: "the bench".into(), why: "it plans at least once".into() })
}

async fn apply(engine: &Engine, run: RunId) -> Result<Done> {
    let typed = match engine.show_plan(run).await?.confirm {
        Confirm::TypeCount(count) => Some(count),
        Confirm::Dialog => None,
    };
    let begun = Instant::now();
    let done = engine.apply(run, Secrets::default(), typed).await?;
    Ok(Done {
        run: run.0,
        steps: done.counts.steps,
        applied: done.counts.applied,
        requests: done.requests,
        seconds: begun.elapsed().as_secs_f64(),
        named: 0.0,
        peak: machine::own_peak(),
    })
}
