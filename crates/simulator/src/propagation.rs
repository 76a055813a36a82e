//! The queue that carries saved defaults to what inherits them, a moment later.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::site::Site;
use crate::world::Job;

/// How many scopes are written before readers get their turn.
const BATCH: usize = 1_000;

/// The jobs under way.
pub(crate) struct Propagation {
    delay: Duration,
    pending: watch::Sender<usize>,
    /// Where jobs run: whoever saves a default need not be part of a runtime.
    runtime: Handle,
}

impl Propagation {
    pub(crate) fn new(delay: Duration, runtime: Handle) -> Self {
        Self { delay, pending: watch::Sender::new(0), runtime }
    }

    pub(crate) fn pending(&self) -> usize {
        *self.pending.borrow()
    }

    /// Waits until every default saved so far has arrived.
    pub(crate) async fn done(&self) {
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = self.pending.subscribe().wait_for(|pending| *pending == 0).await;
    }

    /// Queues the propagation of a default that was just saved.
    pub(crate) fn start(site: &Arc<Site>, job: Job) {
        site.propagation.pending.send_modify(|pending| *pending += 1);
        let site = Arc::clone(site);
        site.propagation.runtime.clone().spawn(async move {
            tokio::time::sleep(site.propagation.delay).await;
            let targets = site.read().targets(job);
            for batch in targets.chunks(BATCH) {
                site.write().propagate(job, batch, site.clock.now());
                tokio::task::yield_now().await;
            }
            site.propagation.pending.send_modify(|pending| *pending -= 1);
        });
    }
}
