//! GitLab's REST API, version 4, as far as integrations need it.

mod account;
mod caller;
mod entities;
mod etag;
mod groups;
pub(crate) mod integrations;
pub(crate) mod paging;
pub(crate) mod params;
mod projects;
mod refusal;
mod settings;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};

use crate::limits::{self, Asked};
use crate::site::Site;
use crate::world::World;
pub(crate) use account::REVISION;
use caller::Caller;
pub(crate) use caller::{Demand, authenticate};
use params::Params;
pub(crate) use refusal::Refusal;

/// The shared state as handlers get it.
type App = State<Arc<Site>>;
type Answer = Result<Response, Refusal>;

/// Everything below `/api/v4`.
pub(crate) fn router(site: &Arc<Site>) -> Router<Arc<Site>> {
    let routes = Router::new()
        .route("/metadata", get(account::metadata))
        .route("/version", get(account::version))
        .route("/user", get(account::user))
        .route("/personal_access_tokens/self", get(account::token))
        .route("/personal_access_tokens/self/associations", get(account::associations))
        .route("/application/settings", get(settings::get).put(settings::put))
        .route("/groups", get(groups::list))
        .route("/groups/{id}", get(groups::one))
        .route("/groups/{id}/subgroups", get(groups::subgroups))
        .route("/groups/{id}/descendant_groups", get(groups::descendants))
        .route("/groups/{id}/projects", get(projects::of_group))
        .route("/groups/{id}/integrations", get(integrations::list_of_group))
        .route(
            "/groups/{id}/integrations/{slug}",
            put(integrations::put_group)
                .get(integrations::get_group)
                .delete(integrations::delete_group)
                .fallback(no_route),
        )
        .route("/projects", get(projects::list))
        .route("/projects/{id}", get(projects::one));
    // The old name of the project endpoints (contract, section 1).
    ["integrations", "services"]
        .into_iter()
        .fold(routes, |routes, name| {
            routes
                .route(&format!("/projects/{{id}}/{name}"), get(integrations::list_of_project))
                .route(
                    &format!("/projects/{{id}}/{name}/{{slug}}"),
                    put(integrations::put_project)
                        .get(integrations::get_project)
                        .delete(integrations::delete_project)
                        .fallback(no_route),
                )
        })
        .fallback(no_route)
        .method_not_allowed_fallback(not_allowed)
        .layer(middleware::from_fn_with_state(Arc::clone(site), limited))
}

/// Throttles and closed doors come before any endpoint.
async fn limited(State(site): App, request: Request, next: Next) -> Response {
    let user = caller::user_of(&site.read(), request.headers());
    let asked = Asked {
        method: request.method(),
        path: request.uri().path(),
        user,
        now: site.clock.shown(),
    };
    match limits::check(&site.limits, &site.counters, &site.version, &asked) {
        Ok(headers) => {
            let mut response =
                etag::tagged(next.run(caller::with_form_token(request).await).await).await;
            response.headers_mut().extend(headers);
            response
        }
        Err(refusal) => *refusal,
    }
}

async fn no_route() -> Response {
    Refusal::NoRoute.into_response()
}

async fn not_allowed() -> Response {
    Refusal::NotAllowed.into_response()
}

/// A read: who asks, with which parameters, of which world.
struct Ask<'a> {
    site: &'a Site,
    world: &'a World,
    caller: Caller,
    params: Params,
    uri: &'a Uri,
}

/// Answers a GET from the world as it is; other readers are not held up.
fn read(
    site: &Site,
    uri: &Uri,
    headers: &HeaderMap,
    demand: Demand,
    answer: impl FnOnce(&Ask<'_>) -> Answer,
) -> Answer {
    let world = site.read();
    let caller = caller::authenticate(site, &world, headers, &Method::GET, demand)?;
    let params = Params::from_query(uri.query());
    answer(&Ask { site, world: &world, caller, params, uri })
}
