//! The settings pages, for a signed-in browser: the only way to the defaults of the instance
//! (contract, section 12).

mod data;
mod form;
mod html;
mod place;
mod session;
mod settings;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{ACCEPT, REFERER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::limits;
use crate::site::Site;
use form::Sent;
use html::{not_found, redirect, rejected};
use place::{Action, Owner, Place};
use session::Session;
pub(crate) use session::Sessions;

/// One request of a browser.
struct Visit<'a> {
    site: &'a Arc<Site>,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    /// The method meant: a form may say `_method=put`.
    method: String,
    sent: Sent,
    session: Session,
}

impl Visit<'_> {
    fn wants_json(&self) -> bool {
        let accepts = self.headers.get(ACCEPT).and_then(|value| value.to_str().ok());
        self.uri.path().ends_with(".json")
            || accepts.is_some_and(|kinds| kinds.starts_with("application/json"))
    }

    fn full(&self, path: &str) -> String {
        format!("{}{path}", self.site.root)
    }

    /// Whether the form, or the script in its place, carries the session's token.
    fn is_genuine(&self) -> bool {
        let header = self.headers.get("x-csrf-token").and_then(|value| value.to_str().ok());
        let token = header.or_else(|| self.sent.get("authenticity_token"));
        token == Some(self.session.csrf.as_str())
    }
}

/// Answers whatever is not the API.
pub(crate) async fn answer(
    State(site): State<Arc<Site>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(place) = Place::parse(uri.path()) else { return not_found() };
    let sent = Sent::parse(&body);
    let meant = match (&method, sent.get("_method")) {
        (&Method::POST, Some(meant)) => meant.to_uppercase(),
        _ => method.to_string(),
    };
    let session = site.sessions.of(&headers);
    let before = session.id.clone();
    let mut visit =
        Visit { site: &site, uri: &uri, headers: &headers, method: meant, sent, session };
    let writes = !matches!(visit.method.as_str(), "GET" | "HEAD");
    if writes
        && !matches!(place, Place::SignIn | Place::AdminSession)
        && let Err(refusal) = limits::refuse_writes(site.limits.writes)
    {
        return closed(&visit, *refusal);
    }
    // Before anybody asks who it is: an expired session fails here, too.
    if writes && !visit.is_genuine() {
        return rejected();
    }
    let told = visit.session.flash.is_some();
    let mut response = match place {
        Place::SignIn => sign_in(&mut visit),
        Place::AdminSessionForm => html::admin_mode(&visit.session, &visit.full("/admin/session")),
        Place::AdminSession => enter_admin_mode(&mut visit),
        Place::List(owner) => settings::list(&mut visit, &owner),
        Place::Integration(owner, slug, action) => settings::one(&mut visit, &owner, &slug, action),
    };
    if told && response.status() == StatusCode::OK {
        visit.session.flash = None;
    }
    site.sessions.keep(&before, &visit.session);
    if let Ok(cookie) = HeaderValue::from_str(&visit.session.cookie()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// A server that takes no writes sends a form back to the page it came from (contract,
/// section 12); a script is told.
fn closed(visit: &Visit<'_>, refusal: Response) -> Response {
    if visit.wants_json() {
        return refusal;
    }
    let from = visit.headers.get(REFERER).and_then(|value| value.to_str().ok());
    let home = visit.full("/");
    redirect(StatusCode::MOVED_PERMANENTLY, from.unwrap_or(&home))
}

fn sign_in(visit: &mut Visit<'_>) -> Response {
    let action = visit.full("/users/sign_in");
    if visit.method != "POST" {
        return html::sign_in(&visit.session, &action, None);
    }
    let login = visit.sent.get("user[login]").unwrap_or_default();
    let password = visit.sent.get("user[password]").unwrap_or_default();
    let user = {
        let world = visit.site.read();
        world.people.by_username(login).filter(|user| !user.blocked).map(|user| user.id)
    };
    match user {
        Some(user) if password == visit.site.password => {
            let home = visit.full("/");
            let to = visit.session.return_to.take().unwrap_or(home);
            visit.session.sign_in(user);
            redirect(StatusCode::FOUND, &to)
        }
        _ => html::sign_in(&visit.session, &action, Some("Invalid login or password.")),
    }
}

fn enter_admin_mode(visit: &mut Visit<'_>) -> Response {
    if visit.method != "POST" {
        return not_found();
    }
    if visit.session.user.is_none() {
        return redirect(StatusCode::FOUND, &visit.full("/users/sign_in"));
    }
    if visit.sent.get("user[password]") != Some(visit.site.password.as_str()) {
        return html::admin_mode(&visit.session, &visit.full("/admin/session"));
    }
    visit.session.enter_admin_mode(visit.site.clock.shown());
    let home = visit.full("/admin");
    let to = visit.session.return_to.take().unwrap_or(home);
    redirect(StatusCode::FOUND, &to)
}

/// Nobody is signed in: to the form, and back afterwards.
fn to_sign_in(visit: &mut Visit<'_>) -> Response {
    if visit.wants_json() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    visit.session.return_to = Some(visit.full(visit.uri.path()));
    redirect(StatusCode::FOUND, &visit.full("/users/sign_in"))
}
