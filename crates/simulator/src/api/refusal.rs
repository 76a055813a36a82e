//! GitLab's ways to say no, with its bodies (contract, section 2).

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a request was not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No token, or one nobody knows.
    Unauthorized,
    /// A known token that no longer works.
    InvalidToken(&'static str),
    /// The token's scopes do not cover the request.
    InsufficientScope(&'static str),
    /// A fine-grained token lacks a permission, named here, at a boundary.
    InsufficientGrant(&'static str, String),
    /// The account may not do this.
    Forbidden,
    /// The account is blocked.
    Blocked,
    /// What was asked for is not there, or hidden from the account.
    NotFound(&'static str),
    /// An endpoint that does not exist.
    NoRoute,
    /// An endpoint that does not take this method.
    NotAllowed,
    /// A project addressed by its old path: where it is now.
    Moved(String),
    /// The same, but with another method than GET.
    MovedAndWritten,
    /// `If-Unmodified-Since` was missed.
    PreconditionFailed,
    /// Grape's own complaints: `{"error": …}`.
    Parameters(String),
    /// The keyset complaint: `{"error": …}` with 405.
    NoKeyset,
    /// A page too far into a list of these objects: `{"error": …}` with 405.
    TooFar(&'static str),
    /// An endpoint's own answer: `{"message": …}`.
    Message(StatusCode, String),
}

pub(crate) const EXPIRED: &str =
    "Token is expired. You can either do re-authorization or token refresh.";
pub(crate) const IMPERSONATION: &str =
    "Token is an impersonation token but impersonation was disabled.";
pub(crate) const REVOKED: &str = "Token was revoked. You have to re-authorize from the user.";

impl Refusal {
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::Message(StatusCode::BAD_REQUEST, message.into())
    }

    pub(crate) fn unprocessable(message: impl Into<String>) -> Self {
        Self::Message(StatusCode::UNPROCESSABLE_ENTITY, message.into())
    }

    pub(crate) fn server_fault() -> Self {
        Self::Message(StatusCode::INTERNAL_SERVER_ERROR, "500 Internal Server Error".into())
    }
}

fn message(status: StatusCode, text: &str) -> Response {
    (status, Json(json!({ "message": text }))).into_response()
}

fn error(status: StatusCode, text: &str) -> Response {
    (status, Json(json!({ "error": text }))).into_response()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthorized => message(StatusCode::UNAUTHORIZED, "401 Unauthorized"),
            Self::InvalidToken(why) => {
                let challenge = format!(
                    "Bearer realm=\"Protected by OAuth 2.0\", error=\"invalid_token\", \
                     error_description=\"{why}\""
                );
                let body = json!({ "error": "invalid_token", "error_description": why });
                (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge)], Json(body))
                    .into_response()
            }
            Self::InsufficientScope(scope) => {
                let body = json!({
                    "error": "insufficient_scope",
                    "error_description": "The request requires higher privileges than provided \
                                          by the access token.",
                    "scope": scope,
                });
                (StatusCode::FORBIDDEN, Json(body)).into_response()
            }
            Self::InsufficientGrant(boundary, permission) => {
                let description = format!(
                    "Access denied: This operation requires a fine-grained personal access token \
                     with the following {boundary} permissions: [{permission}]."
                );
                let body = json!({
                    "error": "insufficient_granular_scope",
                    "error_description": description,
                });
                (StatusCode::FORBIDDEN, Json(body)).into_response()
            }
            Self::Forbidden => message(StatusCode::FORBIDDEN, "403 Forbidden"),
            Self::Blocked => {
                message(StatusCode::FORBIDDEN, "403 Forbidden - Your account has been blocked.")
            }
            Self::NotFound(what) => {
                message(StatusCode::NOT_FOUND, &format!("404 {what} Not Found"))
            }
            Self::NoRoute => error(StatusCode::NOT_FOUND, "404 Not Found"),
            Self::NotAllowed => error(StatusCode::METHOD_NOT_ALLOWED, "405 Not Allowed"),
            Self::Moved(to) => {
                let text = format!("This resource has been moved permanently to {to}");
                let headers = [(CONTENT_TYPE, "text/plain".to_owned()), (LOCATION, to)];
                (StatusCode::MOVED_PERMANENTLY, headers, text).into_response()
            }
            Self::MovedAndWritten => message(
                StatusCode::METHOD_NOT_ALLOWED,
                "Non GET methods are not allowed for moved projects",
            ),
            Self::PreconditionFailed => {
                message(StatusCode::PRECONDITION_FAILED, "412 Precondition Failed")
            }
            Self::Parameters(text) => error(StatusCode::BAD_REQUEST, &text),
            Self::NoKeyset => error(
                StatusCode::METHOD_NOT_ALLOWED,
                "Keyset pagination is not yet available for this type of request",
            ),
            Self::TooFar(objects) => error(
                StatusCode::METHOD_NOT_ALLOWED,
                &format!(
                    "Offset pagination has a maximum allowed offset of 50000 for requests that \
                     return objects of type {objects}. Remaining records can be retrieved using \
                     keyset pagination."
                ),
            ),
            Self::Message(status, text) => message(status, &text),
        }
    }
}
