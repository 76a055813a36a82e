//! When a request is sent again, and after how long.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use rand::Rng;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::ask::Verb;
use super::send::Failure;
use crate::{ClientOptions, Problem};

/// How often one request waits out a 429. Doubling from half a second, this outlasts GitLab's
/// one-minute windows on servers that do not say how long to wait.
const MOST_PAUSES: u32 = 8;

/// What follows a failed attempt.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Hold back every request of this client, then send this one again.
    PauseAll(Duration),
    /// Send this one again after a while.
    Wait(Duration),
    /// Report it.
    GiveUp,
}

/// Decides what follows a failed attempt. Reads are sent again after anything that may pass;
/// a write only if it surely did nothing: it never left, or a 429 turned it away.
pub(crate) fn next(
    verb: Verb,
    failure: &Failure,
    tries: u32,
    pauses: u32,
    options: &ClientOptions,
) -> Next {
    if let Problem::RateLimited { retry_after } = failure.problem {
        let wait = match retry_after {
            Some(asked) if !asked.is_zero() => asked,
            _ => with_jitter(doubled(options.backoff, pauses)),
        };
        return if pauses >= MOST_PAUSES || wait > options.longest_pause {
            Next::GiveUp
        } else {
            Next::PauseAll(wait)
        };
    }
    let may_pass = matches!(
        failure.problem,
        Problem::Server { .. }
            | Problem::Timeout { .. }
            | Problem::Dns
            | Problem::Connect { .. }
            | Problem::Interrupted { .. }
            | Problem::Decode { .. }
    );
    if may_pass && (verb.is_read() || !failure.may_have_arrived) && tries < options.tries {
        Next::Wait(with_jitter(doubled(options.backoff, tries - 1)))
    } else {
        Next::GiveUp
    }
}

fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(1 << times.min(16))
}

/// Between half and all of the wait, so that many clients don't come back in step.
fn with_jitter(wait: Duration) -> Duration {
    wait.mul_f64(rand::rng().random_range(0.5..=1.0))
}

/// How long a server asks us to wait: `Retry-After` as seconds or as a date, else GitLab's
/// `RateLimit-Reset` (contract, section 6). Dates are measured against the answer's own `Date`,
/// so that neither clock has to be right.
pub(crate) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let now = text(DATE.as_str()).and_then(http_date);
    let until = |then: Timestamp| {
        let left = then.duration_since(now?).as_secs();
        Some(Duration::from_secs(u64::try_from(left).unwrap_or(0)))
    };
    let retry_after = text(RETRY_AFTER.as_str()).and_then(|value| match value.parse::<u64>() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => http_date(value).and_then(until),
    });
    retry_after.or_else(|| {
        let reset = text("ratelimit-reset")?.parse::<i64>().ok()?;
        until(Timestamp::from_second(reset).ok()?)
    })
}

fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests;
