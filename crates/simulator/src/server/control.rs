//! The simulator's own pages, outside `/api`, for other processes: `/__state`,
//! `/__requests` and `/__faults`.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::fault::FaultPlan;
use crate::handle::{GroupSpec, ProjectSpec, WorldHandle};
use crate::site::Site;
use crate::world::scope::Level;
use crate::world::{Form, RowEdit, UnknownTarget};

type App = State<Arc<Site>>;

pub(super) fn router() -> Router<Arc<Site>> {
    Router::new()
        .route("/__state", get(summary))
        .route("/__state/{level}/{id}", get(scope).delete(delete))
        .route("/__state/{level}/{id}/rename", post(rename))
        .route("/__state/{level}/{id}/archive", post(archive))
        .route(
            "/__state/{level}/{id}/rows/{slug}",
            get(row).put(save).patch(overwrite).delete(remove),
        )
        .route("/__state/groups", post(create_group))
        .route("/__state/projects", post(create_project))
        .route("/__requests", get(requests))
        .route("/__faults", put(fail).delete(heal))
        .route("/__faults/late", post(catch_up))
}

impl IntoResponse for UnknownTarget {
    fn into_response(self) -> Response {
        (StatusCode::NOT_FOUND, Json(json!({ "error": self.to_string() }))).into_response()
    }
}

fn done(result: Result<(), UnknownTarget>) -> Response {
    match result {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => error.into_response(),
    }
}

fn created(result: Result<u64, UnknownTarget>) -> Response {
    match result {
        Ok(id) => (StatusCode::CREATED, Json(json!({ "id": id }))).into_response(),
        Err(error) => error.into_response(),
    }
}

async fn summary(State(site): App) -> Response {
    let world = site.read();
    let groups = world.groups.values();
    let projects = world.projects.values();
    Json(json!({
        "version": site.version.to_string(),
        "rows": world.row_count(),
        "pending_propagations": site.propagation.pending(),
        "groups": groups
            .map(|group| json!({ "id": group.id, "path": group.full_path }))
            .collect::<Vec<_>>(),
        "projects": projects
            .map(|project| json!({ "id": project.id, "path": project.full_path }))
            .collect::<Vec<_>>(),
    }))
    .into_response()
}

async fn scope(State(site): App, Path((level, id)): Path<(Level, u64)>) -> Response {
    let world = WorldHandle::new(site);
    let rows: serde_json::Map<_, _> = world
        .slugs(level, id)
        .into_iter()
        .filter_map(|slug| Some((slug.to_owned(), json!(world.row(level, id, slug)?))))
        .collect();
    Json(json!({ "path": world.path(level, id), "rows": rows })).into_response()
}

async fn row(State(site): App, Path((level, id, slug)): Path<(Level, u64, String)>) -> Response {
    match WorldHandle::new(site).row(level, id, &slug) {
        Some(row) => Json(row).into_response(),
        None => UnknownTarget::Nothing.into_response(),
    }
}

async fn save(
    State(site): App,
    Path((level, id, slug)): Path<(Level, u64, String)>,
    Json(form): Json<Form>,
) -> Response {
    done(WorldHandle::new(site).save(level, id, &slug, &form))
}

async fn overwrite(
    State(site): App,
    Path((level, id, slug)): Path<(Level, u64, String)>,
    Json(edit): Json<RowEdit>,
) -> Response {
    done(WorldHandle::new(site).overwrite(level, id, &slug, &edit))
}

async fn remove(State(site): App, Path((level, id, slug)): Path<(Level, u64, String)>) -> Response {
    done(WorldHandle::new(site).remove_default(level, id, &slug))
}

async fn delete(State(site): App, Path((level, id)): Path<(Level, u64)>) -> Response {
    done(WorldHandle::new(site).delete(level, id))
}

#[derive(Deserialize)]
struct NewPath {
    path: String,
}

async fn rename(
    State(site): App,
    Path((level, id)): Path<(Level, u64)>,
    Json(new): Json<NewPath>,
) -> Response {
    done(WorldHandle::new(site).rename(level, id, &new.path))
}

#[derive(Deserialize)]
struct Archived {
    archived: bool,
}

async fn archive(
    State(site): App,
    Path((level, id)): Path<(Level, u64)>,
    Json(wanted): Json<Archived>,
) -> Response {
    done(WorldHandle::new(site).archive(level, id, wanted.archived))
}

async fn create_group(State(site): App, Json(spec): Json<GroupSpec>) -> Response {
    created(WorldHandle::new(site).create_group(&spec))
}

async fn create_project(State(site): App, Json(spec): Json<ProjectSpec>) -> Response {
    created(WorldHandle::new(site).create_project(&spec))
}

/// Plays the plan in the body: see [`FaultPlan`].
async fn fail(State(site): App, plan: String) -> Response {
    match plan.parse::<FaultPlan>() {
        Ok(plan) => {
            site.play(Some(plan));
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => {
            (StatusCode::BAD_REQUEST, Json(json!({ "error": error.to_string() }))).into_response()
        }
    }
}

async fn heal(State(site): App) -> Response {
    site.faults.clear();
    site.play(None);
    StatusCode::NO_CONTENT.into_response()
}

/// Does now what is late.
async fn catch_up(State(site): App) -> StatusCode {
    site.late.hurry().await;
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

async fn requests(State(site): App, Query(query): Query<After>) -> Response {
    Json(site.requests.after(query.after)).into_response()
}
