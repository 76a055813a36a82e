//! Integrations of projects and groups (contract, sections 1 and 2): the same code for both, as
//! in GitLab.

mod entity;
mod parameters;
mod read;
mod remove;
mod update;
pub(crate) mod validate;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, Method, Uri};

use super::caller::{Caller, Demand, authenticate};
use super::{Answer, App, Refusal, groups, projects};
use crate::kinds::{self, Kind, KindId};
use crate::site::Site;
use crate::world::scope::Level;
use crate::world::{Scope, World, access};

pub(super) async fn list_of_group(
    State(site): App,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read::list(&Target::group(&site, &Method::GET, &uri, &headers, &id))
}

pub(super) async fn list_of_project(
    State(site): App,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read::list(&Target::project(&site, &Method::GET, &uri, &headers, &id))
}

pub(super) async fn get_group(
    State(site): App,
    Path((id, slug)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read::one(&Target::group(&site, &Method::GET, &uri, &headers, &id), &slug)
}

pub(super) async fn get_project(
    State(site): App,
    Path((id, slug)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read::one(&Target::project(&site, &Method::GET, &uri, &headers, &id), &slug)
}

pub(super) async fn put_group(
    State(site): App,
    Path((id, slug)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    update::put(&Target::group(&site, &Method::PUT, &uri, &headers, &id), &slug, &body)
}

pub(super) async fn put_project(
    State(site): App,
    Path((id, slug)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    update::put(&Target::project(&site, &Method::PUT, &uri, &headers, &id), &slug, &body)
}

pub(super) async fn delete_group(
    State(site): App,
    Path((id, slug)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    remove::delete(&Target::group(&site, &Method::DELETE, &uri, &headers, &id), &slug)
}

pub(super) async fn delete_project(
    State(site): App,
    Path((id, slug)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    remove::delete(&Target::project(&site, &Method::DELETE, &uri, &headers, &id), &slug)
}

/// The scope a request is about, before it is known to exist.
struct Target<'a> {
    site: &'a Arc<Site>,
    level: Level,
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    id: &'a str,
}

impl<'a> Target<'a> {
    fn group(
        site: &'a Arc<Site>,
        method: &'a Method,
        uri: &'a Uri,
        headers: &'a HeaderMap,
        id: &'a str,
    ) -> Self {
        Self { site, level: Level::Group, method, uri, headers, id }
    }

    fn project(
        site: &'a Arc<Site>,
        method: &'a Method,
        uri: &'a Uri,
        headers: &'a HeaderMap,
        id: &'a str,
    ) -> Self {
        Self { site, level: Level::Project, method, uri, headers, id }
    }

    /// The endpoint itself: groups have none on old servers.
    fn route(&self) -> Result<(), Refusal> {
        if self.level == Level::Group && !self.site.version.has_group_integrations() {
            return Err(Refusal::NoRoute);
        }
        Ok(())
    }

    /// Authenticates (401), finds (404) and checks the ability (403), in this order.
    fn resolve(&self, world: &World) -> Result<Scope, Refusal> {
        let demand = match self.level {
            Level::Group | Level::Instance => Demand::OF_GROUP,
            Level::Project => Demand::OF_PROJECT,
        };
        let caller = authenticate(self.site, world, self.headers, self.method, demand)?;
        match self.level {
            Level::Group | Level::Instance => self.resolve_group(world, caller),
            Level::Project => self.resolve_project(world, caller),
        }
    }

    /// Owners only, and nobody in an archived group (contract, section 1).
    fn resolve_group(&self, world: &World, caller: Caller) -> Result<Scope, Refusal> {
        let group = groups::find(world, caller.viewer, self.id)?;
        let owner = world.group_access(caller.viewer, group.id) >= access::OWNER;
        if owner && !world.group_is_archived(group.id) {
            Ok(Scope::Group(group.id))
        } else {
            Err(Refusal::Forbidden)
        }
    }

    fn resolve_project(&self, world: &World, caller: Caller) -> Result<Scope, Refusal> {
        let project =
            projects::find(self.site, world, caller.viewer, self.id, self.method, self.uri)?;
        if world.project_access(caller.viewer, project) >= access::MAINTAINER {
            Ok(Scope::Project(project.id))
        } else {
            Err(Refusal::Forbidden)
        }
    }

    /// The integration a slug names in the REST map of this server.
    fn kind(&self, slug: &str) -> Option<(KindId, &'static Kind)> {
        kinds::by_slug(slug).filter(|(_, kind)| kind.in_rest(&self.site.version))
    }

    /// Project-only integrations are refused for groups.
    fn check_level(&self, kind: &Kind) -> Result<(), Refusal> {
        if self.level == Level::Group && kind.levels == kinds::Levels::ProjectOnly {
            return Err(not_available());
        }
        Ok(())
    }
}

fn not_available() -> Refusal {
    Refusal::bad_request("400 Integration not available")
}
