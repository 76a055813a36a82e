//! Lists that come in pages.

pub(crate) mod offset;
pub(crate) mod ranges;

use std::collections::BTreeSet;
use std::pin::Pin;

use futures::{Stream, StreamExt as _};
use reqwest::header::HeaderMap;

use serde_json::Value as Json;

use crate::dto::{HIGHEST_ID, HasId, decode_list, decode_readable};
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
    /// What the server sent, those included: where a list goes on does not depend on what can be
    /// made of it.
    pub(crate) sent: Sent,
}

/// A page as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Items on it.
    pub(crate) count: usize,
    /// Their ids, in their order, as far as they can be made out.
    pub(crate) ids: Vec<u64>,
}

impl Sent {
    fn of(json: &Json) -> Self {
        let items = json.as_array().map_or(&[][..], Vec::as_slice);
        let ids = items.iter().filter_map(|item| item.get("id")?.as_u64());
        Self { count: items.len(), ids: ids.filter(|id| *id <= HIGHEST_ID).collect() }
    }
}

/// A list's pages. The first error ends it: a list with a failed page is not a list.
/// Dropping it cancels the requests under way.
pub type Pages<T> = Pin<Box<dyn Stream<Item = Result<Page<T>>> + Send>>;

/// Items on one page: the most GitLab gives.
pub(crate) const PER_PAGE: &str = "100";

/// The same as a number.
pub(crate) const PAGE: usize = 100;

/// How many requests a list of so many groups takes, or of the projects below one: it is paged by
/// number.
pub fn requests_by_number(items: usize) -> usize {
    items.div_ceil(PAGE).max(1)
}

/// How many requests the list of all projects takes, where it has these ids: stretches of them are
/// read side by side. How the answers follow each other can make a difference of a few.
pub fn requests_by_id(ids: &BTreeSet<u64>) -> usize {
    ranges::requests(ids)
}

/// Reads one page. Where some items still make no sense after the usual tries, the others are
/// taken without them: one bad project must not hide a thousand good ones.
async fn read_page<T>(client: &Client, ask: &Ask) -> Result<(Page<T>, HeaderMap)>
where
    T: HasId + serde::de::DeserializeOwned,
{
    let whole = client
        .send_and_read(ask, |json, headers| {
            let sent = Sent::of(&json);
            let items = decode_list(json)?;
            Ok((Page { items, total: None, unreadable: Vec::new(), sent }, headers.clone()))
        })
        .await;
    match whole {
        Err(Error { problem: Problem::Decode { .. }, .. }) => {}
        other => return other,
    }
    client
        .send_and_read(ask, |json, headers| {
            let sent = Sent::of(&json);
            let (items, unreadable) = decode_readable(json)?;
            Ok((Page { items, total: None, unreadable, sent }, headers.clone()))
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
