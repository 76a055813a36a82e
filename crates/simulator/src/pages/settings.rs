//! Reading, saving, testing and resetting the settings of one integration; overrides.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::REFERER;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::data::{self, Shown};
use super::html::{self, escape, not_found, redirect};
use super::{Action, Owner, Visit, to_sign_in};
use crate::api::integrations::validate::validate;
use crate::api::paging::offset_page;
use crate::api::params::Params;
use crate::kinds::{self, KindId};
use crate::propagation::Propagation;
use crate::world::{Job, Row, Scope, Visibility, World, access, edited};

/// Who may come here: the scope, or the answer to give in its place.
fn enter(visit: &mut Visit<'_>, owner: &Owner) -> Result<Scope, Box<Response>> {
    let site = visit.site;
    let world = site.read();
    let Some(viewer) = visit.session.viewer(site, &world) else {
        let public = match owner {
            Owner::Instance => false,
            Owner::Group(path) => {
                world.group_by_path(path).is_some_and(|g| g.visibility == Visibility::Public)
            }
            Owner::Project(path) => {
                world.project_by_path(path).is_some_and(|p| p.visibility == Visibility::Public)
            }
        };
        drop(world);
        // What everybody may see hides its settings; the rest asks for a sign-in.
        return Err(Box::new(if public { not_found() } else { to_sign_in(visit) }));
    };
    let refused = || Box::new(not_found());
    match owner {
        Owner::Instance => {
            let user = viewer.user.and_then(|id| world.people.user(id));
            if user.is_none_or(|user| !user.admin) || site.features.saas {
                return Err(refused());
            }
            if !viewer.admin {
                visit.session.return_to = Some(visit.full(visit.uri.path()));
                let to = visit.full("/admin/session/new");
                return Err(Box::new(redirect(StatusCode::FOUND, &to)));
            }
            Ok(Scope::Instance)
        }
        Owner::Group(path) => {
            let group = world.group_by_path(path).ok_or_else(refused)?;
            let owns = world.group_access(viewer, group.id) >= access::OWNER;
            if owns && !world.group_is_archived(group.id) {
                Ok(Scope::Group(group.id))
            } else {
                Err(refused())
            }
        }
        Owner::Project(path) => {
            let reaches = |project| world.project_access(viewer, project) >= access::MAINTAINER;
            if let Some(project) = world.project_by_path(path) {
                let scope = Scope::Project(project.id);
                return if reaches(project) { Ok(scope) } else { Err(refused()) };
            }
            let moved = world.moved_project(path).filter(|project| reaches(project));
            match moved {
                Some(project) if visit.method == "GET" => {
                    let to = visit.uri.path().replacen(path.as_str(), &project.full_path, 1);
                    Err(Box::new(redirect(StatusCode::MOVED_PERMANENTLY, &visit.full(&to))))
                }
                _ => Err(refused()),
            }
        }
    }
}

pub(super) fn list(visit: &mut Visit<'_>, owner: &Owner) -> Response {
    let scope = match enter(visit, owner) {
        Ok(scope) => scope,
        Err(answer) => return *answer,
    };
    let site = visit.site;
    let world = site.read();
    let base = visit.full(&owner.base());
    let entries = data::list(site, &world, scope, &base).to_string();
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
    let site = visit.site;
    let known = kinds::by_slug(&slug.replace('_', "-")).filter(|(_, kind)| {
        !slug.contains('-')
            && site.offers(kind, scope.level())
            && (kind.in_rest(&site.version) || kind.levels == kinds::Levels::InstanceOnly)
    });
    let Some((kind, _)) = known else { return not_found() };
    match (action, visit.method.as_str(), owner) {
        (Action::Edit, "GET", _) => edit(visit, owner, scope, kind),
        (Action::Update, "PUT" | "PATCH", _) => update(visit, owner, scope, kind),
        (Action::Test, "PUT", _) => test(visit, scope, kind),
        (Action::Reset, "POST", Owner::Instance | Owner::Group(_)) => reset(visit, scope, kind),
        (Action::Overrides { json: true }, "GET", Owner::Instance) => overrides(visit, kind),
        (Action::Overrides { json: false }, "GET", Owner::Instance) => html::page(
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
    let form = visit.sent.form(kind.kind(), default, project);
    let row = match edited(&mut world, scope, kind, &form, site.clock.now()) {
        Ok(row) => row,
        Err(error) => {
            tracing::debug!(%error, "a form was refused");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let errors = validate(&site.version, &world, scope, &row).sentences();
    if !errors.is_empty() {
        return show(visit, &world, owner, scope, &row, &errors);
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

/// Tests unsaved values. An address below `.invalid` is one that nobody answers at.
fn test(visit: &mut Visit<'_>, scope: Scope, kind: KindId) -> Response {
    let site = visit.site;
    let project = matches!(scope, Scope::Project(_));
    let testable = project || (scope != Scope::Instance && kind.kind().slug == "jira");
    if !testable {
        return (StatusCode::NOT_FOUND, Json(json!({}))).into_response();
    }
    let failed = |message: &str, response: &str, tested: bool| {
        let body = json!({
            "error": true,
            "message": message,
            "service_response": response,
            "test_failed": tested,
        });
        Json(body).into_response()
    };
    let user = visit.session.user.unwrap_or_default();
    if project && !site.counters.may_test(user, scope.id(), site.clock.shown()) {
        let words = "This endpoint has been requested too many times. Try again later.";
        return Json(json!({ "error": true, "message": words })).into_response();
    }
    let mut world = site.write();
    let default = world.default_above(scope, kind).map(|row| row.id);
    let form = visit.sent.form(kind.kind(), default, project);
    let Ok(mut row) = edited(&mut world, scope, kind, &form, site.clock.shown()) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    row.active = true;
    let errors = validate(&site.version, &world, scope, &row).sentences();
    if !errors.is_empty() {
        return failed("Validations failed.", &errors.join(", "), false);
    }
    let unreachable = row.values.each(row.kind()).any(|(_, value)| match value {
        Some(crate::world::Value::Text(text)) => url::Url::parse(text)
            .is_ok_and(|url| url.host_str().is_some_and(|host| host.ends_with(".invalid"))),
        _ => false,
    });
    if unreachable {
        let words = "Connection failed. Check your integration settings.";
        return failed(words, "Failed to open TCP connection", true);
    }
    Json(json!({})).into_response()
}

fn reset(visit: &mut Visit<'_>, scope: Scope, kind: KindId) -> Response {
    if !kind.kind().manual {
        let body = Json(json!({ "message": "Integration cannot be reset." }));
        return (StatusCode::UNPROCESSABLE_ENTITY, body).into_response();
    }
    if visit.site.write().remove_default(scope, kind) {
        Json(json!({})).into_response()
    } else {
        not_found()
    }
}

/// Projects with an active row that does not inherit from the instance's default.
fn overrides(visit: &mut Visit<'_>, kind: KindId) -> Response {
    let site = visit.site;
    let world = site.read();
    let default = world.row(Scope::Instance, kind).map(|row| row.id);
    let newer = site.version.at_least(19, 3);
    let differs = |row: &Row| {
        // Older servers list custom rows alone.
        if newer {
            default.is_none() || row.inherit_from != default
        } else {
            row.inherit_from.is_none()
        }
    };
    let found: Vec<_> = world
        .projects
        .values()
        .filter(|project| {
            project.rows.iter().any(|row| row.kind == kind && row.active && differs(row))
        })
        .collect();
    let params = Params::from_query(visit.uri.query());
    let page = offset_page(site, visit.uri, &params, &found, |project| {
        json!({
            "id": project.id,
            "avatar_url": null,
            "full_name": project.full_name,
            "name": project.name,
            "full_path": format!("{}/{}", site.root, project.full_path),
        })
    });
    page.unwrap_or_else(IntoResponse::into_response)
}
