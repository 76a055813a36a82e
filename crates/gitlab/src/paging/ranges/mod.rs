//! Lists paged by id, read in several stretches side by side.

mod plan;

use std::collections::BTreeSet;
use std::pin::Pin;

use futures::stream::{self, FuturesUnordered};
use futures::{Stream, StreamExt};

use self::plan::{Plan, Stretch};
use super::{Page, Pages, read_page};
use crate::dto::HasId;
use crate::http::ask::Ask;
use crate::{Client, Problem, Result};

/// Stretches walked at the same time.
const SIDE_BY_SIDE: usize = 8;

type Fetch<T> = Pin<Box<dyn Future<Output = (usize, Result<Page<T>>)> + Send>>;

struct Walk<T> {
    client: Client,
    list: Ask,
    plan: Plan,
    running: FuturesUnordered<Fetch<T>>,
    /// To be asked for as soon as the last answer is handed on.
    next: Option<usize>,
    pages: u64,
}

/// Reads a list that can be ordered and bounded by id. Its pages come in no particular order.
///
/// The first request asks for the end of the list, so that the highest id is known; what is below
/// is read in stretches (see [`plan`]). A stretch ends with a page that is not full. `Link`
/// headers are not needed, and so cannot lead astray.
pub(crate) fn pages<T>(client: Client, list: &Ask) -> Pages<T>
where
    T: HasId + serde::de::DeserializeOwned + Send + 'static,
{
    let list = list.with("pagination", "keyset");
    let start = async move {
        let last = list.with("sort", "desc");
        let top: Page<T> = read_page(&client, &last).await?.0;
        let (plan, next) = Plan::below(&top.sent);
        let list = list.with("sort", "asc");
        let running = FuturesUnordered::new();
        let walk = Walk { client, list, plan, running, next, pages: 1 };
        Ok::<_, crate::Error>(
            stream::once(async move { Ok(top) }).chain(stream::unfold(Some(walk), step)),
        )
    };
    Box::pin(super::until_first_error(stream::once(start).flat_map(|started| {
        let pages: Pin<Box<dyn Stream<Item = Result<Page<T>>> + Send>> = match started {
            Ok(pages) => Box::pin(pages),
            Err(error) => Box::pin(stream::once(async move { Err(error) })),
        };
        pages
    })))
}

/// How many requests the list of all projects takes, where it has these ids.
pub(crate) fn requests(ids: &BTreeSet<u64>) -> usize {
    plan::requests(ids, super::PAGE, SIDE_BY_SIDE)
}

async fn step<T>(walk: Option<Walk<T>>) -> Option<(Result<Page<T>>, Option<Walk<T>>)>
where
    T: HasId + serde::de::DeserializeOwned + Send + 'static,
{
    let mut walk = walk?;
    if let Some(number) = walk.next.take() {
        walk.ask(number);
    }
    while walk.running.len() < SIDE_BY_SIDE
        && let Some(number) = walk.plan.cut()
    {
        walk.ask(number);
    }
    let (number, answer) = walk.running.next().await?;
    Some(match answer.and_then(|page| walk.take(number, page)) {
        Ok(page) => (Ok(page), Some(walk)),
        Err(error) => (Err(error), None),
    })
}

impl<T: HasId + serde::de::DeserializeOwned + Send + 'static> Walk<T> {
    fn ask(&mut self, number: usize) {
        let Some(stretch) = self.plan.get(number) else { return };
        let (client, ask) = (self.client.clone(), bounded(&self.list, stretch));
        self.running.push(Box::pin(async move {
            let page = read_page(&client, &ask).await.and_then(|(page, _)| {
                if follows(&page.sent.ids, stretch) {
                    return Ok(page);
                }
                Err(client.bad_answer(
                    &ask,
                    &Default::default(),
                    Problem::Decode {
                        field: "id".to_owned(),
                        detail: "the pages repeat or are out of order".to_owned(),
                    },
                ))
            });
            (number, page)
        }));
    }

    fn take(&mut self, number: usize, mut page: Page<T>) -> Result<Page<T>> {
        self.pages += 1;
        let limit = self.client.shared.options.max_pages;
        let (before, goes_on) = self.plan.page(number, &page.sent);
        page.items.retain(|item| item.id() < before);
        if goes_on {
            if self.pages >= limit {
                let problem = Problem::TooLarge { limit, unit: "pages" };
                return Err(self.client.bad_answer(&self.list, &Default::default(), problem));
            }
            self.next = Some(number);
        }
        Ok(page)
    }
}

fn bounded(list: &Ask, stretch: Stretch) -> Ask {
    let ask = list.with("id_before", &stretch.before.to_string());
    if stretch.after == 0 { ask } else { ask.with("id_after", &stretch.after.to_string()) }
}

/// Whether a page's ids ascend from where its stretch begins.
fn follows(ids: &[u64], stretch: Stretch) -> bool {
    ids.first().is_none_or(|first| *first > stretch.after) && ids.is_sorted_by(|a, b| a < b)
}
