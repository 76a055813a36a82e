//! The threads that ask and write the local databases. They are few and stay the same: each keeps
//! memory of its own once it has read something, and what would be more than the databases have
//! connections only waits there.

use heirloom_store::Store;
use tokio::runtime::{Builder, Runtime};

use crate::{Error, Result};

/// As many as there are connections that read, and one for the connection that writes.
const MOST: usize = 4;

/// Those of one engine.
pub(crate) struct Threads(Option<Runtime>);

impl Threads {
    /// None is started before there is something to ask.
    pub(crate) fn new() -> Result<Self> {
        // It runs nothing but such work: whoever awaits that has a runtime already.
        let runtime = Builder::new_current_thread()
            .thread_name("databases")
            .max_blocking_threads(MOST)
            .build()
            .map_err(|source| Error::File { path: "a thread".into(), source })?;
        Ok(Self(Some(runtime)))
    }

    /// Does work on one of them, in its turn.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        store: &Store,
        work: impl FnOnce(&Store) -> heirloom_store::Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = store.clone();
        let runtime = self.0.as_ref().ok_or(Error::Stopped)?;
        let done = runtime.spawn_blocking(move || work(&store)).await;
        Ok(done.map_err(|_| Error::Stopped)??)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // What is under way ends by itself; waiting for it here could hold up an async thread.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
