//! `history --runs`.

use heirloom_core::ids::{ConnectionId, Slug};
use heirloom_engine::query::drift::kind_label;
use heirloom_engine::{Engine, RunNote, RunState};
use jiff::Timestamp;
use serde::Serialize;

use super::changes::time;
use crate::exit::{Exit, Result};
use crate::output::{self, line};

#[derive(Serialize)]
struct Shape {
    runs: Vec<Run>,
}

#[derive(Serialize)]
struct Run {
    run: u32,
    state: &'static str,
    slug: Option<Slug>,
    undoes: Option<u32>,
    planned_at: Timestamp,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
    steps: u32,
    applied: u32,
    already: u32,
    conflicts: u32,
    refused: u32,
    failed: u32,
    unknown: u32,
    remaining: u32,
}

impl From<RunNote> for Run {
    fn from(note: RunNote) -> Self {
        let counts = note.counts;
        Self {
            run: note.id.0,
            state: note.state.name(),
            slug: note.slug,
            undoes: note.undoes.map(|run| run.0),
            planned_at: note.planned_at,
            started_at: note.started_at,
            finished_at: note.finished_at,
            steps: counts.steps,
            applied: counts.applied,
            already: counts.already,
            conflicts: counts.conflicts,
            refused: counts.refused,
            failed: counts.failed,
            unknown: counts.unknown,
            remaining: counts.open(),
        }
    }
}

/// The runs that were begun, latest first.
pub async fn list(engine: &Engine, id: ConnectionId, limit: u32, as_json: bool) -> Result {
    let runs = engine.runs(id, 0, limit).await?;
    if as_json {
        output::json(&Shape { runs: runs.into_iter().map(Run::from).collect() })?;
        return Ok(Exit::Done);
    }
    if runs.is_empty() {
        line("Heirloom changed nothing yet")?;
    }
    let rows: Vec<Vec<String>> = runs.iter().map(cells).collect();
    for text in output::columns(&rows) {
        line(text)?;
    }
    Ok(Exit::Done)
}

fn cells(note: &RunNote) -> Vec<String> {
    let counts = note.counts;
    let done = counts.applied + counts.already;
    let wrong = counts.steps - counts.open() - done;
    let mut came = format!("{done} of {} done", counts.steps);
    if wrong > 0 {
        came.push_str(&format!(", {wrong} not"));
    }
    let next = match note.state {
        RunState::Paused | RunState::Running => {
            format!("go on with heirloomctl apply --resume {}", note.id.0)
        }
        RunState::Planned | RunState::Ended => String::new(),
    };
    vec![
        time(note.started_at),
        format!("run {}", note.id.0),
        note.slug.as_ref().map(|slug| kind_label(slug).to_owned()).unwrap_or_default(),
        note.undoes.map(|run| format!("takes back run {}", run.0)).unwrap_or_default(),
        note.state.name().into(),
        came,
        next,
    ]
}
