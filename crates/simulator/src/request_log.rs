//! What was asked of the server, for tests: never who asked.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

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
}

#[derive(Default)]
pub(crate) struct RequestLog(Mutex<(u64, VecDeque<Request>)>);

impl RequestLog {
    /// Remembers a request, and says which number it was.
    pub(crate) fn record(&self, method: &str, path: String, status: u16) -> u64 {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.0 += 1;
        let number = log.0;
        if log.1.len() == KEPT {
            log.1.pop_front();
        }
        log.1.push_back(Request { number, method: method.to_owned(), path, status });
        number
    }

    /// The remembered requests after a number.
    pub(crate) fn after(&self, number: u64) -> Vec<Request> {
        let log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.1.iter().filter(|request| request.number > number).cloned().collect()
    }
}
