//! The limit in the course of time: which answers count for which decision.

use std::collections::HashMap;
use std::time::Duration;

use super::decide::{CALM, CalmTimes, Step, Window, decide, turned_away};

/// Where the limit starts.
const START: usize = 4;

/// Calm times are measured again after so long: a server is not the same all day.
const STALE: Duration = Duration::from_secs(30);

/// Answers that a measurement of calm times takes.
const MEASURED: usize = 8;

/// Requests of one kind that go unmeasured: a dip for a handful would cost more than it tells.
const HANDFUL: usize = 4;

/// How an answer went, as far as the limit cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An answer, also a refusal: the server is well.
    Answered,
    /// 5xx, no answer in time, or none at all.
    Failed,
    /// 429.
    TurnedAway,
}

/// What is remembered of a request while it is under way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    kind: &'static str,
    /// The limit's generation when it was sent: answers to requests from before say nothing of
    /// the limit as it is now.
    generation: u64,
    calm: bool,
}

#[derive(Debug, Default)]
struct Kind {
    calm: CalmTimes,
    /// Those from before the measurement that runs.
    before: CalmTimes,
    measured_at: Option<Duration>,
    sent: usize,
}

/// The limit, and what it is decided from. Time is what has passed since the client was made.
#[derive(Debug)]
pub(crate) struct Control {
    limit: usize,
    ceiling: usize,
    adaptive: bool,
    rushing: bool,
    in_flight: usize,
    generation: u64,
    window: Window,
    kinds: HashMap<&'static str, Kind>,
    measuring: Option<Measuring>,
}

/// A time of calm, to see what answers take then.
#[derive(Debug, Clone, Copy)]
struct Measuring {
    kind: &'static str,
    wanted: usize,
    /// It is given up then: requests that hang must not hold back the rest.
    until: Duration,
}

impl Control {
    /// `adaptive`: start low and follow the server; else keep to the ceiling.
    pub(crate) fn new(ceiling: usize, adaptive: bool) -> Self {
        let ceiling = ceiling.max(1);
        Self {
            limit: if adaptive { START.min(ceiling) } else { ceiling },
            ceiling,
            adaptive,
            rushing: true,
            in_flight: 0,
            generation: 0,
            window: Window::default(),
            kinds: HashMap::new(),
            measuring: None,
        }
    }

    /// How many may be under way now.
    pub(crate) fn limit(&self) -> usize {
        if self.measuring.is_some() { self.limit.min(CALM) } else { self.limit }
    }

    /// How many are under way.
    pub(crate) fn under_way(&self) -> usize {
        self.in_flight
    }

    /// A request goes out.
    pub(crate) fn sent(&mut self, name: &'static str, now: Duration) -> Ticket {
        self.in_flight += 1;
        let kind = self.kinds.entry(name).or_default();
        kind.sent += 1;
        let stale = kind.measured_at.is_none_or(|at| now.saturating_sub(at) > STALE);
        if self.adaptive
            && self.measuring.is_none()
            && self.limit > CALM
            && kind.sent > HANDFUL
            && stale
        {
            // For a moment only a few: what they take is what the server takes left in peace.
            let each = kind.calm.usual().unwrap_or(Duration::from_secs(1));
            let until = now + Duration::from_secs(1) + each * 4;
            self.measuring = Some(Measuring { kind: name, wanted: MEASURED, until });
            kind.before = std::mem::take(&mut kind.calm);
            self.next_generation();
        }
        self.window.full |= self.in_flight >= self.limit();
        Ticket { kind: name, generation: self.generation, calm: self.in_flight <= CALM }
    }

    /// A request came back, after `took`.
    pub(crate) fn back(&mut self, ticket: Ticket, outcome: Outcome, took: Duration, now: Duration) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if !self.adaptive {
            return;
        }
        if outcome == Outcome::TurnedAway {
            if ticket.generation == self.generation {
                self.rushing = false;
                self.set(turned_away(self.limit));
            }
            return;
        }
        let kind = self.kinds.entry(ticket.kind).or_default();
        if ticket.calm && outcome == Outcome::Answered {
            kind.calm.add(took);
            kind.measured_at = Some(now);
        }
        if let Some(measuring) = &mut self.measuring {
            let counts = ticket.calm || outcome == Outcome::Failed;
            measuring.wanted = measuring.wanted.saturating_sub(usize::from(counts));
            if measuring.wanted == 0 {
                self.measuring = None;
                self.next_generation();
            }
            self.passed(now);
            return;
        }
        if ticket.generation != self.generation {
            return;
        }
        self.window.answers += 1;
        match outcome {
            Outcome::Failed => self.window.failures += 1,
            Outcome::Answered | Outcome::TurnedAway => {
                let share = kind.calm.usual().map(|usual| took.div_duration_f64(usual));
                self.window.shares.extend(share);
            }
        }
        match decide(self.limit, self.ceiling, self.rushing, &self.window) {
            Step::Wait => {}
            Step::Hold => self.next_generation(),
            Step::Climb(to) => self.set(to),
            Step::BackOff(to) => {
                self.rushing = false;
                self.set(to);
            }
        }
    }

    /// Time passed without an answer: gives up a measurement that takes too long.
    pub(crate) fn passed(&mut self, now: Duration) {
        let Some(measuring) = self.measuring.filter(|it| now > it.until) else { return };
        self.measuring = None;
        let kind = self.kinds.entry(measuring.kind).or_default();
        if kind.calm.usual().is_none() {
            kind.calm = std::mem::take(&mut kind.before);
        }
        kind.measured_at = Some(now);
        self.next_generation();
    }

    /// A request was given up by whoever asked.
    pub(crate) fn dropped(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    fn set(&mut self, limit: usize) {
        tracing::debug!(from = self.limit, to = limit, "requests under way at most");
        self.limit = limit;
        self.next_generation();
    }

    fn next_generation(&mut self) {
        self.generation += 1;
        self.window = Window::default();
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;
    use std::time::Duration;

    use super::{Control, Outcome, Ticket};

    /// A server with so many workers, which takes `each` for every request.
    struct Server {
        workers: usize,
        each: Duration,
    }

    /// Keeps a control as busy as it allows, and gives the limit after each answer with its time.
    fn run(
        server: &Server,
        control: &mut Control,
        from: Duration,
        answers: usize,
    ) -> Vec<(Duration, usize)> {
        let mut free = vec![from; server.workers];
        let mut under_way: BinaryHeap<Reverse<(Duration, Duration, usize)>> = BinaryHeap::new();
        let mut tickets: Vec<Option<Ticket>> = Vec::new();
        let (mut now, mut seen) = (from, Vec::new());
        for _ in 0..answers {
            while under_way.len() < control.limit() {
                let worker = free.iter_mut().min().expect("a worker");
                let done = (*worker).max(now) + server.each;
                *worker = done;
                tickets.push(Some(control.sent("list", now)));
                under_way.push(Reverse((done, now, tickets.len() - 1)));
            }
            let Reverse((done, sent, ticket)) = under_way.pop().expect("something under way");
            now = done;
            let ticket = tickets[ticket].take().expect("answered once");
            control.back(ticket, Outcome::Answered, now - sent, now);
            seen.push((now, control.limit()));
        }
        tickets.into_iter().flatten().for_each(|_| control.dropped());
        seen
    }

    #[test]
    fn an_unloaded_server_is_used_to_the_ceiling_within_a_fraction_of_a_second() {
        let server = Server { workers: 1_000, each: Duration::from_millis(25) };
        let seen = run(&server, &mut Control::new(24, true), Duration::ZERO, 400);
        let top = seen.iter().find(|(_, limit)| *limit == 24).expect("it gets there").0;
        assert!(top < Duration::from_millis(400), "it takes {top:?}");
        assert!(seen[300..].iter().all(|(_, limit)| *limit == 24), "and stays there");
    }

    #[test]
    fn a_small_server_is_kept_below_its_knee() {
        let server = Server { workers: 16, each: Duration::from_millis(25) };
        let seen = run(&server, &mut Control::new(24, true), Duration::ZERO, 4_000);
        let late: Vec<usize> = seen[500..].iter().map(|(_, limit)| *limit).collect();
        assert!(late.iter().all(|limit| *limit <= 20), "no more than a fifth over its workers");
        let busy = late.iter().filter(|limit| **limit >= 14).count();
        assert!(busy * 10 > late.len() * 9, "and it is put to use: {busy} of {}", late.len());
    }

    #[test]
    fn one_worker_is_not_crowded_by_four() {
        let server = Server { workers: 1, each: Duration::from_millis(25) };
        let seen = run(&server, &mut Control::new(24, true), Duration::ZERO, 400);
        assert!(seen.iter().all(|(_, limit)| *limit <= 8), "it never gets far: {seen:?}");
    }

    #[test]
    fn calm_is_measured_again_in_the_course_of_time() {
        let mut control = Control::new(24, true);
        let fast = Server { workers: 1_000, each: Duration::from_millis(25) };
        let seen = run(&fast, &mut control, Duration::ZERO, 400);
        let slow = Server { workers: 1_000, each: Duration::from_millis(100) };
        let seen = run(&slow, &mut control, seen[399].0 + Duration::from_secs(31), 600);
        assert_eq!(seen[599].1, 24, "slower all over is not crowded, once that is known");
    }

    #[test]
    fn requests_that_hang_do_not_keep_a_measurement_from_ending() {
        let mut control = Control::new(24, true);
        let server = Server { workers: 1_000, each: Duration::from_millis(25) };
        let seen = run(&server, &mut control, Duration::ZERO, 400);
        let later = seen[399].0 + Duration::from_secs(31);
        for _ in 0..5 {
            control.sent("list", later);
        }
        assert_eq!(control.limit(), 4, "calm is measured again");
        control.passed(later + Duration::from_millis(500));
        assert_eq!(control.limit(), 4, "for a moment");
        control.passed(later + Duration::from_secs(2));
        assert_eq!(control.limit(), 24, "but not for as long as five requests hang");
    }

    #[test]
    fn a_429_halves_the_limit_once_however_many_were_under_way() {
        let mut control = Control::new(24, false);
        control.adaptive = true;
        let now = Duration::ZERO;
        let tickets: Vec<Ticket> = (0..24).map(|_| control.sent("list", now)).collect();
        // They were sent at once: one measurement may have begun, none is over.
        control.measuring = None;
        let generation = control.generation;
        for mut ticket in tickets {
            ticket.generation = generation;
            control.back(ticket, Outcome::TurnedAway, Duration::from_millis(5), now);
        }
        assert_eq!(control.limit(), 12, "one throttle, one step");
    }

    #[test]
    fn a_fixed_limit_stays_whatever_happens() {
        let mut control = Control::new(8, false);
        let server = Server { workers: 1, each: Duration::from_millis(25) };
        let seen = run(&server, &mut control, Duration::ZERO, 100);
        assert!(seen.iter().all(|(_, limit)| *limit == 8), "eight, as asked for");
        let ticket = control.sent("list", Duration::ZERO);
        control.back(ticket, Outcome::TurnedAway, Duration::ZERO, Duration::ZERO);
        assert_eq!(control.limit(), 8, "a 429 pauses it; it does not shrink");
    }
}
