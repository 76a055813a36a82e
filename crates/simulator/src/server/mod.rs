//! The listener and what stands in front of every answer.

mod control;
mod front;
mod listen;
mod tls;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::get;

use crate::graphql;
use crate::pages;
use crate::site::Site;
pub(crate) use listen::Listener;
pub(crate) use tls::{Identity, TlsError, identity};

/// Everything the server answers: GitLab's API below its root, and the simulator's own pages.
pub(crate) fn router(site: &Arc<Site>) -> Router {
    let api = Router::new()
        .nest("/api/v4", crate::api::router(site))
        .route("/api/graphql", get(graphql::answer).post(graphql::answer))
        .fallback(pages::answer);
    let gitlab = if site.root.is_empty() { api } else { Router::new().nest(&site.root, api) };
    let front = middleware::from_fn_with_state(Arc::clone(site), front::front);
    gitlab.layer(front).merge(control::router()).with_state(Arc::clone(site))
}
