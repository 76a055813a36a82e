//! Who am I, and what server is this.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use serde_json::json;

use super::{Answer, App, Demand, Refusal, entities, read};
use crate::clock::{as_day, as_time};
use crate::world::TokenKind;

pub(crate) const REVISION: &str = "5e8c2d1f0ab";

pub(super) async fn version(
    State(site): App,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read(&site, &uri, &headers, Demand::METADATA, |ask| {
        let version = ask.site.version.to_string();
        Ok(Json(json!({ "version": version, "revision": REVISION })).into_response())
    })
}

pub(super) async fn metadata(
    State(site): App,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read(&site, &uri, &headers, Demand::METADATA, |ask| {
        Ok(Json(json!({
            "version": ask.site.version.to_string(),
            "revision": REVISION,
            "kas": {
                "enabled": false,
                "externalUrl": null,
                "externalK8sProxyUrl": null,
                "version": null,
            },
            "enterprise": ask.site.version.enterprise(),
        }))
        .into_response())
    })
}

pub(super) async fn user(
    State(site): App,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read(&site, &uri, &headers, Demand::USER, |ask| {
        let user = ask.caller.viewer.user.and_then(|id| ask.world.people.user(id));
        let user = user.ok_or(Refusal::Unauthorized)?;
        let created_at = as_time(user.created_at);
        let mut body = json!({
            "id": user.id,
            "username": user.username,
            "public_email": null,
            "name": user.name,
            "state": "active",
            "locked": false,
            "avatar_url": null,
            "web_url": format!("{}/{}", ask.site.url(), user.username),
            "created_at": created_at,
            "bio": "",
            "location": "",
            "organization": "",
            "job_title": "",
            "email": user.email,
            "commit_email": user.email,
            "confirmed_at": created_at,
            "last_sign_in_at": created_at,
            "current_sign_in_at": created_at,
            "last_activity_on": as_day(ask.site.clock.now()),
            "theme_id": 3,
            "color_scheme_id": 1,
            "projects_limit": 100_000,
            "identities": [],
            "can_create_group": true,
            "can_create_project": true,
            "two_factor_enabled": ask.site.two_factor,
            "external": false,
            "private_profile": false,
            "bot": false,
            "namespace_id": user.namespace_id,
        });
        // Only administrators are told (contract, section 6).
        if user.admin {
            body["is_admin"] = true.into();
        }
        Ok(Json(body).into_response())
    })
}

pub(super) async fn token(
    State(site): App,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read(&site, &uri, &headers, Demand::TOKEN, |ask| {
        let now = ask.site.clock.now();
        let known = ask.caller.token.and_then(|id| ask.world.people.token_by_id(id));
        let token = known.filter(|token| token.kind != TokenKind::OAuth).ok_or_else(|| {
            Refusal::bad_request(
                "400 Bad request - This endpoint requires token type to be a personal access token",
            )
        })?;
        let mut body = json!({
            "id": token.id,
            "name": token.name,
            "revoked": token.revoked,
            "created_at": as_time(token.created_at),
            "description": null,
            "scopes": token.scopes,
            "user_id": token.user,
            "last_used_at": as_time(now),
            "active": !token.revoked && token.expires_at > now,
            "expires_at": as_day(token.expires_at),
        });
        if ask.site.version.has_fine_grained_tokens() {
            body["granular"] = matches!(token.kind, TokenKind::FineGrained(_)).into();
        }
        Ok(Json(body).into_response())
    })
}

/// The groups and projects the token's account reaches with at least some access (contract,
/// section 6).
pub(super) async fn associations(
    State(site): App,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    read(&site, &uri, &headers, Demand::TOKEN, |ask| {
        if !ask.site.version.at_least(17, 4) {
            return Err(Refusal::NoRoute);
        }
        let least = ask.params.integer("min_access_level")?.unwrap_or(10);
        let (world, viewer) = (ask.world, ask.caller.viewer);
        let groups = world.groups.values().filter_map(|group| {
            let level = world.group_membership(viewer, group.id);
            (i64::from(level) >= least).then(|| {
                json!({
                    "id": group.id,
                    "web_url": format!("{}/groups/{}", ask.site.url(), group.full_path),
                    "name": group.name,
                    "parent_id": group.parent,
                    "organization_id": 1,
                    "access_levels": level,
                    "visibility": group.visibility.name(),
                })
            })
        });
        let projects = world.projects.values().filter_map(|project| {
            let level = world.project_membership(viewer, project);
            (i64::from(level) >= least).then(|| {
                let simple = entities::simple_project(ask.site, world, project);
                json!({
                    "id": project.id,
                    "name": project.name,
                    "path_with_namespace": project.full_path,
                    "namespace": simple["namespace"],
                    "visibility": project.visibility.name(),
                    "access_levels": {
                        "project_access_level": level,
                    },
                })
            })
        });
        let most = 100;
        let groups: Vec<_> = groups.take(most).collect();
        let projects: Vec<_> = projects.take(most).collect();
        Ok(Json(json!({ "groups": groups, "projects": projects })).into_response())
    })
}
