//! Lists paged by number.

use std::collections::HashSet;

use futures::{StreamExt, TryStreamExt, stream};
use reqwest::header::HeaderMap;

use super::{Page, Pages};
use crate::dto::{HasId, decode_list};
use crate::http::ask::Ask;
use crate::{Client, Problem, Result};

/// Pages asked for at the same time, once it is known how many there are.
const AT_ONCE: usize = 8;

/// Follows a list by page number. When the first page says how many there are, the rest is
/// fetched several at a time; when it does not (over 10,000 rows, contract, section 6), each page
/// names the next. An item that a change meanwhile pushed onto a second page is given once.
pub(crate) fn pages<T>(client: Client, first: Ask) -> Pages<T>
where
    T: HasId + serde::de::DeserializeOwned + Send + 'static,
{
    let start = async move {
        let (page, place) = fetch::<T>(&client, &first, 1).await?;
        let rest = match place {
            After::Known { pages } => by_number(client, first, pages),
            After::Next(next) => one_by_one(client, first, next),
            After::End => stream::empty().boxed(),
        };
        Ok(stream::once(async move { Ok(page) }).chain(rest))
    };
    let mut seen = HashSet::new();
    let once_each = move |mut page: Page<T>| {
        page.items.retain(|item| seen.insert(item.id()));
        page
    };
    let all = stream::once(start).try_flatten().map_ok(once_each);
    Box::pin(until_first_error(all))
}

/// What follows a page.
enum After {
    Known { pages: u64 },
    Next(u64),
    End,
}

async fn fetch<T: HasId + serde::de::DeserializeOwned>(
    client: &Client,
    first: &Ask,
    number: u64,
) -> Result<(Page<T>, After)> {
    let ask = first.with("page", &number.to_string());
    let answer = client.send(&ask).await?;
    let fail = |problem| client.bad_answer(&ask, &answer.headers, problem);
    let items: Vec<T> = decode_list(answer.json).map_err(fail)?;
    let limit = client.shared.options.max_pages;
    let after = after(&answer.headers, number);
    let reaches = match after {
        After::Known { pages } => pages,
        After::Next(next) => next,
        After::End => 0,
    };
    if reaches > limit {
        return Err(fail(Problem::TooLarge { limit, unit: "pages" }));
    }
    // An empty page is the end, whatever its headers say.
    let after = if items.is_empty() { After::End } else { after };
    Ok((Page { items, total: header(&answer.headers, "x-total") }, after))
}

fn after(headers: &HeaderMap, number: u64) -> After {
    if let Some(pages) = header(headers, "x-total-pages") {
        return if pages > number { After::Known { pages } } else { After::End };
    }
    match header(headers, "x-next-page") {
        // Only ever forward: a list that points back would never end.
        Some(next) if next > number => After::Next(next),
        _ => After::End,
    }
}

/// How many items a list has, by its first and smallest page; none above 10,000, where GitLab
/// does not tell (contract, section 6).
pub(crate) async fn count(client: &Client, list: &Ask) -> Result<Option<u64>> {
    let answer = client.send(&list.with("per_page", "1")).await?;
    Ok(header(&answer.headers, "x-total"))
}

fn header(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

fn by_number<T>(
    client: Client,
    first: Ask,
    pages: u64,
) -> stream::BoxStream<'static, Result<Page<T>>>
where
    T: HasId + serde::de::DeserializeOwned + Send + 'static,
{
    stream::iter(2..=pages)
        .map(move |number| {
            let (client, first) = (client.clone(), first.clone());
            async move { fetch::<T>(&client, &first, number).await.map(|(page, _)| page) }
        })
        .buffered(AT_ONCE)
        .boxed()
}

fn one_by_one<T>(
    client: Client,
    first: Ask,
    next: u64,
) -> stream::BoxStream<'static, Result<Page<T>>>
where
    T: HasId + serde::de::DeserializeOwned + Send + 'static,
{
    stream::try_unfold(Some(next), move |next| {
        let (client, first) = (client.clone(), first.clone());
        async move {
            let Some(number) = next else { return Ok(None) };
            let (page, after) = fetch::<T>(&client, &first, number).await?;
            let next = match after {
                After::Next(next) => Some(next),
                // Totals came back because the list shrank: it still goes on page by page.
                After::Known { .. } => Some(number + 1),
                After::End => None,
            };
            Ok(Some((page, next)))
        }
    })
    .boxed()
}

/// Ends a list with its first error.
fn until_first_error<T: Send + 'static>(
    pages: impl futures::Stream<Item = Result<Page<T>>> + Send + 'static,
) -> impl futures::Stream<Item = Result<Page<T>>> + Send + 'static {
    let mut failed = false;
    pages.take_while(move |page| {
        let go_on = !failed;
        failed |= page.is_err();
        std::future::ready(go_on)
    })
}
