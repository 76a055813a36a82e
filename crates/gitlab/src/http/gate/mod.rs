//! The gate every request goes through: how many at once, how often, and when none at all.

pub(crate) mod circuit;
mod control;
mod decide;
mod knee;
#[cfg(test)]
mod model;
pub(crate) mod pace;
pub(crate) mod pause;
pub(crate) mod throttle;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};

use self::control::{Control, Ticket};

pub(crate) use self::control::Outcome;

/// Who waits for a place looks so often whether what it waits for still holds.
const LOOK: Duration = Duration::from_millis(250);

/// Lets requests through, as many at a time as the server bears: see [`decide`].
pub(crate) struct Gate {
    places: Semaphore,
    begun: Instant,
    inner: Mutex<Inner>,
}

struct Inner {
    control: Control,
    /// Places there are, free or taken. May be above the limit until enough are given back.
    size: usize,
}

/// A place within the gate. Dropping it without an outcome gives it back as if nothing had been
/// sent.
pub(crate) struct Turn<'a> {
    gate: &'a Gate,
    place: Option<SemaphorePermit<'a>>,
    ticket: Ticket,
    sent: Instant,
}

impl Gate {
    pub(crate) fn new(ceiling: usize, adaptive: bool) -> Self {
        let control = Control::new(ceiling, adaptive);
        let size = control.limit();
        Self {
            places: Semaphore::new(size),
            begun: Instant::now(),
            inner: Mutex::new(Inner { control, size }),
        }
    }

    /// Waits for a place. `None` only when the gate is gone for good, which it never is.
    pub(crate) async fn enter(&self, kind: &'static str) -> Option<Turn<'_>> {
        let place = loop {
            match timeout(LOOK, self.places.acquire()).await {
                Ok(place) => break place.ok()?,
                Err(_) => {
                    let mut inner = self.lock();
                    inner.control.passed(self.begun.elapsed());
                    self.fit(&mut inner);
                }
            }
        };
        let sent = Instant::now();
        let mut inner = self.lock();
        let ticket = inner.control.sent(kind, sent - self.begun);
        self.fit(&mut inner);
        drop(inner);
        Some(Turn { gate: self, place: Some(place), ticket, sent })
    }

    /// How many may be under way now.
    pub(crate) fn limit(&self) -> usize {
        self.lock().control.limit()
    }

    /// What answers of a kind took when few requests were under way.
    pub(crate) fn calm(&self, kind: &str) -> Option<Duration> {
        self.lock().control.calm(kind)
    }

    /// How many are under way.
    pub(crate) fn under_way(&self) -> usize {
        self.lock().control.under_way()
    }

    /// Brings the number of places to the limit, as far as they are free.
    fn fit(&self, inner: &mut Inner) {
        let limit = inner.control.limit();
        if limit > inner.size {
            self.places.add_permits(limit - inner.size);
            inner.size = limit;
        } else if limit < inner.size {
            inner.size -= self.places.forget_permits(inner.size - limit);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// The answer came, or did not.
    pub(crate) fn back(mut self, outcome: Outcome) {
        self.leave(Some(outcome));
    }

    fn leave(&mut self, outcome: Option<Outcome>) {
        let Some(place) = self.place.take() else { return };
        let now = Instant::now();
        let mut inner = self.gate.lock();
        match outcome {
            Some(outcome) => {
                let (took, passed) = (now - self.sent, now - self.gate.begun);
                inner.control.back(self.ticket, outcome, took, passed);
            }
            None => inner.control.dropped(),
        }
        if inner.size > inner.control.limit() {
            place.forget();
            inner.size -= 1;
        } else {
            drop(place);
        }
        self.gate.fit(&mut inner);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.leave(None);
    }
}

#[cfg(test)]
mod tests {
    use super::{Gate, Outcome};

    #[tokio::test]
    async fn places_follow_the_limit_up_and_down() {
        let gate = Gate::new(24, true);
        assert_eq!(gate.limit(), 4, "it starts low");
        // A server that answers at once, whatever is under way.
        for _ in 0..60 {
            let turns = futures::future::join_all((0..gate.limit()).map(|_| gate.enter("list")));
            turns.await.into_iter().flatten().for_each(|turn| turn.back(Outcome::Answered));
        }
        assert_eq!(gate.limit(), 24, "and climbs to the ceiling");
        assert_eq!(gate.places.available_permits(), 24, "with as many places");
        let turns = futures::future::join_all((0..24).map(|_| gate.enter("list"))).await;
        turns.into_iter().flatten().for_each(|turn| turn.back(Outcome::TurnedAway));
        assert_eq!(gate.limit(), 12, "a throttle halves it");
        assert_eq!(gate.places.available_permits(), 12, "places too, though all were taken");
    }

    #[tokio::test]
    async fn a_turn_given_up_gives_its_place_back() {
        let gate = Gate::new(1, false);
        drop(gate.enter("list").await);
        assert!(gate.enter("list").await.is_some(), "the only place is free again");
    }
}
