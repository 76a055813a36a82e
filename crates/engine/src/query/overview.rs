//! The whole estate in figures.

use std::collections::BTreeMap;

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use heirloom_core::row::State;
use heirloom_store::app::history::TrendPoint;
use heirloom_store::app::journal::RunId;
use heirloom_store::cache::scopes::Scope;
use jiff::Timestamp;

use super::kinds::{Extent, KindCounts, extent, kinds};
use crate::{Engine, Result};

/// Most groups directly below one that are looked at.
const PARTS: u32 = 1_000;

/// Figures at or below a scope.
#[derive(Clone, Debug)]
pub struct Overview {
    /// How many scopes there are.
    pub extent: Extent,
    /// Every kind, at the level asked for.
    pub kinds: Vec<KindCounts>,
    /// The groups directly below, all kinds together.
    pub parts: Vec<(Scope, BTreeMap<State, u32>)>,
}

/// What the syncs of everything counted, and the runs in between.
#[derive(Clone, Debug)]
pub struct Trend {
    /// Earliest first.
    pub points: Vec<TrendPoint>,
    /// Runs of our own that changed something: which, when, how many changes. Earliest first.
    pub runs: Vec<(RunId, Timestamp, u32)>,
}

impl Engine {
    /// Figures at or below a scope, of one level or of both.
    ///
    /// # Errors
    /// When the scope is not in the cache, or the cache cannot be read.
    pub async fn overview(
        &self,
        id: ConnectionId,
        root: Option<ScopeKey>,
        level: Option<Level>,
    ) -> Result<Overview> {
        self.blocking(move |engine| {
            let store = engine.store();
            let below = store.children(id, root.unwrap_or(ScopeKey::INSTANCE), 0, PARTS)?;
            let groups = below
                .into_iter()
                .filter(|scope| scope.listed.key.level == Level::Group && scope.gone_at.is_none());
            let parts = groups
                .map(|scope| {
                    let mut counts = BTreeMap::new();
                    for count in store.level_counts(id, scope.listed.key)? {
                        if level.is_none_or(|level| level == count.level) {
                            *counts.entry(count.state).or_default() += count.n;
                        }
                    }
                    Ok((scope, counts))
                })
                .collect::<Result<_>>()?;
            let extent = extent(store, id, root)?;
            Ok(Overview { extent, kinds: kinds(store, id, root, level)?, parts })
        })
        .await
    }

    /// What the syncs of everything counted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn trend(&self, id: ConnectionId) -> Result<Trend> {
        self.blocking(move |engine| {
            let store = engine.store();
            let points = store.trend(id)?;
            let Some(first) = points.first() else {
                return Ok(Trend { points, runs: Vec::new() });
            };
            let drift = store.drift_counts(id, first.started_at)?;
            let mut runs: Vec<(RunId, Timestamp, u32)> = drift
                .by_sync
                .into_iter()
                .filter_map(|noticed| Some((noticed.by?, noticed.at, noticed.changes)))
                .collect();
            runs.sort_by_key(|(_, at, _)| *at);
            Ok(Trend { points, runs })
        })
        .await
    }
}
