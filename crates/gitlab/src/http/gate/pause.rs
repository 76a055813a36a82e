//! Pauses, when the server asks for fewer requests: of all of them, or of those to one endpoint.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::throttle::Throttle;

/// Until when nothing is sent.
#[derive(Debug, Default)]
pub(crate) struct Pause(Mutex<Until>);

#[derive(Debug, Default)]
struct Until {
    all: Option<Instant>,
    own: [Option<Instant>; Throttle::ALL.len()],
}

impl Pause {
    /// Nothing is sent for at least this long from now; a longer pause already running stays.
    pub(crate) fn all(&self, wait: Duration) {
        lengthen(&mut self.lock().all, wait);
    }

    /// Nothing that counts for this throttle is sent for at least this long from now.
    pub(crate) fn only(&self, throttle: Throttle, wait: Duration) {
        if let Some(until) = self.lock().own.get_mut(throttle as usize) {
            lengthen(until, wait);
        }
    }

    /// What is left of the pause of all requests.
    pub(crate) fn left(&self) -> Option<Duration> {
        left(self.lock().all)
    }

    /// What is left of the pauses that hold a request which counts for this throttle, if for any.
    pub(crate) fn left_for(&self, throttle: Option<Throttle>) -> Option<Duration> {
        let until = self.lock();
        let own = throttle.and_then(|it| until.own.get(it as usize).copied().flatten());
        left(until.all.max(own))
    }

    /// What is left of the longest pause of a single endpoint.
    pub(crate) fn longest_of_one(&self) -> Option<Duration> {
        left(self.lock().own.iter().copied().max().flatten())
    }

    /// Waits until such a request may go, also when its pause grows meanwhile.
    pub(crate) async fn over(&self, throttle: Option<Throttle>) {
        while let Some(left) = self.left_for(throttle) {
            sleep_until(Instant::now() + left).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Until> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lengthen(until: &mut Option<Instant>, wait: Duration) {
    *until = (*until).max(Some(Instant::now() + wait));
}

fn left(until: Option<Instant>) -> Option<Duration> {
    until?.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Pause, Throttle};

    const MINUTE: Duration = Duration::from_secs(60);

    /// Nearly that long: a little of it has passed.
    fn is_about(left: Option<Duration>, wait: Duration) -> bool {
        left.is_some_and(|left| left <= wait && left > wait - Duration::from_secs(10))
    }

    #[test]
    fn an_endpoints_pause_holds_that_endpoint_alone() {
        let pause = Pause::default();
        pause.only(Throttle::Groups, MINUTE);
        assert_eq!(pause.left_for(None), None, "others go at once");
        assert_eq!(pause.left_for(Some(Throttle::Projects)), None, "other endpoints too");
        assert_eq!(pause.left(), None, "it is no pause of everything");
        assert!(is_about(pause.longest_of_one(), MINUTE), "and it is known");
        assert!(is_about(pause.left_for(Some(Throttle::Groups)), MINUTE), "it waits its own out");
        pause.only(Throttle::Groups, MINUTE / 2);
        assert!(is_about(pause.left_for(Some(Throttle::Groups)), MINUTE), "and never less");
    }

    #[test]
    fn the_longer_of_both_pauses_counts() {
        let pause = Pause::default();
        pause.only(Throttle::Groups, MINUTE / 2);
        pause.all(MINUTE);
        pause.all(MINUTE / 4);
        assert!(is_about(pause.left_for(Some(Throttle::Groups)), MINUTE), "that of everything");
        assert!(is_about(pause.left_for(None), MINUTE), "for everybody");
        pause.only(Throttle::Groups, MINUTE * 2);
        assert!(is_about(pause.left_for(Some(Throttle::Groups)), MINUTE * 2), "its own");
        assert!(is_about(pause.left(), MINUTE), "which is nobody else's");
    }

    #[tokio::test]
    async fn a_pause_is_waited_out_by_whom_it_holds() {
        let pause = Pause::default();
        pause.only(Throttle::Groups, Duration::from_millis(5));
        pause.over(Some(Throttle::Groups)).await;
        assert_eq!(pause.left_for(Some(Throttle::Groups)), None, "none of it is left");
    }
}
