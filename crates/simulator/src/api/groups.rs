//! Lists of groups and one group (contract, section 6).

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use serde_json::Value;

use super::entities;
use super::paging::{cursor_page, offset_page, per_page, refuse_far_pages};
use super::{Answer, App, Ask, Demand, Refusal, read};
use crate::world::{Group, Viewer, World, access};

pub(super) async fn list(
    State(site): App,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read(&site, &uri, &headers, Demand::GROUPS, |ask| {
        let groups = ask.world.groups.values().collect();
        // Who is signed in gets plain pages without end; others have a limit, and keyset pages.
        match ask.caller.viewer.user {
            Some(_) => page(ask, groups),
            None if ask.params.text("pagination") == Some("keyset") => by_cursor(ask, groups),
            None => {
                refuse_far_pages(&ask.params, "Group")?;
                page(ask, groups)
            }
        }
    })
}

pub(super) async fn one(
    State(site): App,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read(&site, &uri, &headers, Demand::GROUPS, |ask| {
        let group = find(ask.world, ask.caller.viewer, &id)?;
        let mut body = entities::group(ask.site, group);
        if ask.params.boolean("with_projects")? != Some(false) {
            let projects = group.projects.iter().filter_map(|id| ask.world.projects.get(id));
            let viewer = ask.caller.viewer;
            body["projects"] = projects
                .filter(|project| ask.world.sees_project(viewer, project))
                .take(100)
                .map(|project| entities::project(ask.site, ask.world, project, viewer))
                .collect();
            body["shared_projects"] = Value::Array(Vec::new());
        }
        body["shared_with_groups"] = Value::Array(Vec::new());
        Ok(Json(body).into_response())
    })
}

pub(super) async fn subgroups(
    State(site): App,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read(&site, &uri, &headers, Demand::GROUPS, |ask| {
        let group = find(ask.world, ask.caller.viewer, &id)?;
        page(ask, group.subgroups.iter().filter_map(|id| ask.world.groups.get(id)).collect())
    })
}

pub(super) async fn descendants(
    State(site): App,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read(&site, &uri, &headers, Demand::GROUPS, |ask| {
        let group = find(ask.world, ask.caller.viewer, &id)?;
        let below = ask.world.descendants(group.id);
        page(ask, below.iter().filter_map(|id| ask.world.groups.get(id)).collect())
    })
}

/// The group with this id or path, if the account can see it. Old paths do not lead anywhere.
pub(super) fn find<'a>(world: &'a World, viewer: Viewer, id: &str) -> Result<&'a Group, Refusal> {
    let group = match id.parse::<u64>() {
        Ok(id) => world.groups.get(&id),
        Err(_) => world.group_by_path(id),
    };
    group.filter(|group| world.sees_group(viewer, group.id)).ok_or(Refusal::NotFound("Group"))
}

fn page(ask: &Ask<'_>, mut groups: Vec<&Group>) -> Answer {
    let keep = filter(ask)?;
    groups.retain(|group| keep(group));
    sort(ask, &mut groups)?;
    offset_page(ask.site, ask.uri, &ask.params, &groups, |group| entities::group(ask.site, group))
}

/// Keyset pages of groups: by name alone, behind a cursor that only GitLab reads.
fn by_cursor(ask: &Ask<'_>, mut groups: Vec<&Group>) -> Answer {
    let order = ask.params.choice("order_by", ORDERS, "name")?;
    if (order, ask.params.choice("sort", &["asc", "desc"], "asc")?) != ("name", "asc") {
        return Err(Refusal::NoKeyset);
    }
    let keep = filter(ask)?;
    groups.retain(|group| keep(group));
    sort(ask, &mut groups)?;
    let per_page = per_page(&ask.params)?;
    let after = ask.params.text("cursor").and_then(|cursor| u64::from_str_radix(cursor, 16).ok());
    let first = after
        .and_then(|id| groups.iter().position(|group| group.id == id))
        .map_or(0, |position| position + 1);
    let page: Vec<_> = groups.iter().skip(first).take(per_page).copied().collect();
    let more = groups.len() > first + page.len();
    let next = page.last().filter(|_| more).map(|group| group.id);
    let body: Vec<_> = page.iter().map(|group| entities::group(ask.site, group)).collect();
    Ok(cursor_page(ask.site, ask.uri, next, &body))
}

fn filter<'a>(ask: &'a Ask<'_>) -> Result<impl Fn(&Group) -> bool + 'a, Refusal> {
    let (world, viewer, params) = (ask.world, ask.caller.viewer, &ask.params);
    let owned = params.boolean("owned")?.unwrap_or(false);
    let least = params.integer("min_access_level")?;
    let all = params.boolean("all_available")?.unwrap_or(viewer.admin || viewer.user.is_none());
    let top_level = params.boolean("top_level_only")?.unwrap_or(false);
    let archived = params.boolean("archived")?;
    let active = params.boolean("active")?;
    let search = params.text("search").map(str::to_lowercase);
    let visibility = params.text("visibility");
    let skipped = params.ids("skip_groups");
    Ok(move |group: &Group| {
        // `owned` and `min_access_level` take precedence over `all_available`, and narrow even
        // an administrator to own memberships.
        let within = if owned {
            world.group_membership(viewer, group.id) >= access::OWNER
        } else if let Some(least) = least {
            i64::from(world.group_membership(viewer, group.id)) >= least
        } else if all {
            world.sees_group(viewer, group.id)
        } else {
            world.group_membership(viewer, group.id) >= access::GUEST
                || world.belongs_below(viewer, group.id)
        };
        let live = !world.group_is_archived(group.id) && group.deletion_marked_at.is_none();
        within
            && (!top_level || group.parent.is_none())
            && archived.is_none_or(|archived| group.archived == archived)
            && active.is_none_or(|active| live == active)
            && visibility.is_none_or(|visibility| group.visibility.name() == visibility)
            && !skipped.contains(&group.id)
            && search.as_ref().is_none_or(|text| {
                group.name.to_lowercase().contains(text) || group.path.to_lowercase().contains(text)
            })
    })
}

const ORDERS: &[&str] = &["name", "path", "id", "similarity"];

fn sort(ask: &Ask<'_>, groups: &mut [&Group]) -> Result<(), Refusal> {
    let order = ask.params.choice("order_by", ORDERS, "name")?.to_owned();
    let descending = ask.params.choice("sort", &["asc", "desc"], "asc")? == "desc";
    groups.sort_by_cached_key(|group| {
        let text = match order.as_str() {
            "id" => String::new(),
            "path" => group.path.to_lowercase(),
            _ => group.name.to_lowercase(),
        };
        (text, group.id)
    });
    if descending {
        groups.reverse();
    }
    Ok(())
}
