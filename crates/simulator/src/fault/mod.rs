//! Failures on demand: scripted one by one, or at random by a plan.

mod harm;
mod late;
mod plan;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

pub use harm::Harm;
pub(crate) use harm::{NoAnswer, hurt};
pub(crate) use late::Late;
pub(crate) use plan::Dice;
pub use plan::{FaultPlan, NotAPlan};

/// A failure to show in place of, or before, the real answer.
///
/// Start from [`Fault::on`] and set what differs.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Fault {
    /// Only requests with this method; none = any.
    pub method: Option<String>,
    /// Only requests whose path with query contains this.
    pub path_contains: String,
    /// Answer with this status; none = answer truly, after `delay`.
    pub status: Option<u16>,
    /// Body of that answer.
    pub body: String,
    /// Headers of that answer.
    pub headers: Vec<(String, String)>,
    /// Wait so long first.
    pub delay: Duration,
    /// What is done to the answer, true or not.
    pub harm: Option<Harm>,
    /// So often; none = until [`crate::Simulator::heal`].
    pub times: Option<u32>,
}

impl Fault {
    /// A fault on every path that contains a text, without any effect yet.
    #[must_use]
    pub fn on(path_contains: impl Into<String>) -> Self {
        Self {
            method: None,
            path_contains: path_contains.into(),
            status: None,
            body: String::new(),
            headers: Vec::new(),
            delay: Duration::ZERO,
            harm: None,
            times: None,
        }
    }

    /// Only for one method.
    #[must_use]
    pub fn method(self, method: impl Into<String>) -> Self {
        Self { method: Some(method.into()), ..self }
    }

    /// Answer with a status and a body.
    #[must_use]
    pub fn answer(self, status: u16, body: impl Into<String>) -> Self {
        Self { status: Some(status), body: body.into(), ..self }
    }

    /// Add a header to that answer.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Wait first.
    #[must_use]
    pub fn delay(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// Only so often.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// The instance-wide throttle: plain text with `Retry-After` (contract, section 6).
    #[must_use]
    pub fn throttled(path_contains: impl Into<String>, retry_after: u32) -> Self {
        Self::on(path_contains)
            .answer(429, "Retry later\n")
            .header("content-type", "text/plain")
            .header("retry-after", retry_after.to_string())
    }

    /// The endpoint's own throttle: JSON, with the whole interval as `Retry-After` (contract,
    /// section 6).
    #[must_use]
    pub fn throttled_endpoint(path_contains: impl Into<String>, interval: u32) -> Self {
        let body = r#"{"message":{"error":"This endpoint has been requested too many times. Try again later."}}"#;
        Self::on(path_contains)
            .answer(429, body)
            .header("content-type", "application/json")
            .header("retry-after", interval.to_string())
    }

    /// A throttle that names no time, as proxies do.
    #[must_use]
    pub fn throttled_without_headers(path_contains: impl Into<String>) -> Self {
        Self::on(path_contains).answer(429, "Retry later\n")
    }

    /// A failure of the web server in front, or GitLab's own error page: HTML.
    #[must_use]
    pub fn html(path_contains: impl Into<String>, status: u16) -> Self {
        let body = format!(
            "<!DOCTYPE html>\n<html>\n<head><title>GitLab is not responding ({status})</title></head>\n\
             <body><h1>{status}</h1><p>Whoops, GitLab is taking too much time to respond.</p></body>\n\
             </html>\n"
        );
        Self::on(path_contains)
            .answer(status, body)
            .header("content-type", "text/html; charset=utf-8")
    }

    /// A failure that GitLab itself answers for, in JSON (contract, section 2).
    #[must_use]
    pub fn in_words(path_contains: impl Into<String>, status: u16) -> Self {
        let reason = StatusCode::from_u16(status).ok().and_then(|it| it.canonical_reason());
        let body = format!(r#"{{"message":"{status} {}"}}"#, reason.unwrap_or("Server Error"));
        Self::on(path_contains).answer(status, body).header("content-type", "application/json")
    }

    /// Break the answer in some way.
    #[must_use]
    pub fn harm(self, harm: Harm) -> Self {
        Self { harm: Some(harm), ..self }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && path.contains(&self.path_contains)
            && self.times != Some(0)
    }

    /// The answer to give instead of the true one.
    pub(crate) fn response(&self) -> Option<Response> {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = StatusCode::from_u16(self.status?).ok()?;
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) =
                (name.parse::<HeaderName>(), HeaderValue::from_str(value))
            {
                response.headers_mut().append(name, value);
            }
        }
        Some(response)
    }
}

#[derive(Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The first fault that fits a request; it counts as used.
    pub(crate) fn take(&self, method: &str, path: &str) -> Option<Fault> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = faults.iter_mut().find(|fault| fault.matches(method, path))?;
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        Some(fault.clone())
    }
}
