//! What changed between readings, what we did ourselves, and how both are called.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use heirloom_core::catalog;
use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::value::flag_label;
use heirloom_store::Store;
use heirloom_store::app::journal::JournalStep;
use jiff::Timestamp;

use crate::export::path_of;
use crate::{Engine, Result};

pub use heirloom_store::app::history::{
    Change, DriftCounts, HistoryFilter, KindDrift, Side, SyncDrift, SyncId, What,
};

/// Changes read at once where all of them are wanted.
const WINDOW: u32 = 2_000;

impl Engine {
    /// A window of the changes a filter lets through, latest first, with how many there are.
    ///
    /// # Errors
    /// When the databases cannot be read.
    pub async fn drift(
        &self,
        id: ConnectionId,
        filter: HistoryFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<Change>)> {
        self.db(move |store| store.history(id, &filter, offset, limit.min(WINDOW))).await
    }

    /// How much changed since a time: by integration, and by the sync or run that brought it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn drift_counts(&self, id: ConnectionId, since: Timestamp) -> Result<DriftCounts> {
        self.db(move |store| store.drift_counts(id, since)).await
    }

    /// Steps of our own runs at or below a scope, as the tree is now; latest run first. None:
    /// every step.
    ///
    /// # Errors
    /// When the databases cannot be read.
    pub async fn journal_below(
        &self,
        id: ConnectionId,
        root: Option<ScopeKey>,
    ) -> Result<Vec<JournalStep>> {
        self.blocking(move |engine| {
            let store = engine.store();
            let mut steps = store.journal(id)?;
            let Some(root) = root.filter(|root| *root != ScopeKey::INSTANCE) else {
                return Ok(steps);
            };
            let mut below: BTreeMap<ScopeKey, bool> = BTreeMap::new();
            for step in &steps {
                if let Entry::Vacant(new) = below.entry(step.step.scope) {
                    new.insert(is_below(store, id, root, step.step.scope)?);
                }
            }
            steps.retain(|step| below.get(&step.step.scope).copied().unwrap_or_default());
            Ok(steps)
        })
        .await
    }
}

fn is_below(store: &Store, id: ConnectionId, root: ScopeKey, scope: ScopeKey) -> Result<bool> {
    match store.lineage(id, scope) {
        Ok(lineage) => Ok(lineage.iter().any(|above| above.listed.key == root)),
        // The cache was thrown away since: nobody knows where it stood.
        Err(heirloom_store::Error::Missing(_)) => Ok(scope == root),
        Err(error) => Err(error.into()),
    }
}

/// Shows every change a filter lets through to a visitor, latest first, without holding them all.
/// The filter must have an end in time, or what is noticed meanwhile would shift the windows.
pub(crate) fn visit_history(
    store: &Store,
    id: ConnectionId,
    filter: &HistoryFilter,
    mut visit: impl FnMut(Change) -> Result<()>,
) -> Result<()> {
    let mut offset = 0;
    loop {
        let (_, window) = store.history(id, filter, offset, WINDOW)?;
        let read = u32::try_from(window.len()).unwrap_or(u32::MAX);
        window.into_iter().try_for_each(&mut visit)?;
        if read < WINDOW {
            return Ok(());
        }
        offset = offset.saturating_add(read);
    }
}

/// What a person calls an integration.
pub fn kind_label(slug: &Slug) -> &str {
    catalog::find(slug).map_or(slug.as_str(), |known| known.title)
}

/// What a person calls what changed: a field's or a trigger event's title, where it has one.
pub fn what_label(slug: Option<&Slug>, what: &What) -> String {
    let known = slug.and_then(catalog::find);
    match what {
        What::State => "State".into(),
        What::Source => "Default from".into(),
        What::Field(name) => {
            let title = known.and_then(|kind| kind.field(name)).map(|field| field.title);
            title.map_or_else(|| name.clone(), str::to_owned)
        }
        What::Event(name) => {
            let event = known.and_then(|kind| kind.events.iter().find(|it| it.name == name));
            event.map_or_else(|| name.clone(), |event| event.title.to_owned())
        }
        What::Scope => "On GitLab".into(),
        What::Path => "Path".into(),
    }
}

/// One side of a change, as a person reads it.
pub fn side_label(side: &Side) -> String {
    match side {
        Side::NotKnown => "not known".into(),
        Side::State(state) => state.label().into(),
        Side::Source { scope, path } => path_of(*scope, path.clone()),
        Side::Value(value) => value.label().into_owned(),
        Side::Flag(flag) => flag_label(*flag).into(),
        Side::Scope { there: true } => "there".into(),
        Side::Scope { there: false } => "gone".into(),
        Side::Path(path) => path.clone(),
    }
}
