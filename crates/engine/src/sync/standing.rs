//! How far the local copy can be relied on: the last whole sync, and one that did not come to its
//! end.

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
use heirloom_store::Store;
use heirloom_store::cache::census::Of;
use heirloom_store::cache::syncs::SyncRun;
use heirloom_store::cache::unfinished::Aim;
use jiff::Timestamp;

use crate::{Engine, Result};

/// How a connection's copy stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The last sync of everything that came to its end.
    pub last: Option<SyncRun>,
    /// One that was begun after it and did not.
    pub unfinished: Option<Half>,
}

/// Half a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Half {
    /// When it was begun.
    pub started_at: Timestamp,
    /// Groups and projects it has read since.
    pub read: u32,
    /// Groups and projects there are, as far as is known.
    pub of: u32,
}

impl Standing {
    pub(crate) fn of(store: &Store, id: ConnectionId) -> heirloom_store::Result<Self> {
        let last = store.last_sync(id)?;
        let aim = |full| Aim { connection: id, root: ScopeKey::INSTANCE, full };
        let begun = store.unfinished(aim(false))?.or(store.unfinished(aim(true))?);
        let newer = begun
            .filter(|begun| last.as_ref().is_none_or(|last| last.started_at < begun.started_at));
        let Some(begun) = newer else { return Ok(Self { last, unfinished: None }) };
        let mut half = Half { started_at: begun.started_at, read: 0, of: 0 };
        store.visit_places(id, Of::All, |place| {
            if place.key.level != Level::Instance && !place.gone && !place.placeholder {
                half.of += 1;
                let fresh = place.listed_at.is_some_and(|at| at >= begun.started_at);
                half.read += u32::from(fresh);
            }
        })?;
        Ok(Self { last, unfinished: Some(half) })
    }

    /// Everything was read, the last time anybody tried.
    pub fn is_whole(&self) -> bool {
        self.unfinished.is_none() && self.last.as_ref().is_some_and(|last| last.end.complete)
    }

    /// What is to be said to whoever reads the copy, where it is not whole; none: it is.
    pub fn part(&self) -> Option<String> {
        match (&self.unfinished, &self.last) {
            (Some(half), _) => Some(format!(
                "This is half a sync: of the one begun at {}, {} of {} groups and projects are read",
                half.started_at.round(jiff::Unit::Second).unwrap_or(half.started_at),
                half.read,
                half.of
            )),
            (None, None) => Some("No whole sync has ended yet: what is here is a part".into()),
            (None, Some(last)) if !last.end.complete => Some(
                "The last sync could not read everything: of what it could not, this is as it was \
                 known before"
                    .into(),
            ),
            (None, Some(_)) => None,
        }
    }
}

impl Engine {
    /// How a connection's copy stands. Half a sync is usable; this says that it is half.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn sync_standing(&self, id: ConnectionId) -> Result<Standing> {
        self.db(move |store| Standing::of(store, id)).await
    }
}
