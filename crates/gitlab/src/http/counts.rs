//! How many requests were made, for the cost that is shown and the promises that are tested.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Requests sent so far, each attempt counted.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RequestCounts {
    /// By kind of call, as in `groups`, `integrations`, `integration`.
    pub by_kind: BTreeMap<&'static str, u64>,
    /// Those that were sent again after a failure or a 429.
    pub retries: u64,
    /// All of them.
    pub total: u64,
}

/// The counters behind [`RequestCounts`].
#[derive(Debug, Default)]
pub(crate) struct Counters(Mutex<RequestCounts>);

impl Counters {
    /// One more request is about to be sent.
    pub(crate) fn sent(&self, kind: &'static str, again: bool) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.by_kind.entry(kind).or_default() += 1;
        counts.total += 1;
        counts.retries += u64::from(again);
    }

    /// The counts as they are now.
    pub(crate) fn now(&self) -> RequestCounts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
