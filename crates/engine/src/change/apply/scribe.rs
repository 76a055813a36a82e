//! Writes the journal for many steps at once: each must be on disk before the next thing happens
//! to it, and a disk takes as long for one as for a dozen.

use heirloom_store::app::journal::{Ended, RunId};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::{Engine, Error, Result};

/// Entries that are written together at most.
const TOGETHER: usize = 64;

enum Entry {
    Sent(u32, oneshot::Sender<Result<()>>),
    Ended(Box<Ended>, oneshot::Sender<Result<()>>),
}

/// Takes entries of one run. Cheap to use from many steps at once.
pub(super) struct Scribe(mpsc::Sender<Entry>);

impl Scribe {
    /// The scribe, and the task that ends when it is dropped.
    pub(super) fn start(engine: Engine, run: RunId) -> (Self, JoinHandle<()>) {
        let (sender, mut entries) = mpsc::channel(TOGETHER);
        let task = tokio::spawn(async move {
            let mut batch = Vec::with_capacity(TOGETHER);
            while entries.recv_many(&mut batch, TOGETHER).await > 0 {
                write(&engine, run, std::mem::take(&mut batch)).await;
            }
        });
        (Self(sender), task)
    }

    /// Marks a step just before its first request; returns when that is on disk.
    pub(super) async fn sent(&self, number: u32) -> Result<()> {
        self.put(|reply| Entry::Sent(number, reply)).await
    }

    /// Notes how a step ended; returns when that is on disk.
    pub(super) async fn ended(&self, ended: Ended) -> Result<()> {
        self.put(|reply| Entry::Ended(Box::new(ended), reply)).await
    }

    async fn put(&self, entry: impl FnOnce(oneshot::Sender<Result<()>>) -> Entry) -> Result<()> {
        let (reply, done) = oneshot::channel();
        self.0.send(entry(reply)).await.map_err(|_| Error::Stopped)?;
        done.await.map_err(|_| Error::Stopped)?
    }
}

async fn write(engine: &Engine, run: RunId, batch: Vec<Entry>) {
    let (mut sent, mut ended) = (Vec::new(), Vec::new());
    let (mut marked, mut noted) = (Vec::new(), Vec::new());
    for entry in batch {
        match entry {
            Entry::Sent(number, reply) => {
                sent.push(number);
                marked.push(reply);
            }
            Entry::Ended(it, reply) => {
                ended.push(*it);
                noted.push(reply);
            }
        }
    }
    let now = engine.now();
    if !sent.is_empty() {
        answer(marked, engine.db(move |store| store.mark_sent(run, sent, now)).await);
    }
    if !ended.is_empty() {
        answer(noted, engine.db(move |store| store.end_steps(run, ended)).await);
    }
}

/// Tells all who waited; the first also why, where it failed.
fn answer(waiting: Vec<oneshot::Sender<Result<()>>>, mut result: Result<()>) {
    for reply in waiting {
        let failed = result.is_err();
        let told =
            std::mem::replace(&mut result, if failed { Err(Error::Stopped) } else { Ok(()) });
        // Who gave up waiting need not be told.
        drop(reply.send(told));
    }
}
