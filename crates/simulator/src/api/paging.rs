//! Offset and keyset paging with their headers (contract, section 6).

use axum::Json;
use axum::http::header::LINK;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use url::form_urlencoded;

use super::params::Params;
use super::refusal::Refusal;
use crate::site::Site;

const PER_PAGE: usize = 20;
const MOST_PER_PAGE: usize = 100;
/// Above so many rows GitLab does not count them out.
const MOST_COUNTED: usize = 10_000;
/// So far into a list offset pages reach, where they are limited at all.
const MOST_OFFSET: usize = 50_000;

/// How many rows a page has: 20 unless asked, never over 100.
pub(crate) fn per_page(params: &Params) -> Result<usize, Refusal> {
    match params.integer("per_page")? {
        Some(0) => Err(Refusal::Parameters("per_page has a value not allowed".to_owned())),
        Some(wanted) if wanted > 0 => {
            Ok(usize::try_from(wanted).unwrap_or(MOST_PER_PAGE).min(MOST_PER_PAGE))
        }
        _ => Ok(PER_PAGE),
    }
}

/// One page of rows that are all at hand, with GitLab's headers.
pub(crate) fn offset_page<T, B: Serialize>(
    site: &Site,
    uri: &Uri,
    params: &Params,
    rows: &[T],
    write: impl Fn(&T) -> B,
) -> Result<Response, Refusal> {
    let per_page = per_page(params)?;
    let page = params.integer("page")?.and_then(|page| usize::try_from(page).ok()).unwrap_or(1);
    let page = page.max(1);
    let first = (page - 1).saturating_mul(per_page).min(rows.len());
    let last = (first + per_page).min(rows.len());
    let pages = rows.len().div_ceil(per_page);
    let next = (last < rows.len()).then_some(page + 1);
    let previous = (page > 1).then(|| (page - 1).min(pages.max(1)));
    let counted = rows.len() <= MOST_COUNTED;

    let link = |to: usize, rel: &str| {
        let to = to.to_string();
        let size = per_page.to_string();
        format!("<{}>; rel=\"{rel}\"", address(site, uri, &[("page", &to), ("per_page", &size)]))
    };
    let mut links = Vec::new();
    links.extend(previous.map(|to| link(to, "prev")));
    links.extend(next.map(|to| link(to, "next")));
    links.push(link(1, "first"));
    if counted {
        links.push(link(pages.max(1), "last"));
    }

    let mut headers = HeaderMap::new();
    let number = |value: Option<usize>| value.map(|value| value.to_string()).unwrap_or_default();
    set(&mut headers, "x-page", &page.to_string());
    set(&mut headers, "x-per-page", &per_page.to_string());
    set(&mut headers, "x-next-page", &number(next));
    set(&mut headers, "x-prev-page", &number(previous));
    if counted {
        set(&mut headers, "x-total", &rows.len().to_string());
        set(&mut headers, "x-total-pages", &pages.to_string());
    }
    set(&mut headers, LINK.as_str(), &links.join(", "));

    let page: Vec<B> = rows[first..last].iter().map(write).collect();
    Ok((headers, Json(page)).into_response())
}

/// Refuses pages too far into a list, as GitLab does to those who are not signed in.
pub(super) fn refuse_far_pages(params: &Params, objects: &'static str) -> Result<(), Refusal> {
    let page = params.integer("page")?.and_then(|page| usize::try_from(page).ok()).unwrap_or(1);
    if page.saturating_mul(per_page(params)?) > MOST_OFFSET {
        return Err(Refusal::TooFar(objects));
    }
    Ok(())
}

/// One keyset page behind an opaque cursor, which the last page no longer has.
pub(super) fn cursor_page<B: Serialize>(
    site: &Site,
    uri: &Uri,
    last_id: Option<u64>,
    page: &[B],
) -> Response {
    let mut headers = HeaderMap::new();
    if let Some(id) = last_id {
        let cursor = format!("{id:x}");
        let next = address(site, uri, &[("cursor", &cursor)]);
        set(&mut headers, "x-next-cursor", &cursor);
        set(&mut headers, "x-prev-cursor", "");
        set(&mut headers, LINK.as_str(), &format!("<{next}>; rel=\"next\""));
    }
    (headers, Json(page)).into_response()
}

/// One keyset page. Every page that is not empty has a link to the next, even the last one.
pub(crate) fn keyset_page<B: Serialize>(
    site: &Site,
    uri: &Uri,
    cursor: &str,
    last_id: Option<u64>,
    page: &[B],
) -> Response {
    let mut headers = HeaderMap::new();
    if let Some(id) = last_id {
        let next = address(site, uri, &[(cursor, &id.to_string())]);
        set(&mut headers, LINK.as_str(), &format!("<{next}>; rel=\"next\""));
    }
    (headers, Json(page)).into_response()
}

/// The request's own address on the configured host, with some parameters replaced.
fn address(site: &Site, uri: &Uri, replace: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        let secret = matches!(name.as_ref(), "private_token" | "access_token");
        if !secret && replace.iter().all(|(replaced, _)| *replaced != name) {
            query.append_pair(&name, &value);
        }
    }
    query.extend_pairs(replace);
    format!("{}{}?{}", site.origin(), uri.path(), query.finish())
}

fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) =
        (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
    {
        headers.insert(name, value);
    }
}
