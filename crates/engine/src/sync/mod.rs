//! Sync: GitLab into the local copy, with the fewest requests that give an honest answer
//! (design.md, *Sync*).
//!
//! Capabilities, then groups and projects, then one list of active rows per scope, then single
//! readings: of custom rows that are new or moved, of groups on inheriting chains that show no
//! active row, of inheritors that may differ from their source. What fails is noted and the rest
//! goes on; what was read before stays.

pub mod cost;
pub(crate) mod flags;
mod lists;
pub mod progress;
mod readings;
pub(crate) mod scopes;
mod sources;

use std::collections::BTreeMap;
use std::sync::Arc;

use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_gitlab::{Client, Problem};
use heirloom_store::app::connections::Connection;
use heirloom_store::app::history::Cause;
use heirloom_store::cache::syncs::{SyncEnd, SyncId, SyncRun};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use self::progress::{FailedScope, Phase, Status};
use crate::engine::Live;
use crate::locks::{self, Work};
use crate::{Engine, Error, Result};

/// How long history is kept: a year.
const HISTORY_KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);

/// What came of a sync.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Groups in the local copy.
    pub groups: u32,
    /// Projects in the local copy.
    pub projects: u32,
    /// Integration rows in it.
    pub rows: u32,
    /// Requests, by kind.
    pub requests: BTreeMap<&'static str, u64>,
    /// Requests in all.
    pub total: u64,
    /// Requests that were sent again.
    pub retries: u64,
    /// What could not be read, permission aside.
    pub failed: Vec<FailedScope>,
    /// How long it took.
    pub seconds: f64,
    /// Everything it set out to read was read.
    pub complete: bool,
    /// It was cancelled.
    pub cancelled: bool,
}

/// One run.
pub(crate) struct Job {
    pub(crate) engine: Engine,
    pub(crate) connection: Connection,
    pub(crate) client: Client,
    pub(crate) live: Arc<Live>,
    pub(crate) cancel: CancellationToken,
    pub(crate) root: Option<ScopeKey>,
    /// Its number, for the history.
    pub(crate) run: SyncId,
    /// Read again also what seems unchanged.
    pub(crate) full: bool,
}

impl Engine {
    /// Where a connection's sync stands.
    pub fn sync_status(&self, id: ConnectionId) -> Status {
        self.live(id).sync.status()
    }

    /// The last whole sync that ended.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn last_sync(&self, id: ConnectionId) -> Result<Option<SyncRun>> {
        self.db(move |store| store.last_sync(id)).await
    }

    /// Says what would stop a sync from starting: no connection, no token, another sync.
    ///
    /// # Errors
    /// What would stop it.
    pub async fn may_sync(&self, id: ConnectionId) -> Result<()> {
        let connection = self.connection(id).await?;
        self.client(&connection).await?;
        locks::take(self.store().folder(), id, Work::Sync).map(drop)
    }

    /// Ends a running sync after the requests under way. What was read is kept.
    pub fn cancel_sync(&self, id: ConnectionId) {
        if self.live(id).sync.cancel() {
            self.changed();
        }
    }

    /// Syncs everything, or one scope with what is below it. Ends when it is done; progress is in
    /// [`Engine::sync_status`].
    ///
    /// # Errors
    /// When another sync of this connection runs, GitLab does not answer or refuses the token, or
    /// the local databases do. Single scopes that fail are no error: they are in the summary.
    pub async fn sync(
        &self,
        id: ConnectionId,
        root: Option<ScopeKey>,
        full: bool,
    ) -> Result<Summary> {
        let connection = self.connection(id).await?;
        let client = self.client(&connection).await?;
        let _held = locks::take(self.store().folder(), id, Work::Sync)?;
        let live = self.live(id);
        let cancel = CancellationToken::new();
        live.sync.begin(cancel.clone());
        self.changed();
        let before = client.request_counts();
        let started = self.now();
        let whole = root.is_none();
        let run = self.db(move |store| store.begin_sync(id, whole, started)).await?;
        let job = Job {
            engine: self.clone(),
            connection,
            client: client.clone(),
            live: Arc::clone(&live),
            cancel: cancel.clone(),
            root,
            run,
            full,
        };
        let outcome = job.run().await;
        let counts = client.request_counts();
        let total = counts.total - before.total;
        let cancelled = cancel.is_cancelled();
        let stopped = match &outcome {
            Err(error) => Some(error.to_string()),
            Ok(()) if cancelled => Some("Cancelled. What was read is kept".into()),
            Ok(()) => None,
        };
        let status = live.sync.end(total, stopped.clone());
        let ended = self.now();
        let end = SyncEnd {
            complete: stopped.is_none() && status.failed.is_empty(),
            failed: u32::try_from(status.failed.len()).unwrap_or(u32::MAX),
            requests: status.requests,
            stopped,
        };
        let complete = end.complete;
        self.db(move |store| {
            store.end_sync(run, end, ended)?;
            store.forget_history(ended - HISTORY_KEPT)
        })
        .await?;
        self.changed();
        outcome?;
        let scopes = self.db(move |store| store.scope_counts(id)).await?;
        Ok(Summary {
            groups: scopes.groups,
            projects: scopes.projects,
            rows: scopes.rows,
            requests: since(&before.by_kind, counts.by_kind),
            total,
            retries: counts.retries - before.retries,
            failed: status.failed,
            seconds: (ended - started).total(jiff::Unit::Second).unwrap_or_default(),
            complete,
            cancelled,
        })
    }
}

impl Job {
    async fn run(&self) -> Result<()> {
        self.refresh_capabilities().await?;
        let scopes = self.take_scopes().await?;
        if self.cancel.is_cancelled() {
            return Ok(());
        }
        self.take_lists(&scopes).await?;
        if self.cancel.is_cancelled() {
            return Ok(());
        }
        self.take_settings(&scopes).await
    }

    /// Version and rights may have changed since the connection was made.
    async fn refresh_capabilities(&self) -> Result<()> {
        let (metadata, user, token) = tokio::join!(
            self.client.metadata(),
            self.client.current_user(),
            self.client.token_self()
        );
        let id = self.connection.id;
        let metadata = self.engine.witness(id, metadata)?;
        let user = self.engine.witness(id, user)?;
        let token = self.engine.witness(id, token)?;
        // A rename in the window may have happened meanwhile: start from what is stored now.
        let mut details = self.engine.connection(id).await?.details;
        details.version = metadata.version.to_string();
        details.enterprise = metadata.enterprise;
        details.is_admin = user.is_admin;
        details.access = crate::connect::access(&token);
        details.token_expires_on = token.expires_at.map(|day| day.to_string());
        self.engine.db(move |store| store.change_connection(id, details)).await?;
        Ok(())
    }

    pub(crate) fn id(&self) -> ConnectionId {
        self.connection.id
    }

    /// What its readings belong to, for the history.
    pub(crate) const fn cause(&self) -> Cause {
        Cause::Sync(self.run)
    }

    pub(crate) fn enter(&self, phase: Phase, total: usize) {
        self.live.sync.enter(phase, total);
        self.engine.changed();
    }

    pub(crate) fn advance(&self, by: usize) {
        self.live.sync.advance(by, self.client.request_counts().total);
        self.engine.changed();
    }

    pub(crate) fn fail(&self, scope: ScopeKey, path: &str, why: &heirloom_gitlab::Error) {
        self.engine.saw(self.id(), Some(why));
        self.live.sync.fail(FailedScope {
            scope,
            path: path.to_owned(),
            why: why.problem.to_string(),
        });
    }

    /// Errors that make every further request pointless.
    pub(crate) fn is_fatal(error: &heirloom_gitlab::Error) -> bool {
        // One scope that cannot be read is its own trouble: the client tells when it is the server.
        error.is_about_token()
            || matches!(
                error.problem,
                Problem::StoppedAnswering { .. } | Problem::RateLimited { .. }
            )
    }
}

fn since(
    before: &BTreeMap<&'static str, u64>,
    after: BTreeMap<&'static str, u64>,
) -> BTreeMap<&'static str, u64> {
    after
        .into_iter()
        .map(|(kind, n)| (kind, n - before.get(kind).copied().unwrap_or_default()))
        .filter(|(_, n)| *n > 0)
        .collect()
}

/// Turns a fatal error around; keeps others for the report.
pub(crate) fn fatal(error: heirloom_gitlab::Error) -> Result<heirloom_gitlab::Error> {
    if Job::is_fatal(&error) { Err(Error::from(error)) } else { Ok(error) }
}
