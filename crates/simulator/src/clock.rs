//! The one place that looks at the time.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Milliseconds since 1970.
pub(crate) type Millis = i64;

/// A wall clock that never shows the same instant twice, so that each change moves `updated_at`.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    last: AtomicI64,
}

impl Clock {
    pub(crate) fn now(&self) -> Millis {
        let wall = wall_clock();
        let next = |last: i64| Some(wall.max(last + 1));
        let last = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        wall.max(last.unwrap_or_default() + 1)
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
