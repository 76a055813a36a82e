//! The throttles that endpoints have of their own (contract, section 6).

use axum::http::Method;

use super::Asked;

/// One throttle.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub name: &'static str,
    /// What administrators change it by.
    pub setting: &'static str,
    pub limit: u32,
    /// In seconds.
    pub interval: u32,
}

const fn throttle(
    name: &'static str,
    setting: &'static str,
    limit: u32,
    interval: u32,
) -> Endpoint {
    Endpoint { name, setting, limit, interval }
}

const GROUPS: Endpoint = throttle("groups", "groups_api_limit", 200, 60);
const GROUP: Endpoint = throttle("group", "group_api_limit", 400, 60);
const GROUP_PROJECTS: Endpoint = throttle("group projects", "group_projects_api_limit", 600, 60);
const PROJECTS: Endpoint = throttle("projects", "projects_api_limit", 2_000, 600);
const PROJECT: Endpoint = throttle("project", "project_api_limit", 400, 60);
const PROJECTS_OF_ANYBODY: Endpoint =
    throttle("projects of anybody", "projects_api_rate_limit_unauthenticated", 400, 600);

/// All of them.
pub(crate) const ENDPOINTS: [&Endpoint; 6] =
    [&GROUPS, &GROUP, &GROUP_PROJECTS, &PROJECTS, &PROJECT, &PROJECTS_OF_ANYBODY];

/// The throttle a request counts for: subgroups, descendants and integrations have none.
pub(super) fn endpoint(asked: &Asked<'_>) -> Option<&'static Endpoint> {
    if asked.method != Method::GET {
        return None;
    }
    let mut parts = asked.path.split('/').filter(|part| !part.is_empty());
    match (parts.next()?, parts.next(), parts.next(), parts.next()) {
        ("groups", None, None, None) => Some(&GROUPS),
        ("groups", Some(_), None, None) => Some(&GROUP),
        ("groups", Some(_), Some("projects"), None) => Some(&GROUP_PROJECTS),
        ("projects", None, None, None) if asked.user.is_none() => Some(&PROJECTS_OF_ANYBODY),
        ("projects", None, None, None) => Some(&PROJECTS),
        ("projects", Some(_), None, None) => Some(&PROJECT),
        _ => None,
    }
}
