//! One pause for all requests of a client, when the server asks for fewer.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Until when nothing is sent.
#[derive(Debug, Default)]
pub(crate) struct Pause(Mutex<Option<Instant>>);

impl Pause {
    /// Nothing is sent for at least this long from now; a longer pause already running stays.
    pub(crate) fn at_least(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Some(held.map_or(until, |before| before.max(until)));
    }

    /// What is left of the pause.
    pub(crate) fn left(&self) -> Option<Duration> {
        let until = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }

    /// Waits the pause out, also when it grows meanwhile.
    pub(crate) async fn over(&self) {
        while let Some(left) = self.left() {
            sleep_until(Instant::now() + left).await;
        }
    }
}
