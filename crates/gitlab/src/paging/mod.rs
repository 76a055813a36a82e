//! Lists that come in pages.

pub(crate) mod keyset;
pub(crate) mod link;
pub(crate) mod offset;

use std::pin::Pin;

use futures::Stream;

use crate::Result;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// Its items, in the list's order.
    pub items: Vec<T>,
    /// How many items the whole list has, where GitLab says: not beyond 10,000, and never with
    /// keyset paging (contract, section 6).
    pub total: Option<u64>,
}

/// A list's pages, in order. The first error ends it: a list with a failed page is not a list.
/// Dropping it cancels the requests under way.
pub type Pages<T> = Pin<Box<dyn Stream<Item = Result<Page<T>>> + Send>>;

/// Items on one page: the most GitLab gives.
pub(crate) const PER_PAGE: &str = "100";
