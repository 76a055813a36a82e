//! Testing settings that need not be saved (contract, section 12).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Visit;
use crate::api::integrations::validate::validate;
use crate::kinds::KindId;
use crate::world::{Row, Scope, Value, edited};

const TOO_OFTEN: &str = "This endpoint has been requested too many times. Try again later.";
const UNREACHABLE: &str = "Connection failed. Check your integration settings.";

fn failed(message: &str, response: &str, tested: bool) -> Response {
    Json(json!({
        "error": true,
        "message": message,
        "service_response": response,
        "test_failed": tested,
    }))
    .into_response()
}

/// Tests unsaved values. An address below `.invalid` is one that nobody answers at.
pub(super) fn test(visit: &mut Visit<'_>, scope: Scope, kind: KindId) -> Response {
    let site = visit.site;
    let project = matches!(scope, Scope::Project(_));
    let testable = project || (scope != Scope::Instance && kind.kind().slug == "jira");
    if !testable {
        let status =
            if site.version.refuses_untestable() { StatusCode::NOT_FOUND } else { StatusCode::OK };
        return (status, Json(json!({}))).into_response();
    }
    let user = visit.session.user.unwrap_or_default();
    if project && !site.counters.may_test(user, scope.id(), site.clock.shown()) {
        return Json(json!({ "error": true, "message": TOO_OFTEN })).into_response();
    }
    let mut world = site.write();
    let default = world.default_above(scope, kind).map(|row| row.id);
    let form = visit.sent.form(kind.kind(), scope, default);
    let Ok(row) = edited(&mut world, scope, kind, &form, site.clock.shown()) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tested = Row { active: true, ..row.clone() };
    let errors = validate(&site.version, &world, scope, &tested).sentences();
    if !errors.is_empty() {
        return failed("Validations failed.", &errors.join(", "), false);
    }
    // The webhook is saved before it is called, and the row with it.
    if kind.kind().has_own_webhook() && world.row(scope, kind).is_none() {
        world.store(scope, row);
    }
    if is_reachable(&tested) {
        Json(json!({})).into_response()
    } else {
        failed(UNREACHABLE, "Failed to open TCP connection", true)
    }
}

fn is_reachable(row: &Row) -> bool {
    !row.values.each(row.kind()).any(|(_, value)| match value {
        Some(Value::Text(text)) => url::Url::parse(text)
            .is_ok_and(|url| url.host_str().is_some_and(|host| host.ends_with(".invalid"))),
        _ => false,
    })
}
