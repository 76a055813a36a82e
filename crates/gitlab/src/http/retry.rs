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
    /// Hold back every request that the limit is for, then send this one again.
    Pause(Duration),
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
    if let Problem::RateLimited { retry_after, .. } = failure.problem {
        let wait = match retry_after {
            Some(asked) if !asked.is_zero() => asked,
            _ => with_jitter(doubled(options.backoff, pauses)),
        };
        return if pauses >= MOST_PAUSES || wait > options.longest_pause {
            Next::GiveUp
        } else {
            Next::Pause(wait)
        };
    }
    let most = match failure.problem {
        Problem::Server { .. }
        | Problem::Dns
        | Problem::Connect { .. }
        | Problem::Interrupted { .. }
        | Problem::Decode { .. } => options.tries,
        // A proxy's page passes; and who waited a minute in vain need not wait three.
        Problem::NotGitlab { .. }
        | Problem::Timeout { .. }
        | Problem::TooLarge { unit: "bytes", .. } => options.tries.min(2),
        _ => 1,
    };
    if (verb.is_read() || !failure.may_have_arrived) && tries < most {
        Next::Wait(with_jitter(doubled(options.backoff, tries - 1)))
    } else {
        Next::GiveUp
    }
}

fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(1 << times.min(16))
}

/// How long all requests hold back when the server fails whatever it is asked, for the `found`th
/// time.
pub(crate) fn hold(found: u32, options: &ClientOptions) -> Duration {
    with_jitter(options.backoff.saturating_mul((1 + found / 8).min(8)))
}

/// Between half and all of the wait, so that many clients don't come back in step.
fn with_jitter(wait: Duration) -> Duration {
    wait.mul_f64(rand::rng().random_range(0.5..=1.0))
}

/// How long a server asks us to wait: `Retry-After` as seconds or as a date, else GitLab's
/// `RateLimit-Reset` (contract, section 6). Dates are measured against the answer's own `Date`,
/// so that neither clock has to be right.
pub(crate) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let retry_after =
        text(headers, RETRY_AFTER.as_str()).and_then(|value| match value.parse::<u64>() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => http_date(value).and_then(|then| until(headers, then)),
        });
    retry_after.or_else(|| reset_in(headers))
}

/// When the window ends that GitLab's `RateLimit-*` headers speak of.
pub(crate) fn reset_in(headers: &HeaderMap) -> Option<Duration> {
    let reset = text(headers, "ratelimit-reset")?.parse::<i64>().ok()?;
    until(headers, Timestamp::from_second(reset).ok()?)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

fn until(headers: &HeaderMap, then: Timestamp) -> Option<Duration> {
    let now = text(headers, DATE.as_str()).and_then(http_date)?;
    let left = then.duration_since(now).as_secs();
    Some(Duration::from_secs(u64::try_from(left).unwrap_or(0)))
}

fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests;
