//! Who may come to a page (contract, section 12).

use axum::http::StatusCode;
use axum::response::Response;

use super::html::{not_found, redirect};
use super::{Owner, Visit, to_sign_in};
use crate::world::{Scope, Viewer, Visibility, World, access};

/// Who may not come, and what is answered in place of the page.
enum Stop {
    /// Nobody is signed in: the form, and back afterwards.
    SignIn,
    /// An administrator outside Admin Mode.
    AdminMode,
    /// A group or project that moved, by its new full path.
    Moved(String),
    Hidden,
}

/// The scope whose settings a visitor may see, or the answer to give in their place.
pub(super) fn enter(visit: &mut Visit<'_>, owner: &Owner) -> Result<Scope, Box<Response>> {
    let found = {
        let world = visit.site.read();
        match visit.session.viewer(visit.site, &world) {
            Some(viewer) => reached(visit, &world, viewer, owner),
            // What everybody may see hides its settings; the rest asks for a sign-in.
            None if is_public(&world, owner) => Err(Stop::Hidden),
            None => Err(Stop::SignIn),
        }
    };
    found.map_err(|stop| {
        Box::new(match stop {
            Stop::Hidden => not_found(),
            Stop::SignIn => to_sign_in(visit),
            Stop::AdminMode => {
                visit.session.return_to = Some(visit.full(visit.uri.path()));
                visit.session.request_admin_mode(visit.site.clock.shown());
                redirect(StatusCode::FOUND, &visit.full("/admin/session/new"))
            }
            Stop::Moved(to) => redirect(StatusCode::MOVED_PERMANENTLY, &visit.full(&to)),
        })
    })
}

fn is_public(world: &World, owner: &Owner) -> bool {
    let visibility = match owner {
        Owner::Instance | Owner::Organization => None,
        Owner::Group(path) => world.group_by_path(path).map(|group| group.visibility),
        Owner::Project(path) => world.project_by_path(path).map(|project| project.visibility),
    };
    visibility == Some(Visibility::Public)
}

fn reached(visit: &Visit<'_>, world: &World, viewer: Viewer, owner: &Owner) -> Result<Scope, Stop> {
    let moved = |old: &str, new: &str| {
        if visit.method == "GET" {
            Stop::Moved(visit.uri.path().replacen(old, new, 1))
        } else {
            Stop::Hidden
        }
    };
    let site = visit.site;
    match owner {
        Owner::Instance | Owner::Organization => {
            let user = viewer.user.and_then(|id| world.people.user(id));
            let open = match owner {
                Owner::Organization => site.version.has_organization_pages(),
                _ => !site.features.saas,
            };
            if !open || user.is_none_or(|user| !user.admin) {
                Err(Stop::Hidden)
            } else if viewer.admin {
                Ok(Scope::Instance)
            } else {
                Err(Stop::AdminMode)
            }
        }
        Owner::Group(path) => {
            let here = world.group_by_path(path);
            let group = here.or_else(|| world.moved_group(path)).ok_or(Stop::Hidden)?;
            let owns = world.group_access(viewer, group.id) >= access::OWNER;
            if !owns || world.group_is_archived(group.id) {
                Err(Stop::Hidden)
            } else if here.is_none() {
                Err(moved(path, &group.full_path))
            } else {
                Ok(Scope::Group(group.id))
            }
        }
        Owner::Project(path) => {
            let here = world.project_by_path(path);
            let project = here.or_else(|| world.moved_project(path)).ok_or(Stop::Hidden)?;
            if world.project_access(viewer, project) < access::MAINTAINER {
                Err(Stop::Hidden)
            } else if here.is_none() {
                Err(moved(path, &project.full_path))
            } else {
                Ok(Scope::Project(project.id))
            }
        }
    }
}
