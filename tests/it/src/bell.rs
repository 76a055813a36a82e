//! Waiting for the engine to say that something moved.

use heirloom_engine::Listener;
use tokio::sync::watch;

/// Rings at every change. Tests wait for a state with it, never for a time.
pub struct Bell(watch::Sender<u64>);

impl Default for Bell {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Bell {
    /// Waits until a state holds, looking again at each change.
    pub async fn wait_until(&self, mut holds: impl FnMut() -> bool) {
        let mut changes = self.0.subscribe();
        while !holds() {
            changes.changed().await.expect("the bell itself keeps the channel open");
        }
    }
}

impl Listener for Bell {
    fn changed(&self) {
        self.0.send_modify(|count| *count += 1);
    }
}
