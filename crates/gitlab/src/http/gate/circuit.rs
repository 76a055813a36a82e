//! Telling a server that is down from a request that fails.
//!
//! A request that fails is tried again and then reported, alone. When many in a row fail, whatever
//! they asked for, it is the server: then all requests hold back together, without spending their
//! tries, and go on when it answers again. If it stays silent for longer than our patience, every
//! request ends at once with the same error, instead of each trying for itself.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// So many failures in a row are no coincidence.
const IN_A_ROW: u32 = 12;

/// Once it is down, nothing is sent for so long.
const COOL: Duration = Duration::from_secs(1);

/// What a failure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    /// Of this request alone, as far as one can tell.
    Alone,
    /// Of the server: hold everything back. How often that was found already.
    Trouble(u32),
    /// The server is down, and was for so long.
    Down(Duration),
}

/// Watches all requests of a client.
#[derive(Debug, Default)]
pub(crate) struct Circuit(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// When the first of the requests in question was sent.
    silent_since: Option<Instant>,
    down_at: Option<Instant>,
}

impl Circuit {
    /// The server answered, if only to refuse.
    pub(crate) fn answered(&self) {
        *self.lock() = State::default();
    }

    /// A request that was sent at `sent` failed.
    pub(crate) fn failed(&self, sent: Instant, now: Instant, patience: Duration) -> Finding {
        let mut state = self.lock();
        state.failures = state.failures.saturating_add(1);
        let since = state.silent_since.map_or(sent, |since| since.min(sent));
        state.silent_since = Some(since);
        if state.failures < IN_A_ROW {
            return Finding::Alone;
        }
        let silence = now.saturating_duration_since(since);
        if silence < patience {
            return Finding::Trouble(state.failures - IN_A_ROW);
        }
        state.down_at = Some(now);
        Finding::Down(silence)
    }

    /// Somebody wants to try again: what was found before is forgotten.
    pub(crate) fn forget(&self) {
        *self.lock() = State::default();
    }

    /// Whether the server is down, so that nothing need be sent: for how long it was silent.
    pub(crate) fn down(&self, now: Instant) -> Option<Duration> {
        let state = self.lock();
        let down_at = state.down_at.filter(|at| now.saturating_duration_since(*at) < COOL)?;
        Some(down_at.saturating_duration_since(state.silent_since?))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Circuit, Finding, IN_A_ROW};

    const PATIENCE: Duration = Duration::from_secs(10);

    #[test]
    fn failures_among_answers_are_each_their_own() {
        let (circuit, now) = (Circuit::default(), Instant::now());
        for _ in 0..1_000 {
            assert_eq!(circuit.failed(now, now, PATIENCE), Finding::Alone, "others work");
            circuit.answered();
        }
    }

    #[test]
    fn many_in_a_row_hold_everything_back_and_a_long_silence_ends_it() {
        let (circuit, begun) = (Circuit::default(), Instant::now());
        for _ in 1..IN_A_ROW {
            let found = circuit.failed(begun, begun, PATIENCE);
            assert_eq!(found, Finding::Alone, "not many yet");
        }
        let found = circuit.failed(begun, begun, PATIENCE);
        assert_eq!(found, Finding::Trouble(0), "that is the server");
        assert_eq!(circuit.down(begun), None, "it may come back");
        let late = begun + PATIENCE;
        assert_eq!(circuit.failed(late, late, PATIENCE), Finding::Down(PATIENCE), "it did not");
        assert_eq!(circuit.down(late), Some(PATIENCE), "nobody need ask");
        let later = late + Duration::from_secs(2);
        assert_eq!(circuit.down(later), None, "after a while it is tried again");
        let found = circuit.failed(later, later, PATIENCE);
        assert!(matches!(found, Finding::Down(_)), "once is enough then: {found:?}");
        circuit.answered();
        assert_eq!(circuit.failed(later, later, PATIENCE), Finding::Alone, "it is back");
    }
}
