//! GET: the list of active rows, and one row.

use axum::Json;
use axum::response::IntoResponse;

use super::{Target, entity};
use crate::api::{Answer, Refusal};

/// Active rows only, without values and without pages (contract, section 1).
pub(super) fn list(target: &Target<'_>) -> Answer {
    target.route()?;
    let site = target.site;
    let world = site.read();
    let scope = target.resolve(&world)?;
    let rows = world.rows(scope).iter();
    let body: Vec<_> = rows
        .filter(|row| row.active && site.offers(row.kind(), target.level))
        .map(|row| entity::basic(site, row))
        .collect();
    Ok(Json(body).into_response())
}

/// One row, active or not.
pub(super) fn one(target: &Target<'_>, slug: &str) -> Answer {
    target.route()?;
    let site = target.site;
    let world = site.read();
    let scope = target.resolve(&world)?;
    let (id, kind) = target.kind(slug).ok_or_else(unknown_slug)?;
    target.check_level(kind)?;
    let row = world
        .row(scope, id)
        .filter(|_| site.offers(kind, target.level))
        .ok_or(Refusal::NotFound("Integration"))?;
    Ok(Json(entity::full(site, row)).into_response())
}

pub(super) fn unknown_slug() -> Refusal {
    Refusal::Parameters("slug does not have a valid value".to_owned())
}
