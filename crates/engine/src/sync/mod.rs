//! Sync: GitLab into the local copy, with the fewest requests that give an honest answer
//! (design.md, *Sync*).
//!
//! Capabilities, then groups and projects, then one list of active rows per scope; what a list
//! shows to be new or moved is read at once, beside the other lists. Then the questions that need
//! all of them: groups on inheriting chains that show no active row, rows that stand for instance
//! defaults, inheritors that may differ. What fails is noted and the rest goes on; what was read
//! before stays. A run that was killed, stopped or cancelled is gone on with by the next.

mod capabilities;
pub mod cost;
pub mod deep;
mod estate;
pub(crate) mod flags;
mod foretell;
pub(crate) mod listing;
mod lists;
mod origins;
mod pool;
pub mod progress;
mod settings;
pub mod standing;
mod vanished;

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_gitlab::{Client, Problem};
use heirloom_store::Store;
use heirloom_store::app::connections::Connection;
use heirloom_store::app::history::Cause;
use heirloom_store::cache::syncs::{Reach, SyncEnd, SyncId, SyncRun};
use heirloom_store::cache::unfinished::{Aim, Unfinished};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use self::estate::Target;
use self::progress::{FailedScope, Phase, Status};
use crate::engine::{Live, lock};
use crate::locks::{self, Work};
use crate::{Engine, Error, Result, retention};

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
    /// It went on with a run that did not come to its end, begun then: what that had read was not
    /// asked again.
    pub resumed_from: Option<Timestamp>,
    /// Requests that may be under way at once in the end, as far as the server bore it.
    pub in_flight: usize,
    /// What to know of how it went, though nothing failed.
    pub notes: Vec<String>,
}

/// A sync that did not come to its end is gone on with for so long after it last wrote something
/// down: however long it takes in all, it need not begin again.
const RESUMABLE: SignedDuration = SignedDuration::from_hours(1);

/// But nothing of it is older than this. Each scope says when it was read.
const OLDEST: SignedDuration = SignedDuration::from_hours(24);

/// One run.
pub(crate) struct Job {
    pub(crate) engine: Engine,
    pub(crate) connection: Connection,
    pub(crate) client: Client,
    pub(crate) live: Arc<Live>,
    pub(crate) cancel: CancellationToken,
    pub(crate) root: ScopeKey,
    /// Its number, for the history.
    run: SyncId,
    /// Read again also what seems unchanged.
    pub(crate) full: bool,
    /// When it began, with the run that it goes on with: what was read since need not be asked.
    pub(crate) since: Timestamp,
    /// It goes on with an earlier run.
    resumed: bool,
    /// Which list of groups and projects the account is asked for.
    reach: Mutex<Reach>,
    /// Rows that could not be read: asked once in a run.
    pub(crate) tried: Mutex<HashSet<Target>>,
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

    /// Ends a running sync after the requests under way; those that wait are not sent. What was
    /// read is kept.
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
        let root = root.unwrap_or(ScopeKey::INSTANCE);
        let held = self.begin(id, root, full, Errand::Sync).await?;
        let tree_known = held.goes_on_with.is_some_and(|before| before.tree_known);
        held.run(async |job| job.run(tree_known).await).await
    }

    /// Takes the lock and gets everything ready: also what an earlier run left, if this is to go
    /// on with it.
    pub(crate) async fn begin(
        &self,
        id: ConnectionId,
        root: ScopeKey,
        full: bool,
        errand: Errand,
    ) -> Result<Held> {
        let connection = self.connection(id).await?;
        let client = self.client(&connection).await?;
        let lock = locks::take(self.store().folder(), id, Work::Sync)?;
        client.try_again();
        let aim = Aim { connection: id, root, full };
        let (now, is_sync) = (self.now(), errand == Errand::Sync);
        let whole = is_sync && root == ScopeKey::INSTANCE;
        let (before, run) = self
            .db(move |store| {
                let before = if is_sync { left_over(store, aim, now)? } else { None };
                let since = before.map_or(now, |before| before.started_at);
                if is_sync && before.is_none() {
                    let fresh =
                        Unfinished { started_at: since, tree_known: false, written_at: None };
                    store.note_unfinished(aim, fresh)?;
                }
                Ok((before, store.begin_sync(id, whole, since)?))
            })
            .await?;
        let cancel = CancellationToken::new();
        let job = Job {
            engine: self.clone(),
            connection,
            client: client.until(cancel.clone()),
            live: self.live(id),
            cancel,
            root,
            run,
            full,
            since: before.map_or(now, |before| before.started_at),
            resumed: before.is_some(),
            reach: Mutex::new(Reach::Membership),
            tried: Mutex::default(),
        };
        Ok(Held { job, errand, began: now, goes_on_with: before, _lock: lock })
    }
}

/// The run that one begun now would go on with.
fn left_over(
    store: &Store,
    aim: Aim,
    now: Timestamp,
) -> heirloom_store::Result<Option<Unfinished>> {
    Ok(store.unfinished(aim)?.filter(|before| {
        let age = now.duration_since(before.started_at);
        let last = before.written_at.unwrap_or(before.started_at);
        let idle = now.duration_since(last);
        !age.is_negative() && age < OLDEST && idle < RESUMABLE
    }))
}

/// What a run is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Errand {
    /// Bringing the copy up to date, from where an earlier run left it.
    Sync,
    /// A closer look at one kind.
    Scan,
}

/// A run with the lock it needs.
pub(crate) struct Held {
    job: Job,
    errand: Errand,
    began: Timestamp,
    goes_on_with: Option<Unfinished>,
    _lock: locks::Held,
}

impl Held {
    /// Runs, and says what came of it.
    pub(crate) async fn run(self, work: impl AsyncFnOnce(&Job) -> Result<()>) -> Result<Summary> {
        let job = &self.job;
        let (engine, id, run) = (&job.engine, job.id(), job.run);
        job.live.sync.begin(job.cancel.clone());
        engine.changed();
        let before = job.client.request_counts();
        let outcome = work(job).await.map_err(|error| job.in_time(error));
        let counts = job.client.request_counts();
        let total = counts.total - before.total;
        let cancelled = job.cancel.is_cancelled();
        let outcome = match outcome {
            // Whatever the server said to the last requests: nobody waits for it any more.
            Err(Error::Gitlab(_) | Error::StoppedAnswering { .. }) if cancelled => Ok(()),
            outcome => outcome,
        };
        let stopped = match &outcome {
            Err(error) => Some(format!("{error}. What was read is kept")),
            Ok(()) if cancelled => Some("Cancelled. What was read is kept".into()),
            Ok(()) => None,
        };
        let read = job.read_by(self.errand).await;
        let status = job.live.sync.end(total, stopped.clone(), &read);
        let ended = engine.now();
        let end = SyncEnd {
            complete: stopped.is_none() && status.failed.is_empty(),
            failed: u32::try_from(status.failed.len()).unwrap_or(u32::MAX),
            requests: status.requests,
            stopped,
        };
        let (complete, aim) = (end.complete, job.aim());
        let came_to_its_end = self.errand == Errand::Sync && end.stopped.is_none();
        engine
            .db(move |store| {
                store.end_sync(run, end, ended)?;
                if came_to_its_end {
                    store.forget_unfinished(aim)?;
                }
                retention::forget_old(store, ended)
            })
            .await?;
        engine.changed();
        outcome?;
        let scopes = engine.db(move |store| store.scope_counts(id)).await?;
        Ok(Summary {
            groups: scopes.groups,
            projects: scopes.projects,
            rows: scopes.rows,
            requests: since_then(&before.by_kind, counts.by_kind),
            total,
            retries: counts.retries - before.retries,
            failed: status.failed,
            seconds: (ended - self.began).total(jiff::Unit::Second).unwrap_or_default(),
            complete,
            cancelled,
            resumed_from: self.goes_on_with.map(|before| before.started_at),
            in_flight: job.client.in_flight_limit(),
            notes: status.notes,
        })
    }
}

impl Job {
    async fn run(&self, tree_known: bool) -> Result<()> {
        let capable = self.cancel.run_until_cancelled(self.refresh_capabilities()).await;
        capable.transpose()?;
        if self.cancel.is_cancelled() {
            return Ok(());
        }
        let tree = self.take_tree(tree_known).await?;
        if self.cancel.is_cancelled() {
            return Ok(());
        }
        let above = self.above().await?;
        self.take_lists(&tree).await?;
        drop(tree);
        if self.cancel.is_cancelled() {
            return Ok(());
        }
        self.take_settings().await?;
        self.unsettle(above).await
    }

    /// What this run has read when it comes to its end.
    async fn read_by(&self, errand: Errand) -> progress::Reach {
        let (id, root) = (self.id(), self.root);
        if errand == Errand::Scan {
            return progress::Reach::Nothing;
        }
        if root == ScopeKey::INSTANCE {
            return progress::Reach::Everything;
        }
        match self.engine.db(move |store| store.scope(id, root)).await {
            Ok(scope) => progress::Reach::Below(root, scope.listed.path),
            // Without its path nothing can be said of what is below it: that stays listed.
            Err(_) => progress::Reach::Nothing,
        }
    }

    /// What this run is after.
    pub(crate) const fn aim(&self) -> Aim {
        Aim { connection: self.connection.id, root: self.root, full: self.full }
    }

    /// Notes that groups and projects are listed: a run that goes on with this one need not.
    async fn note_tree(&self) -> Result<()> {
        let (aim, started_at, now) = (self.aim(), self.since, self.engine.now());
        let state = Unfinished { started_at, tree_known: true, written_at: Some(now) };
        self.engine.db(move |store| store.note_unfinished(aim, state)).await
    }

    /// A row could not be read.
    fn tried(&self, target: Option<Target>) {
        lock(&self.tried).extend(target);
    }

    fn was_tried(&self, target: &Target) -> bool {
        lock(&self.tried).contains(target)
    }

    /// Says when a server stopped answering.
    fn in_time(&self, error: Error) -> Error {
        match error {
            Error::Gitlab(source) => match source.problem {
                Problem::StoppedAnswering { silent_for, .. } => {
                    let silent = SignedDuration::try_from(silent_for).unwrap_or_default();
                    let host = self.client.base().host();
                    Error::StoppedAnswering { host, at: self.engine.now() - silent, source }
                }
                _ => Error::Gitlab(source),
            },
            other => other,
        }
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
        self.fail_words(scope, path, why.problem.to_string());
    }

    fn fail_words(&self, scope: ScopeKey, path: &str, why: String) {
        self.live.sync.fail(FailedScope { scope, path: path.to_owned(), why });
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

fn since_then(
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
