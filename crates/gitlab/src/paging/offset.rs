//! Lists paged by number.

use std::collections::HashSet;

use futures::{StreamExt, TryStreamExt, stream};
use reqwest::header::HeaderMap;

use super::{Page, Pages, read_page, until_first_error};
use crate::dto::HasId;
use crate::http::ask::Ask;
use crate::{Client, Problem, Result};

/// Pages asked for at the same time, once it is known how many there are.
const AT_ONCE: usize = 8;

/// Follows a list by page number. When the first page says how many there are, the rest is
/// fetched several at a time; when it does not (over 10,000 rows, contract, section 6), in waves
/// until one names no next page. An item that a change meanwhile pushed onto a second page is given once.
pub(crate) fn pages<T>(client: Client, first: Ask) -> Pages<T>
where
    T: HasId + serde::de::DeserializeOwned + Send + 'static,
{
    let start = async move {
        let (page, place) = fetch::<T>(&client, &first, 1).await?;
        let rest = match place {
            After::Known { pages } => by_number(client, first, pages),
            After::Next(next) => in_waves(client, first, next),
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
    let (mut page, headers) = read_page::<T>(client, &ask).await?;
    let limit = client.shared.options.max_pages;
    let after = after(&headers, number);
    let reaches = match after {
        After::Known { pages } => pages,
        After::Next(next) => next,
        After::End => 0,
    };
    if reaches > limit {
        let problem = Problem::TooLarge { limit, unit: "pages" };
        return Err(client.bad_answer(&ask, &headers, problem));
    }
    // An empty page is the end, whatever its headers say.
    let is_empty = page.items.is_empty() && page.unreadable.is_empty();
    let after = if is_empty { After::End } else { after };
    page.total = header(&headers, "x-total");
    Ok((page, after))
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

/// Where nobody says how many pages there are, as many are asked for at once as came before: at
/// most half of the requests find nothing, and at most [`AT_ONCE`].
fn in_waves<T>(client: Client, first: Ask, next: u64) -> stream::BoxStream<'static, Result<Page<T>>>
where
    T: HasId + serde::de::DeserializeOwned + Send + 'static,
{
    let waves = stream::try_unfold(Some((next, 1)), move |at| {
        let (client, first) = (client.clone(), first.clone());
        async move {
            let Some((from, count)) = at else { return Ok(None) };
            let numbers = from..from + count;
            let asked = numbers.map(|number| fetch::<T>(&client, &first, number));
            let (mut wave, mut goes_on) = (Vec::new(), false);
            for (page, after) in futures::future::try_join_all(asked).await? {
                goes_on = !matches!(after, After::End);
                wave.push(page);
                if !goes_on {
                    break;
                }
            }
            let next = goes_on.then(|| (from + count, (count * 2).min(AT_ONCE as u64)));
            Ok(Some((stream::iter(wave.into_iter().map(Ok)), next)))
        }
    });
    waves.try_flatten().boxed()
}
