//! Which projects do not follow the default of the instance (contract, section 12).

use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Visit;
use crate::api::paging::offset_page;
use crate::api::params::Params;
use crate::kinds::KindId;
use crate::world::{Row, Scope};

/// Projects with an active row that does not inherit from the instance's default. Servers before
/// 19.3 list custom rows alone.
pub(super) fn overrides(visit: &Visit<'_>, kind: KindId) -> Response {
    let site = visit.site;
    let world = site.read();
    let default = world.row(Scope::Instance, kind).map(|row| row.id);
    let newer = site.version.at_least(19, 3);
    let differs = |row: &Row| {
        if newer {
            default.is_none() || row.inherit_from != default
        } else {
            row.inherit_from.is_none()
        }
    };
    let listed = |row: &Row| row.kind == kind && row.active && differs(row);
    let projects = world.projects.values();
    let found: Vec<_> = projects.filter(|project| project.rows.iter().any(listed)).collect();
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
