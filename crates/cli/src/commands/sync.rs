//! `sync`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_engine::sync::Summary;
use heirloom_engine::sync::cost::Cost;
use heirloom_engine::sync::progress::{Phase, Status};
use heirloom_engine::{Engine, Error, Listener};
use serde::Serialize;
use serde_json::json;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::args::{Common, Sync};
use crate::desk;
use crate::exit::{Exit, Failure, Result};
use crate::output;
use crate::stop::Stop;

/// Progress lines of one phase come no closer than this.
const PACE: Duration = Duration::from_millis(250);

#[derive(Serialize)]
struct Progress {
    phase: &'static str,
    done: u32,
    total: u32,
}

#[derive(Serialize)]
struct Shape<'a> {
    groups: u32,
    projects: u32,
    rows: u32,
    requests: Requests<'a>,
    retries: u64,
    failed: Vec<Failed<'a>>,
    seconds: f64,
    complete: bool,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Requests<'a> {
    total: u64,
    by_kind: &'a BTreeMap<&'static str, u64>,
}

#[derive(Serialize)]
struct Failed<'a> {
    path: &'a str,
    why: &'a str,
}

/// Wakes whoever shows the progress.
struct Bell(Arc<Notify>);

impl Listener for Bell {
    fn changed(&self) {
        self.0.notify_one();
    }
}

pub async fn run(common: &Common, arguments: Sync) -> Result {
    let moved = Arc::new(Notify::new());
    let engine = desk::engine_with(common, Arc::new(Bell(Arc::clone(&moved))))?;
    let id = desk::online(&engine, common).await?.id;
    if let Some(requests) = arguments.in_flight {
        engine.set_in_flight(id, requests);
    }
    let root = match &arguments.place.path {
        Some(path) => Some(engine.find_scope(id, path, arguments.place.level).await?.listed.key),
        None => None,
    };
    let deep = match &arguments.deep {
        Some(text) => Some(desk::kind(&engine, id, text).await?),
        None => None,
    };
    let top = root.unwrap_or(ScopeKey::INSTANCE);
    if deep.is_some() || arguments.dry_run || !common.json {
        // Before a cost is said: whether it can be begun at all, and what limits the server tells of.
        engine.may_sync(id).await?;
        engine.ask_account(id).await?;
        let cost = match &deep {
            Some(slug) => engine.deep_scan_cost(id, top, slug).await?,
            None => engine.sync_cost(id, root, arguments.full).await?,
        };
        if arguments.dry_run {
            return dry(common, cost);
        }
        output::note(in_words(cost));
    }
    let again = again(common, &arguments);
    let mut stop = Stop::listen().map_err(|error| Failure::Other(error.to_string()))?;
    let mut show = Show::new(common.json);
    let mut job = std::pin::pin!(async {
        match &deep {
            Some(slug) => engine.deep_scan(id, top, slug).await,
            None => engine.sync(id, root, arguments.full).await,
        }
    });
    let mut asked = false;
    let ended = loop {
        tokio::select! {
            ended = &mut job => break ended,
            () = moved.notified() => show.status(&engine, id)?,
            () = stop.asked() => {
                if asked {
                    // Asked twice: what was written is whole at any moment.
                    return Err(Failure::Stopped(again));
                }
                asked = true;
                output::note("Cancelling: requests under way are still answered");
                engine.cancel_sync(id);
            }
        }
    };
    let summary = match ended {
        Ok(summary) => summary,
        Err(error) if show.kept_something && !matches!(error, Error::Busy { .. }) => {
            return Err(Failure::Midway(error));
        }
        Err(error) => return Err(error.into()),
    };
    if common.json {
        output::json(&shape(&summary))?;
    } else {
        text(&summary)?;
    }
    advise(&summary, &again);
    Ok(if summary.complete { Exit::Done } else { Exit::Partly })
}

/// What was shown of the progress, and when.
struct Show {
    json: bool,
    last: Option<(Phase, u32, Instant)>,
    kept_something: bool,
}

impl Show {
    const fn new(json: bool) -> Self {
        Self { json, last: None, kept_something: false }
    }

    fn status(&mut self, engine: &Engine, id: ConnectionId) -> Result<()> {
        let Status { phase, done, total, .. } = engine.sync_status(id);
        self.kept_something |= matches!(phase, Phase::Integrations | Phase::Settings) && done > 0;
        let now = Instant::now();
        let due = match self.last {
            Some((last, shown, at)) => {
                phase != last || (done != shown && (now - at >= PACE || done == total))
            }
            None => true,
        };
        if phase == Phase::Idle || !due {
            return Ok(());
        }
        self.last = Some((phase, done, now));
        if self.json {
            output::json(&Progress { phase: phase.name(), done, total })?;
        } else if total > 0 {
            output::note(format!("{}: {done} of {total}", phase.name()));
        } else {
            output::note(format!("{}: {done}", phase.name()));
        }
        Ok(())
    }
}

fn shape(summary: &Summary) -> Shape<'_> {
    Shape {
        groups: summary.groups,
        projects: summary.projects,
        rows: summary.rows,
        requests: Requests { total: summary.total, by_kind: &summary.requests },
        retries: summary.retries,
        failed: summary
            .failed
            .iter()
            .map(|failed| Failed { path: &failed.path, why: &failed.why })
            .collect(),
        seconds: summary.seconds,
        complete: summary.complete,
        notes: &summary.notes,
    }
}

fn text(summary: &Summary) -> Result<()> {
    for note in &summary.notes {
        output::note(note);
    }
    for failed in &summary.failed {
        output::note(format!("could not read {}: {}", failed.path, failed.why));
    }
    if let Some(at) = summary.resumed_from {
        output::note(format!(
            "Went on with the sync begun at {at}: what it had read was not asked again"
        ));
    }
    output::line(format!(
        "{} groups, {} projects, {} integration rows; {} requests in {:.1} s",
        summary.groups, summary.projects, summary.rows, summary.total, summary.seconds
    ))?;
    Ok(())
}

/// Says how to go on, to programs as well: they do not read it.
fn advise(summary: &Summary, again: &str) {
    if summary.cancelled {
        output::note(format!("Cancelled. What was read is kept; go on with {again}"));
    } else if !summary.complete {
        output::note(format!(
            "{} could not be read; what was known of them is kept. Try again with {again}",
            summary.failed.len()
        ));
    }
}

/// What it would cost, and nothing more.
fn dry(common: &Common, cost: Cost) -> Result {
    if common.json {
        let Cost { requests, seconds_from, seconds_to } = cost;
        output::json(&json!({
            "requests": requests, "seconds_from": seconds_from, "seconds_to": seconds_to
        }))?;
    } else {
        output::line(format!("{}. Nothing was read", in_words(cost)))?;
    }
    Ok(Exit::Done)
}

fn in_words(cost: Cost) -> String {
    let Cost { requests, seconds_from, seconds_to } = cost;
    format!("About {requests} requests, {seconds_from} to {seconds_to} s")
}

/// The command that does the same once more, and so goes on where this one stopped.
fn again(common: &Common, arguments: &Sync) -> String {
    let mut words = vec!["heirloomctl sync".to_owned()];
    words.extend(arguments.place.path.clone());
    words.extend(arguments.place.level.map(|level| format!("--level {level}")));
    words.extend(arguments.deep.as_ref().map(|slug| format!("--deep {slug}")));
    words.extend(arguments.full.then(|| "--full".to_owned()));
    words.extend(common.instance.as_ref().map(|name| format!("--instance {name}")));
    words.join(" ")
}
