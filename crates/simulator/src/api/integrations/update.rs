//! PUT, in all its oddities (contract, section 2).

use axum::Json;
use axum::response::IntoResponse;

use super::parameters::{Declared, declared};
use super::validate::validate;
use super::{Target, entity, not_available};
use crate::api::params::Params;
use crate::api::{Answer, Refusal};
use crate::propagation::Propagation;
use crate::world::scope::Level;
use crate::world::{Job, Row, Scope, Value, World};

pub(super) fn put(target: &Target<'_>, slug: &str, body: &[u8]) -> Answer {
    // Each slug is a route of its own: an unknown one is missing before anybody asks who it is.
    target.route()?;
    let (id, kind) = target.kind(slug).ok_or(Refusal::NoRoute)?;
    let site = target.site;
    let mut world = site.write();
    let scope = target.resolve(&world)?;
    let params = Params::from_request(target.uri.query(), target.headers, body)?;
    let declared = declared(kind, &site.version, &params)?;
    target.check_level(kind)?;
    if !site.offers(kind, target.level) {
        return Err(not_available());
    }
    let stored = world.row(scope, id).is_some();
    if !stored && !kind.manual {
        return Err(Refusal::unprocessable(format!(
            "You cannot create the {} integration from the API",
            kind.title
        )));
    }
    let record = world.record_for(scope, id, site.clock.now());
    // Without the parameter, a row that inherits goes on inheriting and the values are dropped.
    let answered = if declared.inherit.unwrap_or(record.inherit_from.is_some()) {
        inherit(target, &mut world, scope, &record)?
    } else {
        customise(target, &mut world, scope, &record, &declared)?
    };
    drop(world);
    if target.level == Level::Group && site.group_put_propagates {
        Propagation::start(site, Job { source: scope, kind: id });
    }
    Ok(Json(entity::full(site, &answered)).into_response())
}

/// Custom settings: the parameters are applied to what is stored, and the row is switched on.
fn customise(
    target: &Target<'_>,
    world: &mut World,
    scope: Scope,
    record: &Row,
    declared: &Declared,
) -> Result<Row, Refusal> {
    let site = target.site;
    if declared.without_column {
        return Err(Refusal::server_fault());
    }
    let mut row = Row { inherit_from: None, ..record.clone() };
    if row.kind().manual {
        row.active = true;
    }
    for (event, on) in &declared.events {
        row.events.set(*event, *on);
    }
    let sent: Vec<usize> = declared.fields.iter().map(|(position, _)| *position).collect();
    for (position, value) in &declared.fields {
        row.values.set(*position, value.clone());
    }
    row.forget_exposed_secrets(record, &sent);
    forget_password_without_username(&mut row, &sent);
    refuse_invalid(target, world, scope, &row)?;
    row.touch_since(record, site.clock.now());
    world.store(scope, row.clone());
    Ok(row)
}

/// Jenkins drops a stored password that has lost its username, and insists on one only where a
/// password is sent.
fn forget_password_without_username(row: &mut Row, sent: &[usize]) {
    let kind = row.kind();
    let blank = row.values.named(kind, "username").is_none_or(Value::is_blank);
    if let ("jenkins", Some((position, _))) = (kind.slug, kind.field("password"))
        && blank
        && !sent.contains(&position)
    {
        row.values.set(position, None);
    }
}

/// Use default settings: a project takes the default's values at once, a group only its link.
fn inherit(
    target: &Target<'_>,
    world: &mut World,
    scope: Scope,
    record: &Row,
) -> Result<Row, Refusal> {
    let now = target.site.clock.now();
    let default = world
        .default_above(scope, record.kind)
        .cloned()
        .ok_or_else(|| Refusal::bad_request("Default integration not found."))?;
    let mut linked = Row { inherit_from: Some(default.id), ..record.clone() };
    // The row's own old values must still be valid.
    refuse_invalid(target, world, scope, &linked)?;
    linked.touch_since(record, now);
    let mut stored = linked.clone();
    if matches!(scope, Scope::Project(_)) {
        stored.copy_from(&default, now);
    }
    world.store(scope, stored);
    // GitLab answers with the record as it was before the copy.
    Ok(linked)
}

fn refuse_invalid(
    target: &Target<'_>,
    world: &World,
    scope: Scope,
    row: &Row,
) -> Result<(), Refusal> {
    let errors = validate(&target.site.version, world, scope, row);
    if errors.is_empty() {
        return Ok(());
    }
    let version = &target.site.version;
    if !version.says_what_failed() {
        return Err(Refusal::bad_request("400 Bad Request"));
    }
    let errors = errors.inspect(version);
    Err(Refusal::bad_request(format!("Failed to update integration. {errors}")))
}
