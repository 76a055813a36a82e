//! Who asks: token checks in GitLab's order (contract, section 2).

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method};
use url::form_urlencoded;

use super::refusal::{EXPIRED, IMPERSONATION, REVOKED, Refusal};
use crate::clock::as_day;
use crate::site::Site;
use crate::world::{Token, TokenKind, Viewer, World};

/// Where a browser's script says that it is the page's own.
const CSRF: &str = "x-csrf-token";

/// The account behind a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    pub viewer: Viewer,
    /// None = a browser's session, or nobody.
    pub token: Option<u64>,
}

/// Which token scopes an endpoint takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scopes {
    /// `read_api` for reading, `api` for the rest.
    Api,
    /// Those, and `read_user`.
    ApiOrUser,
    /// Whatever the token has.
    Any,
}

/// What an endpoint wants of whoever asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demand {
    scopes: Scopes,
    /// Whether it answers those who bring no token at all.
    open: bool,
    /// What a fine-grained token must be granted: at which boundary, and for which resource.
    grant: Option<(&'static str, &'static str)>,
}

impl Demand {
    const API: Self = Self { scopes: Scopes::Api, open: false, grant: None };

    pub(super) const METADATA: Self =
        Self { scopes: Scopes::ApiOrUser, grant: Some(("instance", "Metadata")), ..Self::API };
    pub(super) const USER: Self =
        Self { scopes: Scopes::ApiOrUser, grant: Some(("user", "User")), ..Self::API };
    pub(super) const TOKEN: Self = Self { scopes: Scopes::Any, ..Self::API };
    pub(super) const SETTINGS: Self =
        Self { grant: Some(("instance", "Application Setting")), ..Self::API };
    pub(super) const GROUPS: Self =
        Self { open: true, grant: Some(("group", "Group")), ..Self::API };
    pub(super) const PROJECTS: Self =
        Self { open: true, grant: Some(("project", "Project")), ..Self::API };
    pub(super) const OF_GROUP: Self = Self { grant: Some(("group", "Integration")), ..Self::API };
    pub(super) const OF_PROJECT: Self =
        Self { grant: Some(("project", "Integration")), ..Self::API };
    pub(crate) const GRAPHQL: Self = Self { open: true, ..Self::API };
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

/// Puts the session's token where scripts put it, for forms that carry it as
/// `authenticity_token` (contract, section 2).
pub(super) async fn with_form_token(request: Request) -> Request {
    let headers = request.headers();
    if !headers.contains_key(COOKIE) || headers.contains_key(CSRF) || reads(request.method()) {
        return request;
    }
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let token = form_urlencoded::parse(&body).find(|(name, _)| name == "authenticity_token");
    if let Some(token) = token.and_then(|(_, token)| HeaderValue::from_str(&token).ok()) {
        parts.headers.insert(CSRF, token);
    }
    Request::from_parts(parts, Body::from(body))
}

/// Finds the account, or says why the token does not do.
pub(crate) fn authenticate(
    site: &Site,
    world: &World,
    headers: &HeaderMap,
    method: &Method,
    demand: Demand,
) -> Result<Caller, Refusal> {
    let Some(text) = token_of(headers) else {
        return by_session(site, world, headers, method, demand);
    };
    let token = world.people.token(text).ok_or(Refusal::Unauthorized)?;
    // An application's token is none of GitLab's own, whose header this is.
    if token.kind == TokenKind::OAuth && headers.contains_key("private-token") {
        return Err(Refusal::Unauthorized);
    }
    if token.revoked {
        return Err(Refusal::InvalidToken(REVOKED));
    }
    if as_day(token.expires_at) <= as_day(site.clock.now()) {
        return Err(Refusal::InvalidToken(EXPIRED));
    }
    if token.kind == TokenKind::Impersonation && !site.impersonation {
        return Err(Refusal::InvalidToken(IMPERSONATION));
    }
    check_scope(token, method, demand)?;
    let user = world.people.user(token.user).filter(|user| !user.blocked);
    let user = user.ok_or(Refusal::Blocked)?;
    // With Admin Mode on, a token has an administrator's powers only where its scopes say so
    // (contract, section 6).
    let admin = user.admin && (!site.admin_mode || token.scopes.contains(&"admin_mode"));
    Ok(Caller { viewer: Viewer { user: Some(user.id), admin }, token: Some(token.id) })
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn check_scope(token: &Token, method: &Method, demand: Demand) -> Result<(), Refusal> {
    if let (TokenKind::FineGrained(grants), Some((boundary, resource))) = (token.kind, demand.grant)
    {
        let action = match *method {
            Method::GET | Method::HEAD => "Read",
            Method::DELETE => "Delete",
            _ => "Update",
        };
        let wanted = format!("{resource}: {action}");
        return if grants.contains(&wanted.as_str()) {
            Ok(())
        } else {
            Err(Refusal::InsufficientGrant(boundary, wanted))
        };
    }
    let reads = reads(method);
    let covers = |scope: &&str| match *scope {
        "api" => true,
        "read_api" => reads,
        "read_user" => reads && demand.scopes == Scopes::ApiOrUser,
        _ => false,
    };
    if demand.scopes == Scopes::Any || token.scopes.iter().any(covers) {
        return Ok(());
    }
    Err(Refusal::InsufficientScope(match (reads, demand.scopes) {
        (true, Scopes::ApiOrUser) => "api read_api read_user",
        (true, _) => "api read_api",
        (false, _) => "api",
    }))
}

/// A signed-in browser may use the API too; to write, it needs the token of its session
/// (contract, section 2). Without a session nobody asks, which some endpoints answer.
fn by_session(
    site: &Site,
    world: &World,
    headers: &HeaderMap,
    method: &Method,
    demand: Demand,
) -> Result<Caller, Refusal> {
    let session = site.sessions.of(headers);
    if session.user.is_none() {
        let nobody = Viewer { user: None, admin: false };
        let open = demand.open && reads(method);
        return open.then_some(Caller { viewer: nobody, token: None }).ok_or(Refusal::Unauthorized);
    }
    let genuine = headers.get(CSRF).is_some_and(|token| token == session.csrf.as_str());
    if !reads(method) && !genuine {
        return Err(Refusal::Unauthorized);
    }
    let viewer = session.viewer(site, world).ok_or(Refusal::Blocked)?;
    Ok(Caller { viewer, token: None })
}
