//! Keeping below a server's published limits instead of running into them.
//!
//! Two sources: what GitLab says in its `RateLimit-*` headers, which newer servers send with every
//! answer while a throttle is on; and what GitLab.com publishes, since its answers to some lists
//! carry no headers at all (contract, section 6). Either way a share is left to the same account's
//! other work: its owner uses GitLab too while we sync.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderMap;
use tokio::time::Instant;

use crate::http::retry::reset_in;

/// When a request may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Then.
    At(Instant),
    /// The window is used up: ask again after it ends.
    AfterWindow(Instant),
}

/// Spaces requests out.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    told: Option<Told>,
    published: Vec<Published>,
}

/// What the server said of the window that runs.
#[derive(Debug, Clone, Copy)]
struct Told {
    limit: u64,
    remaining: u64,
    ends: Instant,
    /// When the next request may go, once they are spaced out.
    next: Option<Instant>,
}

/// A published limit, as a steady rate with some room for bursts.
#[derive(Debug)]
struct Published {
    /// The kinds of request it is for; none = all.
    kind: Option<&'static str>,
    gap: Duration,
    burst: u32,
    /// When the rate would allow the next request, were there no bursts.
    due: Option<Instant>,
}

/// A limit that a host publishes for each account, and that is kept there without being told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedLimit {
    /// The kind of request it is for, as in [`RequestCounts`](crate::RequestCounts); none = all.
    pub kind: Option<&'static str>,
    /// So many requests …
    pub requests: u32,
    /// … in so many seconds.
    pub seconds: u32,
}

/// The limits that are published for a host, by name; none for most.
pub fn published_limits(host: &str) -> Vec<PublishedLimit> {
    limits_of(host).iter().map(|(limit, ..)| *limit).collect()
}

fn limits_of(host: &str) -> &'static [(PublishedLimit, u64, u32)] {
    if host.eq_ignore_ascii_case("gitlab.com") { GITLAB_COM } else { &[] }
}

const fn limit(kind: Option<&'static str>, requests: u32, seconds: u32) -> PublishedLimit {
    PublishedLimit { kind, requests, seconds }
}

/// GitLab.com's limits (its page “Rate limits on GitLab.com”), and what is made of them, less a
/// tenth: milliseconds between two requests, and how many may go at once before. Any window of a
/// limit sees at most the burst and its own length of the rate.
const GITLAB_COM: &[(PublishedLimit, u64, u32)] = &[
    (limit(None, 2_000, 60), 36, 130),
    (limit(Some("groups"), 50, 60), 2_000, 15),
    (limit(Some("group"), 400, 60), 200, 60),
    (limit(Some("project"), 400, 60), 200, 60),
    (limit(Some("projects"), 2_000, 600), 350, 90),
];

impl Pace {
    /// For a host, by name.
    pub(crate) fn of(host: &str) -> Self {
        let published = limits_of(host)
            .iter()
            .map(|(limit, gap, burst)| Published {
                kind: limit.kind,
                gap: Duration::from_millis(*gap),
                burst: *burst,
                due: None,
            })
            .collect();
        Self(Mutex::new(State { told: None, published }))
    }

    /// Takes a slot for a request.
    pub(crate) fn take(&self, kind: &str, now: Instant) -> Slot {
        let mut state = self.lock();
        let mut at = match state.told.as_mut().map(|told| told.take(now)) {
            None => now,
            Some(Slot::At(at)) => at,
            Some(full @ Slot::AfterWindow(_)) => return full,
        };
        for limit in &mut state.published {
            if limit.kind.is_none_or(|it| it == kind) {
                at = at.max(limit.take(now));
            }
        }
        Slot::At(at)
    }

    /// The least time that so many requests of each kind take within the limits that are known:
    /// those that are published, and what the server's last answer told.
    pub(crate) fn least_time(&self, requests: &[(&str, u32)], now: Instant) -> Duration {
        let of = |is_counted: &dyn Fn(&str) -> bool| -> u32 {
            let counted = requests.iter().filter(|(kind, _)| is_counted(kind));
            counted.fold(0, |sum, (_, n)| sum.saturating_add(*n))
        };
        let state = self.lock();
        let published = state.published.iter().map(|limit| {
            let n = of(&|kind| limit.kind.is_none_or(|it| it == kind));
            limit.gap.saturating_mul(n.saturating_sub(limit.burst))
        });
        let told = state.told.map(|told| told.least_time(u64::from(of(&|_| true)), now));
        published.chain(told).max().unwrap_or_default()
    }

    /// Learns from an answer's headers. `under_way`: requests whose answers may not be counted in
    /// them yet.
    pub(crate) fn learn(&self, headers: &HeaderMap, under_way: usize, now: Instant) {
        let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
        let (Some(limit), Some(remaining)) =
            (number("ratelimit-limit"), number("ratelimit-remaining"))
        else {
            return;
        };
        let Some(left) = reset_in(headers) else { return };
        let remaining = remaining.saturating_sub(under_way as u64);
        let ends = now + left;
        let mut state = self.lock();
        state.told = Some(match state.told {
            // Answers overtake each other: within one window less is left each time.
            Some(told) if ends < told.ends + Duration::from_secs(2) && now < told.ends => {
                Told { limit, remaining: told.remaining.min(remaining), ..told }
            }
            _ => Told { limit, remaining, ends, next: None },
        });
    }

    /// How many requests a minute the server's last answer with such headers allowed.
    pub(crate) fn told(&self) -> Option<u64> {
        self.lock().told.map(|told| told.limit)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Told {
    /// Most of a window may be used at once; its last part is spread over the time that is left,
    /// and a reserve is not touched: a tenth of a short window, a minute's worth of a long one
    /// (GitLab recalculates the limit per minute whatever the window).
    fn take(&mut self, now: Instant) -> Slot {
        let left = self.ends.saturating_duration_since(now);
        if left.is_zero() {
            return Slot::At(now);
        }
        let reserve = if left > Duration::from_secs(60) { self.limit } else { self.limit / 10 };
        let spare = self.remaining.saturating_sub(reserve);
        if spare == 0 {
            return Slot::AfterWindow(self.ends);
        }
        self.remaining -= 1;
        if spare > self.limit / 4 {
            self.next = None;
            return Slot::At(now);
        }
        let at = self.next.map_or(now, |next| next.max(now));
        let gap =
            self.ends.saturating_duration_since(at) / u32::try_from(spare).unwrap_or(u32::MAX);
        self.next = Some(at + gap);
        Slot::At(at)
    }
}

impl Told {
    /// What is left of the window goes at once; the rest comes at so many a minute.
    fn least_time(&self, requests: u64, now: Instant) -> Duration {
        let left = self.ends.saturating_duration_since(now);
        let spare = if left.is_zero() { self.limit } else { self.remaining };
        let Some(beyond) = requests.checked_sub(spare).filter(|beyond| *beyond > 0) else {
            return Duration::ZERO;
        };
        left + Duration::from_millis(beyond.saturating_mul(60_000) / self.limit.max(1))
    }
}

impl Published {
    fn take(&mut self, now: Instant) -> Instant {
        let due = self.due.map_or(now, |due| due.max(now));
        self.due = Some(due + self.gap);
        let ahead = self.gap * self.burst;
        due.checked_sub(ahead).map_or(now, |at| at.max(now))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{HeaderMap, HeaderValue};
    use tokio::time::Instant;

    use super::{Pace, Slot};

    fn headers(limit: u64, remaining: u64, seconds: i64) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let date = 1_445_412_480;
        headers.insert("date", HeaderValue::from_static("Wed, 21 Oct 2015 07:28:00 GMT"));
        headers.insert("ratelimit-limit", limit.into());
        headers.insert("ratelimit-remaining", remaining.into());
        headers.insert(
            "ratelimit-reset",
            HeaderValue::from_str(&(date + seconds).to_string()).expect("a number"),
        );
        headers
    }

    #[test]
    fn what_is_kept_stays_below_what_is_published() {
        for (limit, gap, burst) in super::GITLAB_COM {
            let most = u64::from(*burst) + u64::from(limit.seconds) * 1_000 / gap;
            assert!(most <= u64::from(limit.requests), "{limit:?}: {most} within a window");
        }
        assert_eq!(super::published_limits("GitLab.com").len(), 5, "by name, in any case");
        assert!(super::published_limits("gitlab.com.example").is_empty(), "and no other name");
    }

    #[test]
    fn nothing_is_held_back_where_no_limit_is_known() {
        let (pace, now) = (Pace::of("gitlab.example"), Instant::now());
        assert!((0..10_000).all(|_| pace.take("integrations", now) == Slot::At(now)), "full speed");
    }

    #[test]
    fn many_requests_take_at_least_as_long_as_the_limits_make_them() {
        let now = Instant::now();
        let com = Pace::of("gitlab.com");
        let seconds =
            |pace: &Pace, requests: &[(&str, u32)]| pace.least_time(requests, now).as_secs();
        assert_eq!(seconds(&com, &[("integrations", 100)]), 0, "a burst is free");
        assert_eq!(
            seconds(&com, &[("integrations", 100_000)]),
            3_595,
            "36 ms for each of the rest"
        );
        assert_eq!(seconds(&com, &[("groups", 100), ("user", 1)]), 170, "a list's own limit");
        let own = Pace::of("gitlab.example");
        assert_eq!(seconds(&own, &[("integrations", 100_000)]), 0, "nothing is known");
        own.learn(&headers(600, 400, 30), 0, now);
        assert_eq!(seconds(&own, &[("integrations", 400)]), 0, "what is left of the window");
        assert_eq!(
            seconds(&own, &[("integrations", 6_400)]),
            30 + 600,
            "600 a minute from then on"
        );
    }

    #[test]
    fn most_of_a_window_is_used_at_once_and_the_rest_is_spread() {
        let (pace, now) = (Pace::of("gitlab.example"), Instant::now());
        pace.learn(&headers(600, 600, 60), 0, now);
        let slots: Vec<Slot> = (0..600).map(|_| pace.take("integrations", now)).collect();
        let at_once = slots.iter().filter(|slot| **slot == Slot::At(now)).count();
        assert!((380..=400).contains(&at_once), "{at_once} of 600 go at once");
        let ends = now + Duration::from_secs(60);
        let later = slots.iter().filter(|slot| matches!(slot, Slot::At(at) if *at > now));
        assert!((130..=160).contains(&later.clone().count()), "some are spread over the minute");
        assert!(
            later.into_iter().all(|slot| matches!(slot, Slot::At(at) if *at <= ends)),
            "this minute"
        );
        let refused = slots.iter().filter(|slot| **slot == Slot::AfterWindow(ends)).count();
        assert_eq!(refused, 60, "a tenth is left to whoever else uses this account");
    }

    #[test]
    fn an_overtaken_answer_does_not_give_back_what_is_used() {
        let (pace, now) = (Pace::of("gitlab.example"), Instant::now());
        pace.learn(&headers(600, 62, 30), 0, now);
        pace.learn(&headers(600, 300, 30), 0, now);
        pace.take("integrations", now);
        pace.take("integrations", now);
        let third = pace.take("integrations", now);
        assert!(matches!(third, Slot::AfterWindow(_)), "two were left, not 240: {third:?}");
    }

    #[test]
    fn what_is_under_way_is_counted_as_used() {
        let (pace, now) = (Pace::of("gitlab.example"), Instant::now());
        pace.learn(&headers(600, 80, 30), 20, now);
        assert!(
            matches!(pace.take("integrations", now), Slot::AfterWindow(_)),
            "60 is the reserve"
        );
    }

    #[test]
    fn a_new_window_starts_anew() {
        let (pace, now) = (Pace::of("gitlab.example"), Instant::now());
        pace.learn(&headers(600, 0, 10), 0, now);
        assert!(matches!(pace.take("integrations", now), Slot::AfterWindow(_)), "used up");
        let later = now + Duration::from_secs(11);
        assert_eq!(pace.take("integrations", later), Slot::At(later), "that window is over");
        pace.learn(&headers(600, 599, 60), 0, later);
        assert_eq!(pace.take("integrations", later), Slot::At(later), "and the new one is fresh");
    }

    #[test]
    fn a_long_window_keeps_a_minutes_worth() {
        let (pace, now) = (Pace::of("gitlab.example"), Instant::now());
        // 7,200 an hour: GitLab says 120 a minute, and what is left of the hour.
        pace.learn(&headers(120, 121, 1_800), 0, now);
        assert_eq!(pace.take("integrations", now), Slot::At(now), "one above the reserve");
        assert!(
            matches!(pace.take("integrations", now), Slot::AfterWindow(_)),
            "a minute's worth stays"
        );
    }

    /// GitLab.com: no minute may see more than it allows, however its windows fall.
    #[test]
    fn gitlab_com_is_paced_without_being_told() {
        for (kind, most, within) in [
            ("integrations", 2_000, 60),
            ("groups", 50, 60),
            ("group", 400, 60),
            ("project", 400, 60),
            ("projects", 2_000, 600),
        ] {
            let (pace, start) = (Pace::of("gitlab.com"), Instant::now());
            let mut at = Vec::new();
            let mut now = start;
            while at.len() < 4_000 {
                let Slot::At(slot) = pace.take(kind, now) else { panic!("no window was told") };
                now = now.max(slot);
                at.push(slot);
            }
            let window = Duration::from_secs(within);
            let mut first = 0;
            for last in 0..at.len() {
                while at[last] - at[first] > window {
                    first += 1;
                }
                assert!(last - first < most, "{kind}: {} within {within} s", last - first + 1);
            }
        }
    }
}
