//! The one place that looks at the time.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Milliseconds since 1970.
pub(crate) type Millis = i64;

/// A wall clock that never shows the same instant twice, so that each change moves `updated_at`.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    last: AtomicI64,
    /// How far it is ahead of the wall.
    skew: Millis,
}

impl Clock {
    pub(crate) fn skewed(seconds: i64) -> Self {
        Self { skew: seconds.saturating_mul(1_000), ..Self::default() }
    }

    pub(crate) fn now(&self) -> Millis {
        let wall = self.shown();
        let next = |last: i64| Some(wall.max(last + 1));
        let last = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        wall.max(last.unwrap_or_default() + 1)
    }

    /// What the clock shows, which may be the same twice.
    pub(crate) fn shown(&self) -> Millis {
        wall_clock() + self.skew
    }
}

#[expect(clippy::disallowed_methods, reason = "a server of its own: it has a clock of its own")]
fn wall_clock() -> Millis {
    Timestamp::now().as_millisecond()
}

/// As GitLab writes a time: `2026-03-12T09:14:05.123Z`.
pub(crate) fn as_time(at: Millis) -> String {
    let time = Timestamp::from_millisecond(at).unwrap_or_default();
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// As GitLab writes a day: `2026-03-12`.
pub(crate) fn as_day(at: Millis) -> String {
    let time = Timestamp::from_millisecond(at).unwrap_or_default();
    time.strftime("%Y-%m-%d").to_string()
}

/// One day in milliseconds.
pub(crate) const DAY: Millis = 24 * 60 * 60 * 1000;

/// As HTTP writes a date: `Thu, 12 Mar 2026 09:14:05 GMT`.
pub(crate) fn as_http_date(at: Millis) -> String {
    let time = Timestamp::from_millisecond(at).unwrap_or_default();
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
