//! The settings pages, for a signed-in browser: the only way to the defaults of the instance
//! (contract, section 12).

mod data;
mod form;
mod html;
mod overrides;
mod place;
mod session;
mod settings;
mod sign_in;
mod testing;
mod visitor;
mod words;

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

    fn sends_password(&self) -> bool {
        self.sent.get("user[password]") == Some(self.site.password.as_str())
    }

    fn sends_code(&self) -> bool {
        self.sent.get("user[otp_attempt]") == Some(self.site.code.as_str())
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
        Place::SignIn => sign_in::sign_in(&mut visit),
        Place::AdminSessionForm => sign_in::admin_mode_form(&mut visit),
        Place::AdminSession => sign_in::enter_admin_mode(&mut visit),
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

/// Nobody is signed in: to the form, and back afterwards.
fn to_sign_in(visit: &mut Visit<'_>) -> Response {
    if visit.wants_json() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    visit.session.return_to = Some(visit.full(visit.uri.path()));
    redirect(StatusCode::FOUND, &visit.full("/users/sign_in"))
}
