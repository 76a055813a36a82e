//! Who asks: token checks in GitLab's order (contract, section 2).

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method};

use super::refusal::{EXPIRED, REVOKED, Refusal};
use crate::clock::as_day;
use crate::site::Site;
use crate::world::World;

/// The account behind a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    pub user: u64,
    /// None = a browser's session.
    pub token: Option<u64>,
}

/// Which token scopes an endpoint takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accepts {
    /// `read_api` for reading, `api` for the rest.
    Api,
    /// Those, and `read_user`.
    ApiOrUser,
    /// Whatever the token has.
    AnyScope,
}

/// The token of a request, from `PRIVATE-TOKEN` or `Authorization: Bearer`.
fn token_of(headers: &HeaderMap) -> Option<&str> {
    if let Some(token) = headers.get("private-token") {
        return token.to_str().ok();
    }
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The account of a request's token, if anybody knows it.
pub(crate) fn user_of(world: &World, headers: &HeaderMap) -> Option<u64> {
    world.people.token(token_of(headers)?).map(|token| token.user)
}

/// Finds the account, or says why the token does not do.
pub(crate) fn authenticate(
    site: &Site,
    world: &World,
    headers: &HeaderMap,
    method: &Method,
    accepts: Accepts,
) -> Result<Caller, Refusal> {
    if token_of(headers).is_none() {
        return by_session(site, world, headers, method);
    }
    let token =
        token_of(headers).and_then(|text| world.people.token(text)).ok_or(Refusal::Unauthorized)?;
    if token.revoked {
        return Err(Refusal::InvalidToken(REVOKED));
    }
    if as_day(token.expires_at) <= as_day(site.clock.now()) {
        return Err(Refusal::InvalidToken(EXPIRED));
    }
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let covers = |scope: &&str| match *scope {
        "api" => true,
        "read_api" => reads,
        "read_user" => reads && accepts == Accepts::ApiOrUser,
        _ => false,
    };
    if accepts != Accepts::AnyScope && !token.scopes.iter().any(covers) {
        return Err(Refusal::InsufficientScope(match (reads, accepts) {
            (true, Accepts::ApiOrUser) => "api read_api read_user",
            (true, _) => "api read_api",
            (false, _) => "api",
        }));
    }
    if world.people.user(token.user).is_none_or(|user| user.blocked) {
        return Err(Refusal::Blocked);
    }
    Ok(Caller { user: token.user, token: Some(token.id) })
}

/// A signed-in browser may use the API too; to write, it needs the token of its session
/// (contract, section 2).
fn by_session(
    site: &Site,
    world: &World,
    headers: &HeaderMap,
    method: &Method,
) -> Result<Caller, Refusal> {
    let session = site.sessions.of(headers);
    let user = session.user.ok_or(Refusal::Unauthorized)?;
    let genuine = headers.get("x-csrf-token").is_some_and(|token| token == session.csrf.as_str());
    if !matches!(*method, Method::GET | Method::HEAD) && !genuine {
        return Err(Refusal::Unauthorized);
    }
    if world.people.user(user).is_none_or(|user| user.blocked) {
        return Err(Refusal::Blocked);
    }
    Ok(Caller { user, token: None })
}
