//! Where a crowd began, and when it is tried again whether it still would.
//!
//! A server that has no room says so only by letting requests wait, and not ours alone. So where
//! a line once grew, the limit stays a little below: one place in eight is left to the server's
//! other users, who then wait for nobody. Later it is tried for a moment whether there is more
//! room now; the oftener there was not, the later.

use std::time::Duration;

use super::decide::CALM;

/// The first time it is tried again after so long.
const SOON: Duration = Duration::from_millis(250);

/// And in the end every so long.
const LATE: Duration = Duration::from_secs(8);

/// What is known of where a crowd begins.
#[derive(Debug, Default)]
pub(crate) struct Knee(Option<Found>);

#[derive(Debug, Clone, Copy)]
struct Found {
    /// As far as the limit goes meanwhile.
    below: usize,
    /// When it may go further.
    again_at: Duration,
    wait: Duration,
}

impl Knee {
    /// Whether a limit may climb.
    pub(crate) fn lets(&self, limit: usize, now: Duration) -> bool {
        self.0.is_none_or(|found| limit < found.below || now >= found.again_at)
    }

    /// Whether a limit is where there was a crowd, tried again.
    pub(crate) fn is_tried(&self, limit: usize) -> bool {
        self.0.is_some_and(|found| limit > found.below)
    }

    /// Whether there should be no crowd with so many, as far as is known.
    pub(crate) fn was_clear(&self, limit: usize) -> bool {
        self.0.is_some_and(|found| limit <= found.below)
    }

    /// There was a crowd with so many under way: answers took `stretch` times what they take in
    /// peace. Gives where the limit goes.
    ///
    /// By Little's law the server works on `limit ÷ stretch` at a time, and the rest stands in
    /// line.
    pub(crate) fn crowded(&mut self, limit: usize, stretch: f64, now: Duration) -> usize {
        let holds = (limit as f64 / stretch.clamp(1.0, 2.0)).floor() as usize;
        // With [`CALM`] under way there is no crowd of our making.
        let below = (holds - (holds / 8).max(1).min(holds)).max(CALM).min(limit);
        let wait = match self.0 {
            // About where it was the last time, or sooner.
            Some(found) if below <= found.below + (found.below / 4).max(1) => {
                (found.wait * 2).min(LATE)
            }
            _ => SOON,
        };
        self.0 = Some(Found { below, again_at: now + wait, wait });
        below
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Knee, LATE, SOON};

    #[test]
    fn one_place_in_eight_is_left_to_others() {
        let mut knee = Knee::default();
        assert_eq!(knee.crowded(24, 1.5, Duration::ZERO), 14, "16 of 24 were worked on");
        assert_eq!(knee.crowded(24, 9.0, Duration::ZERO), 11, "at most by half at a time");
        assert_eq!(knee.crowded(6, 1.2, Duration::ZERO), 4, "at least one");
        assert_eq!(knee.crowded(5, 3.0, Duration::ZERO), 4, "four are no crowd");
        assert_eq!(knee.crowded(3, 3.0, Duration::ZERO), 3, "nor are three");
    }

    #[test]
    fn below_it_the_limit_climbs_freely_and_beyond_only_later() {
        let mut knee = Knee::default();
        assert!(knee.lets(1_000, Duration::ZERO), "nothing stood in the way yet");
        let below = knee.crowded(24, 1.5, Duration::ZERO);
        assert!(knee.lets(below - 1, Duration::ZERO), "there was no crowd");
        assert!(!knee.lets(below, Duration::ZERO), "there was");
        assert!(knee.lets(below, SOON), "later it is tried");
    }

    #[test]
    fn the_oftener_there_was_no_room_the_later_it_is_tried() {
        let (mut knee, mut now, mut tried) = (Knee::default(), Duration::ZERO, 0);
        let mut below = knee.crowded(24, 1.5, now);
        while now < Duration::from_secs(60) {
            now += Duration::from_millis(50);
            if knee.lets(below, now) {
                below = knee.crowded(20, 1.25, now);
                tried += 1;
            }
        }
        assert!((8..=14).contains(&tried), "not all the time: {tried} times in a minute");
        assert!(knee.lets(below, now + LATE), "but never given up");
        assert_eq!(knee.crowded(40, 1.25, now), 28, "there was more room");
        assert!(knee.lets(28, now + SOON), "so it is tried soon again");
    }
}
