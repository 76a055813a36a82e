//! Storing the estate as a sync does: scopes, lists, custom rows' values, sources.

use std::time::{Duration, Instant};

use heirloom_core::ids::ConnectionId;
use heirloom_store::Store;
use heirloom_store::app::history::Cause;
use heirloom_store::cache::syncs::SyncEnd;

use super::world::{World, time};
use crate::failure::Result;

/// Scopes whose lists are written at once, as a sync does.
const LISTS: usize = 256;

/// Readings written at once.
const READINGS: usize = 256;

/// What each part of a sync took.
#[derive(Clone, Copy, Default)]
pub struct Parts {
    pub scopes: Duration,
    pub lists: Duration,
    pub values: Duration,
    pub links: Duration,
    pub end: Duration,
}

impl Parts {
    /// All of it.
    pub fn total(self) -> Duration {
        self.scopes + self.lists + self.values + self.links + self.end
    }
}

/// Stores everything; `second`: as a second sync in which the rows of one scope in a hundred
/// moved. Only the store's own time counts, not making up the estate.
pub fn sync(store: &Store, id: ConnectionId, world: World, second: bool) -> Result<Parts> {
    let start = if second { 1_000 } else { 0 };
    let run = store.begin_sync(id, true, time(start))?;
    let cause = Cause::Sync(run);
    let mut parts = Parts::default();
    let scopes = world.scopes();
    timed(&mut parts.scopes, || store.take_scopes(id, cause, scopes, true, time(start)))?;
    let keys: Vec<_> = world.keys().collect();
    for chunk in keys.chunks(LISTS) {
        let lists = chunk.iter().map(|key| world.list(*key, time(start + 1), second)).collect();
        timed(&mut parts.lists, || store.take_lists(id, cause, lists))?;
    }
    let mut readings = Vec::new();
    for key in &keys {
        // A second sync reads what moved.
        if !second || key.id.0 % 100 == 4 {
            readings.extend(world.values(*key, time(start + 2), second));
        }
        while readings.len() >= READINGS {
            let batch = readings.drain(..READINGS).collect();
            timed(&mut parts.values, || store.take_values(id, cause, batch))?;
        }
    }
    timed(&mut parts.values, || store.take_values(id, cause, readings))?;
    if !second {
        for chunk in keys.chunks(LISTS) {
            let links = chunk.iter().flat_map(|key| world.links(*key, time(start))).collect();
            timed(&mut parts.links, || store.link_rows(id, cause, links, time(start + 3)))?;
        }
    }
    let end = SyncEnd { complete: true, failed: 0, requests: 0, stopped: None };
    timed(&mut parts.end, || store.end_sync(run, end, time(start + 4)))?;
    Ok(parts)
}

fn timed<T>(
    sum: &mut Duration,
    work: impl FnOnce() -> heirloom_store::Result<T>,
) -> heirloom_store::Result<T> {
    let began = Instant::now();
    let done = work();
    *sum += began.elapsed();
    done
}
