//! The pages themselves.

use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::session::Session;

/// Safe inside text and attributes.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// A `data-` attribute; an absent value leaves it out.
pub(super) fn data(name: &str, value: Option<&str>) -> String {
    value.map_or(String::new(), |value| format!(" data-{name}=\"{}\"", escape(value)))
}

/// A page with its token and what there is to tell.
pub(super) fn page(session: &Session, title: &str, body: &str) -> Response {
    let flash = session.flash.as_deref().map_or(String::new(), |flash| {
        format!(
            "<div class=\"flash-container\"><div class=\"gl-alert-body\">{}</div></div>\n",
            escape(flash)
        )
    });
    let (title, csrf) = (escape(title), &session.csrf);
    Html(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{title} · GitLab</title>\n<meta name=\"csrf-param\" content=\"authenticity_token\">\n\
         <meta name=\"csrf-token\" content=\"{csrf}\">\n</head>\n<body>\n{flash}{body}\n</body>\n</html>\n"
    ))
    .into_response()
}

pub(super) fn sign_in(session: &Session, action: &str, refused: Option<&str>) -> Response {
    let body = format!(
        "{}<form class=\"js-sign-in-form\" action=\"{action}\" method=\"post\">\n\
         <input type=\"hidden\" name=\"authenticity_token\" value=\"{}\">\n\
         <label>Username or primary email <input name=\"user[login]\"></label>\n\
         <label>Password <input type=\"password\" name=\"user[password]\"></label>\n\
         <label><input type=\"checkbox\" name=\"user[remember_me]\" value=\"1\"> Remember me</label>\n\
         <button>Sign in</button>\n</form>",
        alert(refused),
        session.csrf
    );
    page(session, "Sign in", &body)
}

fn alert(refused: Option<&str>) -> String {
    refused.map_or(String::new(), |text| {
        format!("<div class=\"flash-alert\">{}</div>\n", escape(text))
    })
}

/// Asks for the second factor.
pub(super) fn code(session: &Session, action: &str, refused: Option<&str>) -> Response {
    let body = format!(
        "{}<form class=\"js-2fa-form\" action=\"{action}\" method=\"post\">\n\
         <input type=\"hidden\" name=\"authenticity_token\" value=\"{}\">\n\
         <label>Enter verification code <input name=\"user[otp_attempt]\" \
         autocomplete=\"off\"></label>\n<button>Verify code</button>\n</form>",
        alert(refused),
        session.csrf
    );
    page(session, "Two-factor authentication", &body)
}

pub(super) fn admin_mode(session: &Session, action: &str, refused: Option<&str>) -> Response {
    let body = format!(
        "{}<form action=\"{action}\" method=\"post\">\n\
         <input type=\"hidden\" name=\"authenticity_token\" value=\"{}\">\n\
         <label>Password <input type=\"password\" name=\"user[password]\"></label>\n\
         <button>Enter admin mode</button>\n</form>",
        alert(refused),
        session.csrf
    );
    page(session, "Enter admin mode", &body)
}

pub(super) fn redirect(status: StatusCode, to: &str) -> Response {
    let mut response = status.into_response();
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

pub(super) fn not_found() -> Response {
    let body = "<!DOCTYPE html>\n<html><head><title>The page could not be found (404)</title></head>\
                <body><h1>404: Page not found</h1></body></html>\n";
    (StatusCode::NOT_FOUND, Html(body)).into_response()
}

/// A form without the session's token, which is also one whose session has ended.
pub(super) fn rejected() -> Response {
    let body = "<!DOCTYPE html>\n<html><head><title>The change you requested was rejected (422)\
                </title></head><body><h1>The change you requested was rejected.</h1></body></html>\n";
    let html = [(CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::UNPROCESSABLE_ENTITY, html, body).into_response()
}
