//! Throttles and closed doors: how often one may ask, and when nothing may be written (contract,
//! section 6).

mod endpoints;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::Json;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::clock::{Millis, as_http_date};
use crate::version::Version;
use endpoints::endpoint;
pub(crate) use endpoints::{ENDPOINTS, Endpoint};

/// Which limits a server has switched on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// The instance-wide throttle: so many requests a minute for each account, and for all who
    /// bring no token together.
    pub instance: Option<u32>,
    /// The endpoints' own throttles. Real servers have them on since 18.1 and administrators may
    /// change them; here they are off unless asked for, and earlier releases have none.
    pub endpoints: bool,
    /// Whether anything may be written.
    pub writes: Writes,
}

/// Whether a server takes writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Writes {
    /// As usual.
    #[default]
    Allowed,
    /// Maintenance mode: 503.
    Maintenance,
    /// A Geo secondary or a read-only database: 403.
    ReadOnly,
}

const MINUTE: Millis = 60_000;

/// What a window counts: an account, by id, an endpoint (none = the whole API), and what it is
/// about, by id.
type Key = (Option<u64>, Option<&'static str>, u64);

/// Requests counted by account and endpoint, in windows that start with the first of them.
#[derive(Default)]
pub(crate) struct Counters {
    windows: Mutex<HashMap<Key, (Millis, u32)>>,
    /// The limits that an administrator changed, by their names among the application settings.
    changed: Mutex<HashMap<&'static str, u32>>,
}

impl Counters {
    /// How many requests an endpoint takes.
    pub(crate) fn limit(&self, endpoint: &Endpoint) -> u32 {
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed.get(endpoint.setting).copied().unwrap_or(endpoint.limit)
    }

    /// Sets how many requests an endpoint takes; 0 = as many as come.
    pub(crate) fn set_limit(&self, endpoint: &Endpoint, limit: u32) {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed.insert(endpoint.setting, limit);
    }

    /// Whether a user may test the settings of a project again: five times a minute.
    pub(crate) fn may_test(&self, user: u64, project: u64, now: Millis) -> bool {
        self.count((Some(user), Some("test"), project), MINUTE, now).0 <= 5
    }

    /// Counts a request; says how many the window has and when it ends.
    fn count(&self, key: Key, length: Millis, now: Millis) -> (u32, Millis) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(key).or_insert((now, 0));
        if now >= window.0 + length {
            *window = (now, 0);
        }
        window.1 += 1;
        (window.1, window.0 + length)
    }
}

/// One request as the limits see it.
pub(crate) struct Asked<'a> {
    pub method: &'a Method,
    /// Below `/api/v4`.
    pub path: &'a str,
    /// The account, if the token is known.
    pub user: Option<u64>,
    pub now: Millis,
}

/// What comes of the limits: headers for the true answer, or an answer in its place.
pub(crate) fn check(
    limits: &Limits,
    counters: &Counters,
    version: &Version,
    asked: &Asked<'_>,
) -> Result<HeaderMap, Box<Response>> {
    let mut headers = HeaderMap::new();
    if let Some(limit) = limits.instance {
        let (seen, ends) = counters.count((asked.user, None, 0), MINUTE, asked.now);
        let told = rate_headers(limit, seen, ends, asked);
        if seen > limit {
            let mut response = Response::new(Body::from("Retry later\n"));
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            response.headers_mut().extend(told);
            let text = HeaderValue::from_static("text/plain");
            response.headers_mut().insert(CONTENT_TYPE, text);
            response.headers_mut().insert(RETRY_AFTER, seconds(ends, asked.now).into());
            return Err(Box::new(response));
        }
        // Older servers tell only those they refuse.
        if version.at_least(18, 0) {
            headers = told;
        }
    }
    if !matches!(*asked.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        refuse_writes(limits.writes)?;
    }
    if limits.endpoints && version.at_least(18, 1) {
        refuse_too_many(counters, asked)?;
    }
    Ok(headers)
}

/// The endpoint's own throttle; 0 = none.
fn refuse_too_many(counters: &Counters, asked: &Asked<'_>) -> Result<(), Box<Response>> {
    let Some(endpoint) = endpoint(asked) else { return Ok(()) };
    let limit = counters.limit(endpoint);
    let length = Millis::from(endpoint.interval) * 1_000;
    let key = (asked.user, Some(endpoint.name), 0);
    if limit == 0 || counters.count(key, length, asked.now).0 <= limit {
        return Ok(());
    }
    let words = "This endpoint has been requested too many times. Try again later.";
    let body = Json(json!({ "message": { "error": words } }));
    let retry = [(RETRY_AFTER, endpoint.interval.to_string())];
    Err(Box::new((StatusCode::TOO_MANY_REQUESTS, retry, body).into_response()))
}

/// Whether a server takes writes, or the answer in their place.
pub(crate) fn refuse_writes(writes: Writes) -> Result<(), Box<Response>> {
    match writes {
        Writes::Allowed => Ok(()),
        Writes::Maintenance => {
            let body = Json(json!({ "message": "GitLab is undergoing maintenance" }));
            Err(Box::new(
                (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "900")], body).into_response(),
            ))
        }
        Writes::ReadOnly => {
            let words = "You cannot perform write operations on a read-only instance";
            Err(Box::new(
                (StatusCode::FORBIDDEN, Json(json!({ "message": words }))).into_response(),
            ))
        }
    }
}

fn seconds(ends: Millis, now: Millis) -> u32 {
    u32::try_from((ends - now).max(0).div_euclid(1_000) + 1).unwrap_or(u32::MAX)
}

fn rate_headers(limit: u32, seen: u32, ends: Millis, asked: &Asked<'_>) -> HeaderMap {
    let now = asked.now;
    let name = match asked.user {
        Some(_) => "throttle_authenticated_api",
        None => "throttle_unauthenticated_api",
    };
    let mut headers = HeaderMap::new();
    headers.insert("ratelimit-limit", limit.into());
    headers.insert("ratelimit-name", HeaderValue::from_static(name));
    headers.insert("ratelimit-observed", seen.into());
    headers.insert("ratelimit-remaining", limit.saturating_sub(seen).into());
    let reset = now.div_euclid(1_000) + Millis::from(seconds(ends, now));
    headers.insert("ratelimit-reset", reset.into());
    if let Ok(time) = HeaderValue::from_str(&as_http_date(ends)) {
        headers.insert("ratelimit-resettime", time);
    }
    headers
}
