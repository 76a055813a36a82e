//! What was asked of the server, for tests: never who asked.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;

/// So many requests are remembered.
const KEPT: usize = 20_000;

/// One answered request below `/api`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Counts from 1, without gaps.
    pub number: u64,
    /// `GET`, `PUT` …
    pub method: String,
    /// Path with query as sent, without tokens.
    pub path: String,
    /// Status of the answer.
    pub status: u16,
    /// When it was answered, in milliseconds since the server was set up.
    pub at_ms: u64,
}

pub(crate) struct RequestLog {
    begun: Instant,
    kept: Mutex<(u64, VecDeque<Request>)>,
}

impl Default for RequestLog {
    fn default() -> Self {
        Self { begun: Instant::now(), kept: Mutex::default() }
    }
}

impl RequestLog {
    /// Remembers a request, and says which number it was.
    pub(crate) fn record(&self, method: &str, path: String, status: u16) -> u64 {
        let at_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut log = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        log.0 += 1;
        let number = log.0;
        if log.1.len() == KEPT {
            log.1.pop_front();
        }
        log.1.push_back(Request { number, method: method.to_owned(), path, status, at_ms });
        number
    }

    /// How many there were, remembered or not.
    pub(crate) fn count(&self) -> u64 {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// The remembered requests after a number.
    pub(crate) fn after(&self, number: u64) -> Vec<Request> {
        let log = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        log.1.iter().filter(|request| request.number > number).cloned().collect()
    }
}
