//! Lists of projects and one project (contract, section 6).

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::IntoResponse;
use serde_json::Value;

use super::paging::{keyset_page, offset_page, per_page, refuse_far_pages};
use super::{Answer, App, Ask, Demand, Refusal, entities, groups, read};
use crate::site::Site;
use crate::world::{Project, Viewer, World, access};

pub(super) async fn list(
    State(site): App,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read(&site, &uri, &headers, Demand::PROJECTS, |ask| {
        if ask.params.text("pagination") == Some("keyset") {
            keyset(ask)
        } else {
            if ask.caller.viewer.user.is_none() {
                refuse_far_pages(&ask.params, "Project")?;
            }
            offset(ask, ask.world.projects.values().collect())
        }
    })
}

pub(super) async fn of_group(
    State(site): App,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read(&site, &uri, &headers, Demand::PROJECTS, |ask| {
        let group = groups::find(ask.world, ask.caller.viewer, &id)?;
        let mut ids = group.projects.clone();
        if ask.params.boolean("include_subgroups")? == Some(true) {
            for below in ask.world.descendants(group.id) {
                ids.extend(ask.world.groups.get(&below).map_or(&[][..], |g| &g.projects));
            }
        }
        offset(ask, ids.iter().filter_map(|id| ask.world.projects.get(id)).collect())
    })
}

pub(super) async fn one(
    State(site): App,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read(&site, &uri, &headers, Demand::PROJECTS, |ask| {
        let project = find(ask.site, ask.world, ask.caller.viewer, &id, &Method::GET, ask.uri)?;
        Ok(Json(write(ask, project, false)).into_response())
    })
}

/// The project with this id or path, if the account can see it. An old path redirects a GET to
/// the same address by id, and refuses the rest.
pub(super) fn find<'a>(
    site: &Site,
    world: &'a World,
    viewer: Viewer,
    id: &str,
    method: &Method,
    uri: &Uri,
) -> Result<&'a Project, Refusal> {
    let (found, moved) = match id.parse::<u64>() {
        Ok(id) => (world.projects.get(&id), None),
        Err(_) => (world.project_by_path(id), world.moved_project(id)),
    };
    let project = found
        .or(moved)
        .filter(|project| world.sees_project(viewer, project))
        .ok_or(Refusal::NotFound("Project"))?;
    if found.is_some() {
        return Ok(project);
    }
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Err(Refusal::MovedAndWritten);
    }
    let (before, after) = uri.path().split_once("/projects/").unwrap_or((uri.path(), ""));
    let rest = after.split_once('/').map_or(String::new(), |(_, rest)| format!("/{rest}"));
    let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
    let to = format!("{}{before}/projects/{}{rest}{query}", site.origin(), project.id);
    Err(Refusal::Moved(to))
}

fn filter<'a>(ask: &'a Ask<'_>) -> Result<impl Fn(&Project) -> bool + 'a, Refusal> {
    let (world, viewer, params) = (ask.world, ask.caller.viewer, &ask.params);
    let least = params.integer("min_access_level")?;
    let member = params.boolean("membership")?.unwrap_or(false);
    let owned = params.boolean("owned")?.unwrap_or(false);
    let archived = params.boolean("archived")?;
    let active = params.boolean("active")?;
    let after = params.integer("id_after")?;
    let before = params.integer("id_before")?;
    let search = params.text("search").map(str::to_lowercase);
    let visibility = params.text("visibility");
    let needed = [
        least,
        member.then_some(i64::from(access::GUEST)),
        owned.then_some(i64::from(access::OWNER)),
    ];
    let needed = needed.into_iter().flatten().max();
    Ok(move |project: &Project| {
        // These narrow even an administrator to own memberships.
        let within = match needed {
            Some(needed) => i64::from(world.project_membership(viewer, project)) >= needed,
            None => world.sees_project(viewer, project),
        };
        let live = || !world.project_is_archived(project) && project.deletion_marked_at.is_none();
        let id = i64::try_from(project.id).unwrap_or(i64::MAX);
        within
            && archived.is_none_or(|archived| project.archived == archived)
            && active.is_none_or(|active| live() == active)
            && after.is_none_or(|after| id > after)
            && before.is_none_or(|before| id < before)
            && visibility.is_none_or(|visibility| project.visibility.name() == visibility)
            && search.as_ref().is_none_or(|text| {
                project.name.to_lowercase().contains(text)
                    || project.path.to_lowercase().contains(text)
            })
    })
}

fn write(ask: &Ask<'_>, project: &Project, simple: bool) -> Value {
    // Who is not signed in gets the short form.
    if simple || ask.caller.viewer.user.is_none() {
        entities::simple_project(ask.site, ask.world, project)
    } else {
        entities::project(ask.site, ask.world, project, ask.caller.viewer)
    }
}

const ORDERS: &[&str] =
    &["id", "name", "path", "created_at", "updated_at", "last_activity_at", "similarity"];

fn offset(ask: &Ask<'_>, mut projects: Vec<&Project>) -> Answer {
    let keep = filter(ask)?;
    let simple = ask.params.boolean("simple")?.unwrap_or(false);
    let order = ask.params.choice("order_by", ORDERS, "created_at")?;
    let descending = ask.params.choice("sort", &["asc", "desc"], "desc")? == "desc";
    projects.retain(|project| keep(project));
    projects.sort_by_cached_key(|project| match order {
        "id" => (0, String::new(), project.id),
        "name" => (0, project.name.to_lowercase(), project.id),
        "path" => (0, project.path.to_lowercase(), project.id),
        "created_at" => (project.created_at, String::new(), project.id),
        _ => (project.last_activity_at, String::new(), project.id),
    });
    if descending {
        projects.reverse();
    }
    offset_page(ask.site, ask.uri, &ask.params, &projects, |project| write(ask, project, simple))
}

fn keyset(ask: &Ask<'_>) -> Answer {
    let keep = filter(ask)?;
    let per_page = per_page(&ask.params)?;
    let simple = ask.params.boolean("simple")?.unwrap_or(false);
    if ask.params.choice("order_by", ORDERS, "created_at")? != "id" {
        return Err(Refusal::NoKeyset);
    }
    let ascending = ask.params.choice("sort", &["asc", "desc"], "desc")? == "asc";
    // Only the part of the list that the cursor leaves is walked.
    let bound = |name| -> Result<Option<u64>, Refusal> {
        Ok(ask.params.integer(name)?.and_then(|id| u64::try_from(id).ok()))
    };
    let from = bound("id_after")?.map_or(0, |id| id.saturating_add(1));
    let to = bound("id_before")?.unwrap_or(u64::MAX).max(from);
    let mut range = ask.world.projects.range(from..to).map(|(_, project)| project);
    let mut page: Vec<&Project> = Vec::with_capacity(per_page);
    while page.len() < per_page {
        let next = if ascending { range.next() } else { range.next_back() };
        let Some(project) = next else { break };
        if keep(project) {
            page.push(project);
        }
    }
    let last_id = page.last().map(|project| project.id);
    let body: Vec<_> = page.iter().map(|project| write(ask, project, simple)).collect();
    let cursor = if ascending { "id_after" } else { "id_before" };
    Ok(keyset_page(ask.site, ask.uri, cursor, last_id, &body))
}
