//! How many requests may be under way, decided from how the last ones went.
//!
//! The idea is Vegas', from TCP: a server that has room answers as fast with twenty requests
//! under way as with four; one that hasn't lets them wait in line, and every wait shows as time.
//! So each kind of request has a *calm* time, measured while at most [`CALM`] requests were under
//! way, and every later answer is set against what was still usual then. While the last answers
//! stay below that, the limit climbs: it doubles until the first sign of a crowd,
//! then goes by eighths. Above it, it falls to where, by Little's law, the line would be gone.
//! Failures of the server halve it, and so does a 429.
//!
//! Only ratios are compared, so a page of a hundred projects and a list of five integrations can
//! be judged together; and *usual* is read from the calm answers' own spread, so that a server
//! whose answers always vary is not taken for a crowded one. The mean is taken, with outliers cut,
//! and not the median: where a few more requests than workers are under way, most answers are as
//! quick as ever and some take twice the time.

use std::time::Duration;

/// With so many under way a server has no crowd of our making.
pub(crate) const CALM: usize = 4;

/// Answers that make a calm time worth comparing with.
const ENOUGH_CALM: usize = 4;

/// The latest calm answers count, older ones are forgotten.
const MOST_CALM: usize = 16;

/// Fewest answers a decision rests on.
const FEWEST: usize = 8;

/// Below this share of what was usual there is room for more.
const ROOM: f64 = 0.95;

/// How long one kind of request takes while the server is left in peace.
#[derive(Debug, Default, Clone)]
pub(crate) struct CalmTimes(Vec<Duration>);

impl CalmTimes {
    /// One more answer that came in peace.
    pub(crate) fn add(&mut self, took: Duration) {
        if self.0.len() == MOST_CALM {
            self.0.remove(0);
        }
        self.0.push(took);
    }

    /// The longest an answer may usually take: a fifth over the calm median, or what three out of
    /// four calm answers stayed below where they vary more. At least 2 ms over it, since the
    /// smallest differences are this computer's own.
    pub(crate) fn usual(&self) -> Option<Duration> {
        if self.0.len() < ENOUGH_CALM {
            return None;
        }
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let median = sorted[sorted.len() / 2];
        let upper = sorted[(sorted.len() - 1) * 3 / 4].min(median * 2);
        Some((median + median / 5).max(upper).max(median + Duration::from_millis(2)))
    }
}

/// The answers since the limit last moved.
#[derive(Debug, Default, Clone)]
pub(crate) struct Window {
    /// Each answer's time as a share of what is usual for its kind.
    pub(crate) shares: Vec<f64>,
    /// All answers, also those of kinds without a calm time yet.
    pub(crate) answers: usize,
    /// Those of them that were failures of the server.
    pub(crate) failures: usize,
    /// The limit was reached: more requests would have gone out had it been higher.
    pub(crate) full: bool,
}

/// What becomes of the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Too little is known yet.
    Wait,
    /// It stays.
    Hold,
    /// There is room: up to this.
    Climb(usize),
    /// There is a crowd, or trouble: down to this.
    BackOff(usize),
}

/// Decides what becomes of a limit. `rushing`: nothing has ever stood in the way yet.
pub(crate) fn decide(limit: usize, ceiling: usize, rushing: bool, window: &Window) -> Step {
    if window.answers < limit.max(FEWEST) {
        return Step::Wait;
    }
    // One bad scope among many is no reason; one answer in eight is.
    if window.failures * 8 >= window.answers {
        return Step::BackOff((limit / 2).max(1));
    }
    let Some(share) = mean(&window.shares) else { return Step::Hold };
    if share > 1.0 {
        let down = (limit as f64 / share.clamp(1.1, 2.0)).floor();
        return Step::BackOff((down as usize).clamp(1, limit));
    }
    if share < ROOM && window.full && limit < ceiling {
        let up = if rushing { limit } else { (limit / 8).max(1) };
        return Step::Climb((limit + up).min(ceiling));
    }
    Step::Hold
}

/// After a 429 the limit is halved.
pub(crate) fn turned_away(limit: usize) -> usize {
    (limit / 2).max(1)
}

/// The mean of the shares, each counted as three at most: one answer that hangs is no crowd.
fn mean(shares: &[f64]) -> Option<f64> {
    let sum: f64 = shares.iter().map(|share| share.min(3.0)).sum();
    (!shares.is_empty()).then(|| sum / shares.len() as f64)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{CalmTimes, Step, Window, decide, turned_away};

    fn calm(millis: &[u64]) -> CalmTimes {
        let mut times = CalmTimes::default();
        millis.iter().for_each(|it| times.add(Duration::from_millis(*it)));
        times
    }

    fn window(share: f64, answers: usize) -> Window {
        Window { shares: vec![share; answers], answers, failures: 0, full: true }
    }

    #[test]
    fn usual_is_a_fifth_over_the_calm_median_or_the_servers_own_spread() {
        assert_eq!(calm(&[25, 25, 25]).usual(), None, "three answers are too few");
        let even = calm(&[25; 8]).usual();
        assert_eq!(even, Some(Duration::from_millis(30)), "a fifth over 25 ms");
        let uneven = calm(&[50, 60, 80, 100, 120, 150, 160, 400]).usual();
        assert_eq!(uneven, Some(Duration::from_millis(150)), "three of four came within 150 ms");
        let quick = calm(&[1; 8]).usual();
        assert_eq!(quick, Some(Duration::from_millis(3)), "2 ms more or less say nothing");
        let wild = calm(&[10, 10, 10, 900, 900, 10, 900, 10]).usual();
        assert!(wild <= Some(Duration::from_millis(20)), "hiccups do not count: {wild:?}");
    }

    #[test]
    fn old_calm_times_are_forgotten() {
        let mut times = calm(&[500; 16]);
        (0..16).for_each(|_| times.add(Duration::from_millis(10)));
        assert_eq!(times.usual(), Some(Duration::from_millis(12)), "only the latest count");
    }

    #[test]
    fn a_server_with_room_is_doubled_up_to_the_ceiling() {
        let (mut limit, mut steps) = (4, 0);
        while let Step::Climb(next) = decide(limit, 24, true, &window(0.85, limit.max(8))) {
            limit = next;
            steps += 1;
        }
        assert_eq!((limit, steps), (24, 3), "4, 8, 16, 24, and no further");
    }

    #[test]
    fn after_the_first_crowd_it_climbs_by_eighths() {
        assert_eq!(decide(16, 24, false, &window(0.8, 16)), Step::Climb(18), "an eighth");
        assert_eq!(decide(4, 24, false, &window(0.8, 8)), Step::Climb(5), "but at least one");
    }

    #[test]
    fn a_limit_nobody_reached_does_not_climb() {
        let idle = Window { full: false, ..window(0.8, 16) };
        assert_eq!(decide(8, 24, true, &idle), Step::Hold, "more room would change nothing");
    }

    #[test]
    fn rising_latency_brings_the_limit_to_where_the_line_is_gone() {
        // Sixteen workers, 25 ms each: with 24 under way an answer takes 37.5 ms, usual is 30.
        assert_eq!(decide(24, 24, true, &window(37.5 / 30.0, 24)), Step::BackOff(19), "24 ÷ 1.25");
        assert_eq!(decide(24, 24, true, &window(9.0, 24)), Step::BackOff(12), "at most by half");
        let one_hangs = Window { shares: [vec![0.8; 23], vec![900.0]].concat(), ..window(0.8, 24) };
        assert_eq!(decide(24, 24, true, &one_hangs), Step::Hold, "one answer is no crowd");
        assert_eq!(decide(20, 24, false, &window(1.01, 24)), Step::BackOff(18), "at least a tenth");
        assert_eq!(decide(19, 24, false, &window(0.99, 19)), Step::Hold, "usual is good enough");
    }

    #[test]
    fn the_limit_settles_below_the_knee_and_stays_there() {
        let (workers, alone, usual) = (16.0, 25.0, 30.0);
        let (mut limit, mut rushing) = (4, true);
        let mut seen = Vec::new();
        for _ in 0..60 {
            let took = alone * (limit as f64 / workers).max(1.0);
            match decide(limit, 24, rushing, &window(took / usual, limit.max(8))) {
                Step::Climb(to) => limit = to,
                Step::BackOff(to) => (limit, rushing) = (to, false),
                Step::Hold | Step::Wait => {}
            }
            seen.push(limit);
        }
        let settled = &seen[20..];
        assert!(settled.iter().all(|it| (16..=20).contains(it)), "it settles: {seen:?}");
    }

    #[test]
    fn a_few_failures_are_nothing_and_many_halve_it() {
        let failing = |failures| Window { failures, ..window(0.8, 24) };
        assert_eq!(decide(24, 24, true, &failing(2)), Step::Hold, "two bad scopes of 24");
        assert_eq!(decide(24, 24, true, &failing(3)), Step::BackOff(12), "one in eight is trouble");
        assert_eq!(decide(1, 24, true, &failing(24)), Step::BackOff(1), "one always remains");
        assert_eq!(turned_away(24), 12, "a 429 halves");
        assert_eq!(turned_away(1), 1, "one always remains");
    }

    #[test]
    fn nothing_is_decided_on_a_handful_of_answers() {
        assert_eq!(decide(4, 24, true, &window(0.5, 7)), Step::Wait, "eight at least");
        assert_eq!(decide(20, 24, true, &window(5.0, 19)), Step::Wait, "a whole round at least");
    }
}
