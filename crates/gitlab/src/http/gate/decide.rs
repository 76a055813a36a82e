//! How many requests may be under way, decided from how the last ones went.
//!
//! The idea is Vegas', from TCP: a server that has room answers as fast with twenty requests
//! under way as with four; one that hasn't lets them wait in line, and every wait shows as time.
//! So each kind of request has a *calm* time, measured while at most [`CALM`] requests were under
//! way, and every later answer is set against what was still usual then. While the last answers
//! stay below that, the limit climbs: it doubles until the first sign of a crowd,
//! then goes by eighths. Above it, two times in a row, it falls to where nobody would stand in
//! line, and stays there for a while ([`knee`](super::knee)). Failures of the server halve it, and
//! so does a 429.
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

/// An answer counts as so many times what is usual at most.
const MOST_SHARE: u32 = 3;

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

    /// The longest an answer may usually take: a fifth over the calm middle (median or mean,
    /// hiccups cut), or what three out of four calm answers stayed below where they vary more. At
    /// least 2 ms over it, since the smallest differences are this computer's own.
    pub(crate) fn usual(&self) -> Option<Duration> {
        let middle = self.middle()?;
        let sorted = self.sorted();
        let upper = sorted[(sorted.len() - 1) * 3 / 4].min(sorted[sorted.len() / 2] * 2);
        Some((middle + middle / 5).max(upper).max(middle + Duration::from_millis(2)))
    }

    /// What an answer takes: median or mean, hiccups cut; none: too few came.
    pub(crate) fn middle(&self) -> Option<Duration> {
        if self.0.len() < ENOUGH_CALM {
            return None;
        }
        let median = self.sorted()[self.0.len() / 2];
        Some(median.max(self.mean(median * 2)))
    }

    fn sorted(&self) -> Vec<Duration> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted
    }

    /// How an answer compares with those that came in peace; none: too few did.
    pub(crate) fn compare(&self, took: Duration) -> Option<Compared> {
        let usual = self.usual()?;
        // One answer that hangs is no crowd.
        let most = usual * MOST_SHARE;
        let (took, mean) = (took.min(most), self.mean(most));
        let stretch = took.div_duration_f64(mean.max(Duration::from_micros(1)));
        Some(Compared { share: took.div_duration_f64(usual), stretch })
    }

    /// The mean, each counted as so much at most.
    fn mean(&self, most: Duration) -> Duration {
        let sum: Duration = self.0.iter().map(|took| (*took).min(most)).sum();
        sum / u32::try_from(self.0.len()).unwrap_or(u32::MAX).max(1)
    }
}

/// An answer's time beside those of its kind that came in peace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Compared {
    /// As a share of the longest that was usual then.
    pub(crate) share: f64,
    /// As so many times the mean.
    pub(crate) stretch: f64,
}

/// The answers since the limit last moved.
#[derive(Debug, Default, Clone)]
pub(crate) struct Window {
    /// Each answer, compared.
    pub(crate) compared: Vec<Compared>,
    /// All answers, also those of kinds without a calm time yet.
    pub(crate) answers: usize,
    /// Those of them that were failures of the server.
    pub(crate) failures: usize,
    /// The limit was reached: more requests would have gone out had it been higher.
    pub(crate) full: bool,
}

/// What becomes of the limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    /// Too little is known yet.
    Wait,
    /// It stays.
    Hold,
    /// There is room: up to this.
    Climb(usize),
    /// It stays, and more would be too much: answers take so many times what they take in peace.
    Tight(f64),
    /// There is a crowd: answers take so many times what they take in peace.
    Crowd(f64),
    /// There is trouble: down to this.
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
    let Some(share) = mean(&window.compared, |it| it.share) else { return Step::Hold };
    let stretch = mean(&window.compared, |it| it.stretch).unwrap_or(share);
    if share > 1.0 {
        return Step::Crowd(stretch);
    }
    if share >= ROOM {
        return Step::Tight(stretch);
    }
    if window.full && limit < ceiling {
        let up = if rushing { limit } else { (limit / 8).max(1) };
        return Step::Climb((limit + up).min(ceiling));
    }
    Step::Hold
}

/// After a 429 the limit is halved.
pub(crate) fn turned_away(limit: usize) -> usize {
    (limit / 2).max(1)
}

fn mean(answers: &[Compared], of: impl Fn(&Compared) -> f64) -> Option<f64> {
    (!answers.is_empty()).then(|| answers.iter().map(of).sum::<f64>() / answers.len() as f64)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{CalmTimes, Compared, Step, Window, decide, turned_away};

    fn calm(millis: &[u64]) -> CalmTimes {
        let mut times = CalmTimes::default();
        millis.iter().for_each(|it| times.add(Duration::from_millis(*it)));
        times
    }

    fn window(share: f64, answers: usize) -> Window {
        let compared = vec![Compared { share, stretch: share * 1.2 }; answers];
        Window { compared, answers, failures: 0, full: true }
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
    fn rising_latency_is_a_crowd() {
        // Sixteen workers, 25 ms each: with 24 under way an answer takes 37.5 ms, usual is 30.
        let crowd = decide(24, 24, true, &window(37.5 / 30.0, 24));
        assert!(matches!(crowd, Step::Crowd(stretch) if (stretch - 1.5).abs() < 1e-9), "{crowd:?}");
        assert!(matches!(decide(20, 24, false, &window(1.01, 24)), Step::Crowd(_)), "just above");
        let tight = decide(19, 24, false, &window(0.99, 19));
        assert!(matches!(tight, Step::Tight(_)), "usual is good enough, and no more: {tight:?}");
    }

    #[test]
    fn one_answer_that_hangs_is_no_crowd() {
        let (calm, second) = (calm(&[25; 8]), Duration::from_secs(1));
        let hangs = calm.compare(second * 60).expect("compared");
        assert_eq!(hangs.share, 3.0, "it counts as three");
        let quick = calm.compare(Duration::from_millis(25)).expect("compared");
        assert!((quick.stretch - 1.0).abs() < 1e-9, "as in peace: {quick:?}");
        let compared = [vec![quick; 23], vec![hangs]].concat();
        let window = Window { compared, ..window(0.8, 24) };
        assert_eq!(decide(24, 24, true, &window), Step::Hold, "one of 24");
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
