//! The limit in the course of time: which answers count for which decision.

use std::collections::HashMap;
use std::time::Duration;

use super::decide::{CALM, CalmTimes, Step, Window, decide, turned_away};
use super::knee::Knee;

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
    /// The calm times are to be added to, not measured anew.
    doubted: bool,
    sent: usize,
}

/// The limit, and what it is decided from. Time is what has passed since the client was made.
#[derive(Debug)]
pub(crate) struct Control {
    limit: usize,
    ceiling: usize,
    adaptive: bool,
    rushing: bool,
    knee: Knee,
    /// The last answers were slow. A hiccup of either computer slows all that is under way, once.
    suspected: bool,
    /// There was a crowd where none should be, and calm is measured again.
    doubted: bool,
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
            knee: Knee::default(),
            suspected: false,
            doubted: false,
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

    /// What answers of a kind took when few requests were under way; none: too few were seen.
    pub(crate) fn calm(&self, kind: &str) -> Option<Duration> {
        let kind = self.kinds.get(kind)?;
        kind.calm.middle().or_else(|| kind.before.middle())
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
            kind.before = kind.calm.clone();
            if !std::mem::take(&mut kind.doubted) {
                kind.calm = CalmTimes::default();
            }
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
                self.window.compared.extend(kind.calm.compare(took));
            }
        }
        let step = decide(self.limit, self.ceiling, self.rushing, &self.window);
        // Where there was a crowd before, the first sign of one is enough.
        let tried = self.knee.is_tried(self.limit);
        let (crowd, doubt) = match step {
            Step::Crowd(stretch) if tried || self.suspected => (Some(stretch), false),
            Step::Tight(stretch) if tried => (Some(stretch), false),
            Step::Crowd(_) => (None, true),
            _ => (None, false),
        };
        match step {
            Step::Wait => return,
            Step::BackOff(to) => {
                self.rushing = false;
                self.set(to);
            }
            Step::Climb(to) if self.knee.lets(self.limit, now) => self.set(to),
            _ => match crowd {
                // There was none here: the server changes by itself, or what calm is was read off a
                // few lucky answers. More of them tell, before the limit falls further.
                Some(_) if self.knee.was_clear(self.limit) && !self.doubted => {
                    self.doubted = true;
                    for kind in self.kinds.values_mut() {
                        (kind.measured_at, kind.doubted) = (None, true);
                    }
                    self.next_generation();
                }
                Some(stretch) => {
                    (self.rushing, self.doubted) = (false, false);
                    let below = self.knee.crowded(self.limit, stretch, now);
                    self.set(below);
                }
                None => self.next_generation(),
            },
        }
        self.suspected = doubt;
        self.doubted &= crowd.is_some() || doubt;
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
mod tests;
