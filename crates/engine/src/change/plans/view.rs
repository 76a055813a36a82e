//! Looking at a plan.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::catalog::Integration;
use heirloom_core::ids::ConnectionId;
use heirloom_core::plan::Skip;
use heirloom_gitlab::Client;
use heirloom_store::Store;
use heirloom_store::app::journal::{JournalStep, RunId, RunState, Skipped, Touch, Touched};

use super::{Plan, PlannedStep, confirm};
use crate::change::about::About;
use crate::change::blast::Blast;
use crate::change::{groups_above, known_kind};
use crate::engine::lock;
use crate::{Engine, Error, Result};

/// As much of a plan as one look takes in.
const FIRST: u32 = 200;

impl Engine {
    /// A plan, to be looked at.
    ///
    /// # Errors
    /// When it was applied or discarded already, or the databases cannot be read.
    pub async fn show_plan(&self, run: RunId) -> Result<Plan> {
        self.blocking(move |engine| {
            let store = engine.store();
            let note = store.run(run)?;
            if note.state != RunState::Planned {
                return Err(gone());
            }
            let read_from = About::noted(&note).rests_on();
            let slug = note.slug.ok_or_else(gone)?;
            let integration = known_kind(&slug)?;
            let connection = store.connection(note.connection)?;
            let blast = Blast::of(store, note.connection, run)?;
            // Who cannot be seen may inherit, too.
            let touched = note.counts.steps
                + blast.change.count
                + blast.switch_on.count
                + blast.maybe.count
                + blast.unseen.count;
            let needs = needs(store, note.connection, run, integration)?;
            let client = lock(&engine.live(note.connection).client).clone();
            let steps = note.counts.steps;
            let reads = steps.saturating_mul(2).saturating_add(needs.defaults);
            Ok(Plan {
                id: run,
                connection: note.connection,
                integration,
                made_at: note.planned_at,
                read_from: read_from.unwrap_or(note.planned_at),
                total: note.counts.steps,
                steps: planned(store, note.connection, store.steps(run, 0, FIRST)?)?,
                left_out: note.left_out,
                same: note.same,
                skipped_total: note.skipped,
                skipped: store.skipped(run, 0, FIRST)?,
                unasked: store.skipped_as(run, &Skip::NotAsked.to_string())?,
                requests: needs.writes.saturating_add(reads),
                seconds: client.and_then(|client| seconds(&client, steps, reads, needs.writes)),
                secrets: needs.secrets.into_iter().collect(),
                blast,
                confirm: confirm(&connection, touched),
            })
        })
        .await
    }

    /// A window of a plan's or run's steps past one of that number, without those left out.
    ///
    /// # Errors
    /// When the databases cannot be read.
    pub async fn plan_steps(&self, run: RunId, past: u32, limit: u32) -> Result<Vec<PlannedStep>> {
        self.blocking(move |engine| {
            let store = engine.store();
            let connection = store.connection_of(run)?;
            planned(store, connection, store.steps(run, past, limit.min(500))?)
        })
        .await
    }

    /// A window of the scopes that get no step.
    ///
    /// # Errors
    /// When the databases cannot be read.
    pub async fn plan_skipped(&self, run: RunId, offset: u32, limit: u32) -> Result<Vec<Skipped>> {
        self.db(move |store| store.skipped(run, offset, limit)).await
    }

    /// A window of a plan's blast radius, of one sort, with how many there are.
    ///
    /// # Errors
    /// When the databases cannot be read.
    pub async fn plan_touched(
        &self,
        run: RunId,
        how: Touch,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<Touched>)> {
        self.db(move |store| store.touched(run, how, offset, limit)).await
    }
}

/// Seconds that so many steps take with so many requests at the pace at which the server answered
/// last, and within its limits; none: less than one, or it was not measured. As many steps as the
/// server bears go side by side; the requests of one follow one another.
fn seconds(client: &Client, steps: u32, reads: u32, writes: u32) -> Option<u32> {
    let (reading, writing) = ("integration", "put integration");
    let read = client.answers_within(reading)?;
    // A write takes no less than a reading, as long as none was sent.
    let write = client.answers_within(writing).unwrap_or(read);
    let at_once = u32::try_from(client.in_flight_limit()).unwrap_or(u32::MAX).min(steps).max(1);
    let all = read.saturating_mul(reads).saturating_add(write.saturating_mul(writes)) / at_once;
    let least = client.least_time(&[(reading, reads), (writing, writes)]);
    u32::try_from(all.max(least).as_secs()).ok().filter(|seconds| *seconds > 0)
}

/// Steps taken out of the journal at once.
const WINDOW: u32 = 1_000;

/// What the steps of a plan need, all together.
#[derive(Default)]
struct Needs {
    /// Requests that write.
    writes: u32,
    /// Secret fields whose values some of them want.
    secrets: BTreeSet<String>,
    /// Groups that are read again, once each, before what takes settings over is sent: all between
    /// it and where the settings come from.
    defaults: u32,
}

fn needs(store: &Store, id: ConnectionId, run: RunId, integration: &Integration) -> Result<Needs> {
    let mut needs = Needs::default();
    let mut sources = BTreeMap::new();
    let mut groups = BTreeSet::new();
    let mut past = 0;
    loop {
        let window = store.step_needs(run, past, WINDOW)?;
        let Some(last) = window.last() else { break };
        past = last.number;
        for step in window {
            needs.writes = needs.writes.saturating_add(step.writes);
            needs.secrets.extend(step.secrets);
            let Some(source) = step.source.filter(|_| integration.levels.group) else { continue };
            if let Entry::Vacant(new) = sources.entry(source) {
                new.insert(store.scope(id, source)?.listed.path);
            }
            for above in groups_above(&step.path, sources.get(&source).map(String::as_str)) {
                if !groups.contains(above) {
                    groups.insert(above.to_owned());
                }
            }
        }
    }
    needs.defaults = u32::try_from(groups.len()).unwrap_or(u32::MAX);
    Ok(needs)
}

pub(in crate::change) fn gone() -> Error {
    Error::PlanOutdated("This plan was applied or discarded already. Make it again".into())
}

pub(in crate::change) fn planned(
    store: &Store,
    id: ConnectionId,
    steps: Vec<JournalStep>,
) -> Result<Vec<PlannedStep>> {
    steps
        .into_iter()
        .map(|it| {
            Ok(PlannedStep {
                number: it.number,
                integration: known_kind(&it.step.slug)?,
                scope: store.scope(id, it.step.scope)?,
                source: it.step.source.map(|key| store.scope(id, key)).transpose()?,
                step: it.step,
            })
        })
        .collect()
}
