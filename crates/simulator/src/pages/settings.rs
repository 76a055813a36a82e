//! The list, and the form of one integration: showing, saving, resetting.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::REFERER;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::data::{self, Shown};
use super::html::{self, escape, not_found, redirect};
use super::overrides::overrides;
use super::testing::test;
use super::visitor::enter;
use super::{Action, Owner, Visit};
use crate::api::integrations::validate::{Errors, validate};
use crate::kinds::{self, KindId};
use crate::propagation::Propagation;
use crate::world::{Job, Row, Scope, World, edited};

pub(super) fn list(visit: &mut Visit<'_>, owner: &Owner) -> Response {
    let scope = match enter(visit, owner) {
        Ok(scope) => scope,
        Err(answer) => return *answer,
    };
    let site = visit.site;
    let world = site.read();
    let entries = data::list(site, &world, scope, owner).to_string();
    let user = visit.session.user.and_then(|id| world.people.user(id));
    let admin = user.is_some_and(|user| user.admin).to_string();
    let body = format!(
        "<div class=\"js-integrations-list\"{}{}></div>",
        html::data("integrations", Some(&entries)),
        html::data("is-admin", Some(&admin))
    );
    html::page(&visit.session, "Integrations", &body)
}

pub(super) fn one(visit: &mut Visit<'_>, owner: &Owner, slug: &str, action: Action) -> Response {
    let scope = match enter(visit, owner) {
        Ok(scope) => scope,
        Err(answer) => return *answer,
    };
    let known = kinds::by_slug(&slug.replace('_', "-"))
        .filter(|(_, kind)| !slug.contains('-') && data::is_offered(visit.site, owner, kind));
    let Some((kind, _)) = known else { return not_found() };
    let project = matches!(scope, Scope::Project(_));
    match (action, visit.method.as_str()) {
        (Action::Edit, "GET") => edit(visit, owner, scope, kind),
        (Action::Update, "PUT" | "PATCH") => update(visit, owner, scope, kind),
        (Action::Test, "PUT") => test(visit, scope, kind),
        (Action::Reset, "POST") if !project => reset(visit, scope, kind),
        (Action::Overrides { json: true }, "GET") if scope == Scope::Instance => {
            overrides(visit, kind)
        }
        (Action::Overrides { json: false }, "GET") if scope == Scope::Instance => html::page(
            &visit.session,
            "Overrides",
            "<div class=\"js-vue-integration-overrides\"></div>",
        ),
        _ => not_found(),
    }
}

fn edit(visit: &mut Visit<'_>, owner: &Owner, scope: Scope, kind: KindId) -> Response {
    let mut world = visit.site.write();
    let row = world.record_for(scope, kind, visit.site.clock.shown());
    show(visit, &world, owner, scope, &row, &[])
}

/// The form with a row's values, which need not be stored.
fn show(
    visit: &Visit<'_>,
    world: &World,
    owner: &Owner,
    scope: Scope,
    row: &Row,
    errors: &[String],
) -> Response {
    let site = visit.site;
    let referer = visit.headers.get(REFERER).and_then(|value| value.to_str().ok());
    let stored = world.row(scope, row.kind).is_some();
    let own = Shown { site, owner, scope, row, stored, referer };
    let default = world.default_above(scope, row.kind).filter(|_| scope != Scope::Instance);
    let default = default.and_then(|row| {
        let scope = world.home(row.id)?;
        let shown = Shown { site, owner, scope, row, stored: true, referer };
        Some(format!(
            "<div class=\"js-vue-default-integration-settings\"{}></div>\n",
            shown.attributes()
        ))
    });
    let complaints = if errors.is_empty() {
        String::new()
    } else {
        let items: String =
            errors.iter().map(|text| format!("<li>{}</li>", escape(text))).collect();
        format!("<div id=\"error_explanation\"><ul>{items}</ul></div>\n")
    };
    let body = format!(
        "{complaints}{}<div class=\"js-vue-integration-settings\"{}></div>",
        default.unwrap_or_default(),
        own.attributes()
    );
    html::page(&visit.session, row.kind().title, &body)
}

fn update(visit: &mut Visit<'_>, owner: &Owner, scope: Scope, kind: KindId) -> Response {
    let site = visit.site;
    if !visit.sent.has_settings() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let project = matches!(scope, Scope::Project(_));
    let mut world = site.write();
    let default = world.default_above(scope, kind).map(|row| row.id);
    let form = visit.sent.form(kind.kind(), scope, default);
    let now = site.clock.now();
    let mut row = match edited(&mut world, scope, kind, &form, now) {
        Ok(row) => row,
        Err(error) => {
            tracing::debug!(%error, "a form was refused");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    if let Some(id) = visit.sent.unchecked_link(scope) {
        // The database itself insists on a row with that id.
        if world.home(id).is_none() {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        if row.inherit_from.replace(id) != Some(id) {
            row.updated_at = now;
        }
    }
    let errors = validate(&site.version, &world, scope, &row);
    if visit.wants_json() {
        return save_quietly(&mut world, scope, row, &errors);
    }
    if !errors.is_empty() {
        return show(visit, &world, owner, scope, &row, &errors.sentences());
    }
    let how =
        if row.active { "settings saved and active." } else { "settings saved, but not active." };
    world.store(scope, row);
    drop(world);
    if !project {
        Propagation::start(site, Job { source: scope, kind });
    }
    let title = kind.kind().title;
    visit.session.flash = Some(format!("{title} {how}"));
    let edit = format!("{}/{}/edit", owner.base(), data::underscored(kind.kind().slug));
    // Only a path of this server is followed.
    let wish =
        visit.sent.get("redirect_to").filter(|to| to.starts_with('/') && !to.starts_with("//"));
    let to = wish.filter(|_| project).map_or_else(|| visit.full(&edit), str::to_owned);
    redirect(StatusCode::FOUND, &to)
}

/// The answer to a script: saved all the same, but nothing is propagated.
fn save_quietly(world: &mut World, scope: Scope, row: Row, errors: &Errors) -> Response {
    let body = Json(json!({ "active": row.active, "errors": errors.to_json() }));
    if errors.is_empty() {
        world.store(scope, row);
        body.into_response()
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, body).into_response()
    }
}

/// A row that is not there is as good as reset.
fn reset(visit: &mut Visit<'_>, scope: Scope, kind: KindId) -> Response {
    if !kind.kind().manual {
        let body = Json(json!({ "message": "Integration cannot be reset." }));
        return (StatusCode::UNPROCESSABLE_ENTITY, body).into_response();
    }
    if !visit.site.write().remove_default(scope, kind) {
        tracing::debug!("there was nothing to reset");
    }
    visit.session.flash = Some("This integration, and inheriting projects were reset.".to_owned());
    Json(json!({})).into_response()
}
