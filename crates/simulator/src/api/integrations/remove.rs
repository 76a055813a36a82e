//! DELETE: switched off and blanked, but still there (contract, section 2).

use axum::http::StatusCode;
use axum::http::header::IF_UNMODIFIED_SINCE;
use axum::response::IntoResponse;
use jiff::Timestamp;

use super::Target;
use super::read::unknown_slug;
use crate::api::{Answer, Refusal};
use crate::clock::Millis;
use crate::world::{Row, Values};

pub(super) fn delete(target: &Target<'_>, slug: &str) -> Answer {
    target.route()?;
    let site = target.site;
    let mut world = site.write();
    let scope = target.resolve(&world)?;
    let (id, kind) = target.kind(slug).ok_or_else(unknown_slug)?;
    target.check_level(kind)?;
    let row = world
        .row(scope, id)
        .filter(|_| site.offers(kind, target.level))
        .ok_or(Refusal::NotFound("Integration"))?;
    if slug == "jira-cloud-app" {
        return Err(Refusal::unprocessable(
            "You cannot disable the GitLab for Jira Cloud app integration from the API",
        ));
    }
    if unmodified_since(target).is_some_and(|since| row.updated_at > since) {
        return Err(Refusal::PreconditionFailed);
    }
    let before = row.clone();
    // Events and the link stay as they were, and nothing is propagated.
    let mut row = Row { active: false, values: Values::blank(kind), ..before.clone() };
    row.touch_since(&before, site.clock.now());
    world.store(scope, row);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The end of the second that `If-Unmodified-Since` names, since HTTP dates know no fractions.
fn unmodified_since(target: &Target<'_>) -> Option<Millis> {
    let text = target.headers.get(IF_UNMODIFIED_SINCE)?.to_str().ok()?;
    let date = jiff::fmt::rfc2822::parse(text).map(|zoned| zoned.timestamp());
    let date: Timestamp = date.or_else(|_| text.parse()).ok()?;
    Some(date.as_millisecond() + 999)
}
