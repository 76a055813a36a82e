//! Groups and projects as GitLab writes them.

use serde_json::{Value as Json, json};

use crate::clock::{as_day, as_time};
use crate::site::Site;
use crate::world::{Group, Namespace, Project, Scope, Viewer, World, access};

/// A group as lists show it.
pub(super) fn group(site: &Site, group: &Group) -> Json {
    let mut body = json!({
        "id": group.id,
        "web_url": format!("{}/groups/{}", site.url(), group.full_path),
        "name": group.name,
        "path": group.path,
        "description": group.description,
        "visibility": group.visibility.name(),
        "share_with_group_lock": false,
        "require_two_factor_authentication": false,
        "two_factor_grace_period": 48,
        "project_creation_level": "developer",
        "auto_devops_enabled": null,
        "subgroup_creation_level": "maintainer",
        "emails_disabled": false,
        "emails_enabled": true,
        "mentions_disabled": null,
        "lfs_enabled": true,
        "default_branch": null,
        "default_branch_protection": 2,
        "avatar_url": null,
        "request_access_enabled": true,
        "full_name": group.full_name,
        "full_path": group.full_path,
        "created_at": as_time(group.created_at),
        "parent_id": group.parent,
        "organization_id": 1,
        "shared_runners_setting": "enabled",
        "marked_for_deletion_on": group.deletion_marked_at.map(as_day),
    });
    if site.version.at_least(18, 2) {
        body["archived"] = group.archived.into();
    }
    body
}

fn namespace(site: &Site, world: &World, project: &Project) -> Json {
    match project.namespace {
        Namespace::Group(id) => match world.groups.get(&id) {
            Some(group) => json!({
                "id": group.id,
                "name": group.name,
                "path": group.path,
                "kind": "group",
                "full_path": group.full_path,
                "parent_id": group.parent,
                "avatar_url": null,
                "web_url": format!("{}/groups/{}", site.url(), group.full_path),
            }),
            None => Json::Null,
        },
        Namespace::User(id) => match world.people.user(id) {
            Some(user) => json!({
                "id": user.namespace_id,
                "name": user.name,
                "path": user.username,
                "kind": "user",
                "full_path": user.username,
                "parent_id": null,
                "avatar_url": null,
                "web_url": format!("{}/{}", site.url(), user.username),
            }),
            None => Json::Null,
        },
    }
}

/// A project as `simple=true` shows it.
pub(super) fn simple_project(site: &Site, world: &World, project: &Project) -> Json {
    let web_url = format!("{}/{}", site.url(), project.full_path);
    json!({
        "id": project.id,
        "description": project.description,
        "name": project.name,
        "name_with_namespace": project.full_name,
        "path": project.path,
        "path_with_namespace": project.full_path,
        "created_at": as_time(project.created_at),
        "default_branch": "main",
        "tag_list": [],
        "topics": [],
        "ssh_url_to_repo": format!("git@localhost:{}.git", project.full_path),
        "http_url_to_repo": format!("{web_url}.git"),
        "readme_url": format!("{web_url}/-/blob/main/README.md"),
        "web_url": web_url,
        "forks_count": 0,
        "avatar_url": null,
        "star_count": 0,
        "last_activity_at": as_time(project.last_activity_at),
        "visibility": project.visibility.name(),
        "namespace": namespace(site, world, project),
    })
}

/// A project with everything clients look for.
pub(super) fn project(site: &Site, world: &World, project: &Project, viewer: Viewer) -> Json {
    let mut body = simple_project(site, world, project);
    let owner = match project.namespace {
        Namespace::User(id) => world.people.user(id),
        Namespace::Group(_) => None,
    };
    let more = json!({
        "container_registry_image_prefix": format!("localhost:5050/{}", project.full_path),
        "_links": { "self": format!("{}/api/v4/projects/{}", site.url(), project.id) },
        "marked_for_deletion_at": project.deletion_marked_at.map(as_day),
        "marked_for_deletion_on": project.deletion_marked_at.map(as_day),
        "packages_enabled": true,
        "empty_repo": false,
        "archived": project.archived,
        "resolve_outdated_diff_discussions": false,
        "issues_enabled": true,
        "merge_requests_enabled": true,
        "wiki_enabled": true,
        "jobs_enabled": true,
        "snippets_enabled": true,
        "container_registry_enabled": true,
        "can_create_merge_request_in": true,
        "issues_access_level": "enabled",
        "merge_requests_access_level": "enabled",
        "wiki_access_level": "enabled",
        "builds_access_level": "enabled",
        "shared_runners_enabled": true,
        "lfs_enabled": true,
        "creator_id": 1,
        "import_status": "none",
        "open_issues_count": 0,
        "updated_at": as_time(project.last_activity_at),
        "public_jobs": true,
        "shared_with_groups": [],
        "only_allow_merge_if_pipeline_succeeds": false,
        "request_access_enabled": true,
        "only_allow_merge_if_all_discussions_are_resolved": false,
        "merge_method": "merge",
        "squash_option": "default_off",
        "autoclose_referenced_issues": true,
        "permissions": permissions(world, project, viewer),
    });
    if let (Json::Object(body), Json::Object(more)) = (&mut body, more) {
        body.extend(more);
        if let Some(owner) = owner {
            let owner = json!({
                "id": owner.id,
                "username": owner.username,
                "name": owner.name,
                "state": "active",
                "web_url": format!("{}/{}", site.url(), owner.username),
            });
            body.insert("owner".to_owned(), owner);
        }
    }
    body
}

fn permissions(world: &World, project: &Project, viewer: Viewer) -> Json {
    let level = |level: u8| match level {
        access::NONE => Json::Null,
        level => json!({ "access_level": level, "notification_level": 3 }),
    };
    let own = match project.namespace {
        Namespace::User(owner) if viewer.user == Some(owner) => access::OWNER,
        _ => viewer
            .user
            .map_or(access::NONE, |user| world.people.direct(user, Scope::Project(project.id))),
    };
    let group = match project.namespace {
        Namespace::Group(group) => world.group_membership(viewer, group),
        Namespace::User(_) => access::NONE,
    };
    json!({ "project_access": level(own), "group_access": level(group) })
}
