//! What lists do not tell, in three rounds: chain questions; with the sources known, the rows that
//! stand for instance defaults; then inheritors that may differ. At the end sources and agreement
//! are noted.

use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_core::row::Basis;
use heirloom_store::Store;
use heirloom_store::cache::integrations::{Flags, ValuesRead};

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
        let doubtful = estate.doubtful();
        estate = self.read_into(estate, doubtful).await?;
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
        let missing = estate.unread(&facts, self.full);
        let mut estate = self.read_into(estate, missing).await?;
        let (id, since, cause) = (self.id(), self.since, self.cause());
        let whole = self.root == ScopeKey::INSTANCE;
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

/// An instance default as the row shows it that stands for it.
fn inferred(
    store: &Store,
    id: heirloom_core::ids::ConnectionId,
    scope: ScopeKey,
    slug: &Slug,
) -> Result<Option<ValuesRead>> {
    let Some(kept) = store.integration(id, scope, slug)? else { return Ok(None) };
    let (Some(fields), Some(at)) = (kept.fields, kept.fields_at) else { return Ok(None) };
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
