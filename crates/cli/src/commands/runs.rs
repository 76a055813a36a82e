//! `history --runs`.

use heirloom_core::ids::{ConnectionId, Slug};
use heirloom_engine::change::Following;
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
    /// What it changed was followed to all to whom it is handed down, or until time was up; null:
    /// it is handed down to nobody.
    followed_to_its_end: Option<bool>,
}

impl Run {
    fn of(note: RunNote, following: Option<Following>) -> Self {
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
            followed_to_its_end: following.map(|it| it.over),
        }
    }
}

/// The runs that were begun, latest first.
pub async fn list(engine: &Engine, id: ConnectionId, limit: u32, as_json: bool) -> Result {
    let mut runs = Vec::new();
    for note in engine.runs(id, 0, limit).await? {
        let following = engine.following(note.id).await?;
        runs.push((note, following));
    }
    if as_json {
        let runs = runs.into_iter().map(|(note, following)| Run::of(note, following));
        output::json(&Shape { runs: runs.collect() })?;
        return Ok(Exit::Done);
    }
    if runs.is_empty() {
        line("Heirloom changed nothing yet")?;
    }
    let rows: Vec<Vec<String>> =
        runs.iter().map(|(note, following)| cells(note, *following)).collect();
    for text in output::columns(&rows) {
        line(text)?;
    }
    Ok(Exit::Done)
}

fn cells(note: &RunNote, following: Option<Following>) -> Vec<String> {
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
        RunState::Ended if following.is_some_and(|it| !it.over) => {
            format!("see whom it reached with heirloomctl apply --resume {}", note.id.0)
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
