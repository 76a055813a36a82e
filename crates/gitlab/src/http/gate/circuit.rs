//! Telling a server that is down from a request that fails.
//!
//! A request that fails is tried again and then reported, alone. When many in a row fail, whatever
//! they asked for, it is the server: then all requests hold back together, without spending their
//! tries, and go on when it answers again. If it stays silent for longer than our patience, every
//! request ends at once with the same error, instead of each trying for itself.
//!
//! A failure in GitLab's own words (500 with JSON) is mostly that of the scope that was asked: such
//! failures are counted by scope, and only many scopes in a row are the server. Each of them keeps
//! its own tries all the same, so that a group of broken projects is passed by.

use std::collections::HashSet;
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
    /// Scopes that failed in GitLab's own words.
    scopes: HashSet<String>,
    /// Somebody looks closer at one of them.
    looking: bool,
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
        let in_a_row = state.failures;
        state.judge(in_a_row, sent, now, patience)
    }

    /// A request about `scope` that was sent at `sent` failed, and GitLab said so itself.
    pub(crate) fn failed_in_words(
        &self,
        scope: &str,
        sent: Instant,
        now: Instant,
        patience: Duration,
    ) -> Finding {
        let mut state = self.lock();
        let in_a_row = state.count(scope);
        state.judge(in_a_row, sent, now, patience)
    }

    /// The same for a single row of a scope: that proves nothing of the server, so it is at most
    /// found to be in trouble; by one request at a time, which then looks closer and says when it
    /// has ([`Circuit::looked`]).
    pub(crate) fn row_failed_in_words(&self, scope: &str, sent: Instant) -> Finding {
        let mut state = self.lock();
        let in_a_row = state.count(scope);
        state.silent_since = Some(state.silent_since.map_or(sent, |since| since.min(sent)));
        match in_a_row.checked_sub(IN_A_ROW) {
            Some(found) if !state.looking => {
                state.looking = true;
                Finding::Trouble(found)
            }
            _ => Finding::Alone,
        }
    }

    /// Somebody has looked closer.
    pub(crate) fn looked(&self) {
        self.lock().looking = false;
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

impl State {
    /// Counts a scope that failed in words, and says how many did.
    fn count(&mut self, scope: &str) -> u32 {
        if !self.scopes.contains(scope) {
            self.scopes.insert(scope.to_owned());
        }
        u32::try_from(self.scopes.len()).unwrap_or(u32::MAX)
    }

    fn judge(&mut self, in_a_row: u32, sent: Instant, now: Instant, patience: Duration) -> Finding {
        let since = self.silent_since.map_or(sent, |since| since.min(sent));
        self.silent_since = Some(since);
        if in_a_row < IN_A_ROW {
            return Finding::Alone;
        }
        let silence = now.saturating_duration_since(since);
        if silence < patience {
            return Finding::Trouble(in_a_row - IN_A_ROW);
        }
        self.down_at = Some(now);
        Finding::Down(silence)
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

    #[test]
    fn words_count_by_scope_and_many_scopes_in_a_row_are_the_server() {
        let (circuit, begun) = (Circuit::default(), Instant::now());
        let late = begun + PATIENCE;
        for _ in 0..1_000 {
            let found = circuit.failed_in_words("/projects/7", begun, late, PATIENCE);
            assert_eq!(found, Finding::Alone, "however often one scope fails");
        }
        for id in 0..IN_A_ROW - 2 {
            let scope = format!("/groups/{id}");
            let found = circuit.failed_in_words(&scope, begun, begun, PATIENCE);
            assert_eq!(found, Finding::Alone, "not many yet");
        }
        let found = circuit.failed_in_words("/groups/100", begun, begun, PATIENCE);
        assert_eq!(found, Finding::Trouble(0), "that is the server");
        let found = circuit.failed_in_words("/groups/101", late, late, PATIENCE);
        assert_eq!(found, Finding::Down(PATIENCE), "it stays so");
        circuit.answered();
        let found = circuit.failed_in_words("/groups/102", late, late, PATIENCE);
        assert_eq!(found, Finding::Alone, "one good answer, and they are scopes again");
    }
}
