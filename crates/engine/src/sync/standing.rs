//! How far the local copy can be relied on: the last whole sync, and one that did not come to its
//! end.

use heirloom_core::ids::{ConnectionId, Level, ScopeKey};
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

impl Engine {
    /// How a connection's copy stands. Half a sync is usable; this says that it is half.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn sync_standing(&self, id: ConnectionId) -> Result<Standing> {
        self.db(move |store| {
            let last = store.last_sync(id)?;
            let aim = |full| Aim { connection: id, root: ScopeKey::INSTANCE, full };
            let begun = store.unfinished(aim(false))?.or(store.unfinished(aim(true))?);
            let newer = begun.filter(|begun| {
                last.as_ref().is_none_or(|last| last.started_at < begun.started_at)
            });
            let Some(begun) = newer else { return Ok(Standing { last, unfinished: None }) };
            let mut half = Half { started_at: begun.started_at, read: 0, of: 0 };
            store.visit_places(id, Of::All, |place| {
                if place.key.level != Level::Instance && !place.gone && !place.placeholder {
                    half.of += 1;
                    let fresh = place.listed_at.is_some_and(|at| at >= begun.started_at);
                    half.read += u32::from(fresh);
                }
            })?;
            Ok(Standing { last, unfinished: Some(half) })
        })
        .await
    }
}
