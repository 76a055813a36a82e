//! What administrators set for the whole server, as far as it matters here: the allow-list of
//! integrations and the throttles of endpoints (contract, sections 4 and 6).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::caller::{Demand, authenticate};
use super::params::Params;
use super::{Answer, App, Refusal};
use crate::kinds;
use crate::limits::ENDPOINTS;
use crate::site::Site;

/// Administrators only, and only where the setting exists.
fn open(site: &Site, headers: &HeaderMap, method: &Method) -> Result<(), Refusal> {
    let world = site.read();
    let caller = authenticate(site, &world, headers, method, Demand::SETTINGS)?;
    if caller.viewer.admin { Ok(()) } else { Err(Refusal::Forbidden) }
}

fn shown(site: &Site) -> Response {
    let mut body = json!({ "id": 1, "signup_enabled": false });
    if site.version.at_least(18, 1) {
        for endpoint in ENDPOINTS {
            body[endpoint.setting] = site.counters.limit(endpoint).into();
        }
    }
    if site.has_allow_list() {
        let allowed = site.allowed();
        body["allow_all_integrations"] = allowed.is_none().into();
        let names = allowed.unwrap_or_default();
        body["allowed_integrations"] = names.iter().map(|slug| slug.replace('-', "_")).collect();
    }
    Json(body).into_response()
}

pub(super) async fn get(State(site): App, headers: HeaderMap) -> Answer {
    open(&site, &headers, &Method::GET)?;
    Ok(shown(&site))
}

/// Changes the endpoints' throttles; says whether there was anything to change.
fn set_limits(site: &Site, params: &Params) -> Result<bool, Refusal> {
    let mut changed = false;
    for endpoint in ENDPOINTS.into_iter().filter(|_| site.version.at_least(18, 1)) {
        let wanted = params.integer(endpoint.setting)?.and_then(|limit| u32::try_from(limit).ok());
        if let Some(limit) = wanted {
            site.counters.set_limit(endpoint, limit);
            changed = true;
        }
    }
    Ok(changed)
}

pub(super) async fn put(
    State(site): App,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    open(&site, &headers, &Method::PUT)?;
    let params = Params::from_request(uri.query(), &headers, &body)?;
    let limited = set_limits(&site, &params)?;
    if !site.has_allow_list() {
        return if limited {
            Ok(shown(&site))
        } else {
            Err(Refusal::Parameters("at least one parameter must be provided".to_owned()))
        };
    }
    if let Some(names) = params.get("allowed_integrations").and_then(Value::as_array) {
        let slugs = names.iter().map(|name| {
            let slug = name.as_str()?.replace('_', "-");
            kinds::by_slug(&slug).map(|_| slug)
        });
        let Some(slugs) = slugs.collect::<Option<Vec<_>>>() else {
            let body = json!({
                "message": { "allowed_integrations": ["contains unknown integration names"] }
            });
            return Ok((StatusCode::BAD_REQUEST, Json(body)).into_response());
        };
        site.allow(Some(slugs));
    }
    if params.boolean("allow_all_integrations")? == Some(true) {
        site.allow(None);
    }
    Ok(shown(&site))
}
