//! What lists do not tell, in three rounds: chain questions; with the sources known, the rows that
//! stand for instance defaults; then inheritors that may differ. At the end sources and agreement
//! are noted.

use std::collections::BTreeMap;

use heirloom_core::catalog;
use heirloom_core::ids::{Level, ScopeKey, Slug};
use heirloom_core::row::{Basis, Known};
use heirloom_core::value::Value;
use heirloom_store::Store;
use heirloom_store::cache::facts::Events;
use heirloom_store::cache::integrations::{Flags, Kept, ValuesRead};
use jiff::Timestamp;

use super::Job;
use super::estate::{Defaults, Estate, Target};
use crate::{Error, Result};

/// Links written in one transaction at most.
const LINKS: usize = 500;

impl Job {
    /// Reads what lists do not tell.
    pub(super) async fn take_settings(&self) -> Result<()> {
        let mut estate = self.estate().await?;
        // Rows that this run's lists showed were read as they came; here are those that an
        // interrupted run left, and with `full` those that are off.
        let mut rows = estate.own_settings(self.full);
        rows.extend(estate.questions());
        estate = self.read_into(estate, rows).await?;
        if self.cancel.is_cancelled() {
            return Ok(());
        }
        estate = self.infer_instance(estate).await?;
        if self.cancel.is_cancelled() {
            return Ok(());
        }
        let (id, full) = (self.id(), self.full);
        let (doubtful, kept) = self
            .engine
            .blocking(move |engine| {
                let (place, mut defaults) = ((engine.store(), id), Defaults::default());
                let mut found = estate.doubtful(place, &mut defaults, full)?;
                found.extend(estate.overtaken(place, &mut defaults)?);
                Ok::<_, Error>((found, estate))
            })
            .await?;
        estate = self.read_into(kept, doubtful).await?;
        self.link(estate).await
    }

    /// What the groups above the synced part hold: its rows inherit from there, so they are read
    /// with it.
    pub(super) async fn above(&self) -> Result<Above> {
        if self.root == ScopeKey::INSTANCE {
            return Ok(Above::default());
        }
        let (id, root) = (self.id(), self.root);
        self.engine
            .db(move |store| {
                let mut above = Above::default();
                for scope in store.lineage(id, root)? {
                    let key = scope.listed.key;
                    if key.level == Level::Group && key != root {
                        let rows = store.integrations(id, key)?;
                        above.0.push((key, rows.into_iter().map(told).collect()));
                    }
                }
                Ok(above)
            })
            .await
    }

    /// Where a default above the synced part moved, what inherits it elsewhere is no longer said to
    /// have its values.
    pub(super) async fn unsettle(&self, before: Above) -> Result<()> {
        let now = self.above().await?;
        let moved = |(key, rows): &(ScopeKey, Vec<Told>)| {
            self.resumed || before.0.iter().any(|(known, was)| known == key && was != rows)
        };
        let Some((top, _)) = now.0.iter().find(|group| moved(group)) else { return Ok(()) };
        let (id, top, since) = (self.id(), *top, self.since);
        let estate = self.engine.db(move |store| Estate::load(store, id, top, since)).await?;
        self.link(estate).await
    }

    pub(super) async fn estate(&self) -> Result<Estate> {
        let (id, root, since) = (self.id(), self.root, self.since);
        self.engine.db(move |store| Estate::load(store, id, root, since)).await
    }

    /// Reads rows, those left out that this run has tried before in vain.
    pub(super) async fn read_into(&self, mut estate: Estate, rows: Vec<Target>) -> Result<Estate> {
        let rows: Vec<Target> = rows.into_iter().filter(|row| !self.was_tried(row)).collect();
        if rows.is_empty() {
            return Ok(estate);
        }
        self.read_rows(rows.clone()).await?;
        let (id, since) = (self.id(), self.since);
        self.engine
            .db(move |store| {
                estate.refresh(store, id, &rows, since)?;
                Ok(estate)
            })
            .await
    }

    /// An instance default cannot be read. One row that inherits from it stands for it.
    async fn infer_instance(&self, mut estate: Estate) -> Result<Estate> {
        let facts = estate.witnesses();
        let witnesses = estate.targets(&facts);
        let whole = self.root == ScopeKey::INSTANCE;
        let missing = estate.unread(&facts, (self.full, whole));
        let mut estate = self.read_into(estate, missing).await?;
        let (id, since, cause) = (self.id(), self.since, self.cause());
        self.engine
            .blocking(move |engine| {
                let store = engine.store();
                let mut readings = Vec::with_capacity(witnesses.len());
                for (scope, slug) in &witnesses {
                    // A part of the estate does not overrule what the whole said.
                    let known = store.integration(id, ScopeKey::INSTANCE, slug)?;
                    if whole || known.is_none() {
                        readings.extend(inferred(store, id, *scope, slug)?);
                    }
                }
                let keep: Vec<Slug> = readings.iter().map(|it| it.slug.clone()).collect();
                store.take_values(id, cause, readings)?;
                if whole {
                    store.forget_instance_rows(id, keep.clone())?;
                }
                let rows: Vec<Target> =
                    keep.into_iter().map(|slug| (ScopeKey::INSTANCE, slug)).collect();
                estate.refresh(store, id, &rows, since)?;
                Ok::<_, Error>(estate)
            })
            .await
    }

    /// Notes sources of inherited rows, and whether their values are the source's.
    pub(super) async fn link(&self, mut estate: Estate) -> Result<()> {
        let (id, cause, count) = (self.id(), self.cause(), estate.len());
        let now = self.engine.now();
        self.engine
            .blocking(move |engine| {
                let store = engine.store();
                let (mut next, mut defaults) = (0, Defaults::default());
                while next < count {
                    let links = estate.links((store, id), &mut defaults, &mut next, LINKS)?;
                    if !links.is_empty() {
                        store.link_rows(id, cause, links, now)?;
                    }
                }
                Ok::<_, Error>(())
            })
            .await?;
        self.engine.changed();
        Ok(())
    }
}

/// What a row tells, apart from when it was read.
type Told = (Slug, Known, Option<Timestamp>, Events, Option<BTreeMap<String, Value>>);

/// The groups above what is synced, from the top, with their rows.
#[derive(Default)]
pub(super) struct Above(Vec<(ScopeKey, Vec<Told>)>);

fn told(row: Kept) -> Told {
    (row.slug, row.known, row.updated_at, row.events, row.fields)
}

/// An instance default as the row shows it that stands for it.
fn inferred(
    store: &Store,
    id: heirloom_core::ids::ConnectionId,
    scope: ScopeKey,
    slug: &Slug,
) -> Result<Option<ValuesRead>> {
    let Some(kept) = store.integration(id, scope, slug)? else { return Ok(None) };
    let beside = catalog::find(slug).is_some_and(|known| known.data_beside_row);
    let (Some(fields), Some(read)) = (kept.fields, kept.fields_at) else { return Ok(None) };
    // A row that was seen again and did not move still has the values it was read with.
    let at = if beside || kept.fields_outdated { read } else { read.max(kept.flags_at) };
    let flags = Flags {
        slug: slug.clone(),
        title: kept.title.unwrap_or_else(|| slug.to_string()),
        active: kept.active,
        inherited: Some(false),
        updated_at: kept.updated_at,
        events: kept.events,
    };
    Ok(Some(ValuesRead {
        scope: ScopeKey::INSTANCE,
        slug: slug.clone(),
        at,
        basis: Basis::Inferred,
        row: Some((flags, fields)),
    }))
}
