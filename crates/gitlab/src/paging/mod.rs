//! Lists that come in pages.

pub(crate) mod offset;
pub(crate) mod ranges;

use std::pin::Pin;

use futures::{Stream, StreamExt as _};
use reqwest::header::HeaderMap;

use crate::dto::{HasId, decode_list, decode_readable};
use crate::http::ask::Ask;
use crate::{Client, Error, Problem, Result};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// How many items the whole list has, where GitLab says: not beyond 10,000, and never with
    /// keyset paging (contract, section 6).
    pub total: Option<u64>,
    /// What is wrong with items that make no sense, asked for again in vain. They are left out,
    /// so the list is not whole.
    pub unreadable: Vec<Problem>,
}

/// A list's pages. The first error ends it: a list with a failed page is not a list.
/// Dropping it cancels the requests under way.
pub type Pages<T> = Pin<Box<dyn Stream<Item = Result<Page<T>>> + Send>>;

/// Items on one page: the most GitLab gives.
pub(crate) const PER_PAGE: &str = "100";

/// Reads one page. Where some items still make no sense after the usual tries, the others are
/// taken without them: one bad project must not hide a thousand good ones.
async fn read_page<T>(client: &Client, ask: &Ask) -> Result<(Page<T>, HeaderMap)>
where
    T: HasId + serde::de::DeserializeOwned,
{
    let whole = client
        .send_and_read(ask, |json, headers| {
            let page = Page { items: decode_list(json)?, total: None, unreadable: Vec::new() };
            Ok((page, headers.clone()))
        })
        .await;
    match whole {
        Err(Error { problem: Problem::Decode { .. }, .. }) => {}
        other => return other,
    }
    client
        .send_and_read(ask, |json, headers| {
            let (items, unreadable) = decode_readable(json)?;
            Ok((Page { items, total: None, unreadable }, headers.clone()))
        })
        .await
}

/// Ends a list with its first error.
fn until_first_error<T: Send + 'static>(
    pages: impl Stream<Item = Result<Page<T>>> + Send + 'static,
) -> impl Stream<Item = Result<Page<T>>> + Send + 'static {
    let mut failed = false;
    pages.take_while(move |page| {
        let go_on = !failed;
        failed |= page.is_err();
        std::future::ready(go_on)
    })
}
