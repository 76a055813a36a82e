//! Writes the journal and the local copy for many steps at once: each must be on disk before the
//! next thing happens to it, and a disk takes as long for one as for a dozen.

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_store::app::history::Cause;
use heirloom_store::app::journal::{Ended, RunId};
use heirloom_store::cache::integrations::ValuesRead;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::{Engine, Error, Result};

/// Entries that are written together at most.
const TOGETHER: usize = 64;

/// Something to be written, and who waits for it.
struct Entry {
    what: What,
    done: oneshot::Sender<Result<()>>,
}

enum What {
    Sent(u32),
    NotSent(u32),
    Read(Cause, Box<ValuesRead>),
    Link(ScopeKey, Slug),
    Ended(Box<Ended>),
}

/// Takes entries of one run. Cheap to use from many steps at once.
pub(super) struct Scribe(mpsc::Sender<Entry>);

impl Scribe {
    /// The scribe, and the task that ends when it is dropped.
    pub(super) fn start(engine: Engine, id: ConnectionId, run: RunId) -> (Self, JoinHandle<()>) {
        let (sender, mut entries) = mpsc::channel(TOGETHER);
        let task = tokio::spawn(async move {
            let mut batch = Vec::with_capacity(TOGETHER);
            while entries.recv_many(&mut batch, TOGETHER).await > 0 {
                let mut sorted = Sorted::default();
                batch.drain(..).for_each(|entry| sorted.add(entry));
                sorted.write(&engine, id, run).await;
            }
        });
        (Self(sender), task)
    }

    /// Marks a step just before its first request; returns when that is on disk.
    pub(super) async fn sent(&self, number: u32) -> Result<()> {
        self.put(What::Sent(number)).await
    }

    /// Takes the mark back from a step that surely changed nothing.
    pub(super) async fn not_sent(&self, number: u32) -> Result<()> {
        self.put(What::NotSent(number)).await
    }

    /// Takes a reading over into the local copy.
    pub(super) async fn read(&self, cause: Cause, found: ValuesRead) -> Result<()> {
        self.put(What::Read(cause, Box::new(found))).await
    }

    /// Resolves a row's source again in the local copy.
    pub(super) async fn link(&self, scope: ScopeKey, slug: Slug) -> Result<()> {
        self.put(What::Link(scope, slug)).await
    }

    /// Notes how a step ended; returns when that is on disk.
    pub(super) async fn ended(&self, ended: Ended) -> Result<()> {
        self.put(What::Ended(Box::new(ended))).await
    }

    async fn put(&self, what: What) -> Result<()> {
        let (done, waiting) = oneshot::channel();
        self.0.send(Entry { what, done }).await.map_err(|_| Error::Stopped)?;
        waiting.await.map_err(|_| Error::Stopped)?
    }
}

/// What goes into one transaction, and who waits for that.
struct Pile<T> {
    all: Vec<T>,
    waiting: Vec<oneshot::Sender<Result<()>>>,
}

impl<T> Default for Pile<T> {
    fn default() -> Self {
        Self { all: Vec::new(), waiting: Vec::new() }
    }
}

impl<T> Pile<T> {
    fn add(&mut self, one: T, done: oneshot::Sender<Result<()>>) {
        self.all.push(one);
        self.waiting.push(done);
    }

    /// Writes all of it, and tells all who waited; the first also why, where it failed.
    async fn write<F: Future<Output = Result<()>>>(self, write: impl FnOnce(Vec<T>) -> F) {
        if self.all.is_empty() {
            return;
        }
        let mut result = write(self.all).await;
        for reply in self.waiting {
            let failed = result.is_err();
            let told =
                std::mem::replace(&mut result, if failed { Err(Error::Stopped) } else { Ok(()) });
            // Who gave up waiting need not be told.
            drop(reply.send(told));
        }
    }
}

/// Entries by what they are. A step has one at a time, so that their order does not matter.
#[derive(Default)]
struct Sorted {
    sent: Pile<u32>,
    not_sent: Pile<u32>,
    /// Before anything was written, and read back afterwards.
    before: Pile<ValuesRead>,
    back: Pile<ValuesRead>,
    links: Pile<(ScopeKey, Slug)>,
    ended: Pile<Ended>,
}

impl Sorted {
    fn add(&mut self, entry: Entry) {
        let done = entry.done;
        match entry.what {
            What::Sent(number) => self.sent.add(number, done),
            What::NotSent(number) => self.not_sent.add(number, done),
            What::Read(Cause::Run(_), found) => self.back.add(*found, done),
            What::Read(_, found) => self.before.add(*found, done),
            What::Link(scope, slug) => self.links.add((scope, slug), done),
            What::Ended(ended) => self.ended.add(*ended, done),
        }
    }

    async fn write(self, engine: &Engine, id: ConnectionId, run: RunId) {
        let now = engine.now();
        let caused = Cause::Run(run);
        let mark = |at| move |sent| engine.db(move |store| store.mark_sent(run, sent, at));
        let take = |cause| move |found| engine.db(move |store| store.take_values(id, cause, found));
        self.sent.write(mark(Some(now))).await;
        self.not_sent.write(mark(None)).await;
        self.before.write(take(Cause::Reading)).await;
        self.back.write(take(caused)).await;
        self.links.write(|rows| engine.relink_all(id, rows, caused)).await;
        self.ended.write(|ended| engine.db(move |store| store.end_steps(run, ended))).await;
    }
}
