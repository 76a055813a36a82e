//! Lists paged by the last id seen: the next page is known only once the one before has come.

use std::collections::HashSet;

use futures::stream;

use super::link::next_query;
use super::{Page, Pages};
use crate::dto::{HasId, decode_list};
use crate::http::ask::Ask;
use crate::{Client, Problem, Result};

struct Walk {
    client: Client,
    ask: Ask,
    seen_queries: HashSet<String>,
    last_id: Option<u64>,
    pages: u64,
}

/// Follows a list ordered by ascending id. Every page that is not empty has a `Link` to a next
/// one, even the last (contract, section 6): only an empty page, or one without `Link`, ends it.
/// A short page does not, so that a proxy that caps pages can't cut the list short.
pub(crate) fn pages<T>(client: Client, first: Ask) -> Pages<T>
where
    T: HasId + serde::de::DeserializeOwned + Send + 'static,
{
    let walk = Walk { client, ask: first, seen_queries: HashSet::new(), last_id: None, pages: 0 };
    Box::pin(stream::try_unfold(Some(walk), |walk| async move {
        match walk {
            Some(walk) => walk.step().await,
            None => Ok(None),
        }
    }))
}

impl Walk {
    async fn step<T: HasId + serde::de::DeserializeOwned>(
        mut self,
    ) -> Result<Option<(Page<T>, Option<Self>)>> {
        let limit = self.client.shared.options.max_pages;
        let answer = self.client.send(&self.ask).await?;
        self.pages += 1;
        let fail = |problem| self.client.bad_answer(&self.ask, &answer.headers, problem);
        let items: Vec<T> = decode_list(answer.json).map_err(fail)?;
        let Some(last) = items.last().map(HasId::id) else { return Ok(None) };
        let ascending = items.windows(2).all(|two| two[0].id() < two[1].id())
            && items.first().is_some_and(|first| Some(first.id()) > self.last_id);
        if !ascending {
            return Err(fail(Problem::Decode {
                field: "id".to_owned(),
                detail: "the pages repeat or are out of order".to_owned(),
            }));
        }
        let page = Page { items, total: None };
        let Some(query) = next_query(&answer.headers) else { return Ok(Some((page, None))) };
        if !self.seen_queries.insert(query.clone()) {
            return Err(fail(Problem::Decode {
                field: "Link".to_owned(),
                detail: "the next page is one that came before".to_owned(),
            }));
        }
        if self.pages >= limit {
            return Err(fail(Problem::TooLarge { limit, unit: "pages" }));
        }
        self.ask = self.ask.with_query(&query);
        self.last_id = Some(last);
        Ok(Some((page, Some(self))))
    }
}
