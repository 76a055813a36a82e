//! What a failed status means, by GitLab's words beside it (contract, section 2).

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value as Json;

use super::body::is_page;
use super::gate::throttle::is_endpoints_own;
use super::retry::asked_wait;
use super::text::clean;
use crate::{Problem, RateLimit};

/// Explains an answer whose status is neither a success nor a redirect.
pub(crate) fn explain(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Problem {
    let words = Words::read(body);
    let page = is_page(body);
    let code = status.as_u16();
    if code == 429 {
        let of = if is_endpoints_own(headers, &words.message) {
            RateLimit::Endpoint
        } else {
            RateLimit::All
        };
        return Problem::RateLimited { retry_after: asked_wait(headers), of };
    }
    if status.is_server_error() {
        let retry_after = asked_wait(headers);
        return match (code, retry_after) {
            (503, Some(_)) if !words.message.is_empty() => {
                Problem::Maintenance { message: words.message, retry_after }
            }
            _ => Problem::Server { status: code, message: words.message },
        };
    }
    if !status.is_client_error() {
        return Problem::NotGitlab { found: format!("status {code}") };
    }
    if page {
        return Problem::NotGitlab { found: format!("a web page with status {code}") };
    }
    match code {
        401 => unauthorized(&words),
        403 => forbidden(words),
        404 if words.is_gitlabs => Problem::NotFound { what: what_is_missing(&words.message) },
        404 => Problem::NotGitlab { found: "status 404 without GitLab's words".to_owned() },
        _ => Problem::Refused { status: code, message: words.message },
    }
}

/// GitLab's words, from either of its shapes: `{"message": …}` and `{"error": …}`.
#[derive(Default)]
struct Words {
    message: String,
    /// The OAuth-like code (`invalid_token`), when there is one beside a description.
    code: String,
    scope: String,
    /// One of GitLab's two keys was there.
    is_gitlabs: bool,
}

impl Words {
    fn read(body: &[u8]) -> Self {
        let Ok(Json::Object(json)) = serde_json::from_slice::<Json>(body) else {
            return Self::default();
        };
        let text = |key: &str| json.get(key).map(sentence).unwrap_or_default();
        let error = text("error");
        let description = text("error_description");
        let message = [text("message"), description, error.clone()]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default();
        Self {
            message: clean(&message),
            code: error,
            scope: clean(&text("scope")),
            is_gitlabs: json.contains_key("message") || json.contains_key("error"),
        }
    }
}

/// Nested messages in one line: `{"url": ["is blank", "is not a URL"]}` becomes
/// “url: is blank, is not a URL”.
fn sentence(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Bool(_) | Json::Number(_) => json.to_string(),
        Json::Array(items) => items.iter().map(sentence).collect::<Vec<_>>().join(", "),
        Json::Object(fields) => fields
            .iter()
            .map(|(field, why)| match field.as_str() {
                // Names of the wrapping, not of a setting.
                "base" | "error" => sentence(why),
                _ => format!("{field}: {}", sentence(why)),
            })
            .collect::<Vec<_>>()
            .join("; "),
    }
}

fn unauthorized(words: &Words) -> Problem {
    if words.code == "invalid_token" {
        let message = words.message.to_lowercase();
        if message.contains("expired") {
            return Problem::TokenExpired;
        }
        if message.contains("revoked") {
            return Problem::TokenRevoked;
        }
    }
    Problem::Unauthorized
}

fn forbidden(words: Words) -> Problem {
    match words.code.as_str() {
        "insufficient_scope" => return Problem::InsufficientScope { needed: words.scope },
        "insufficient_granular_scope" => {
            return Problem::InsufficientScope { needed: String::new() };
        }
        _ => {}
    }
    if words.message.contains("read-only instance") {
        return Problem::Maintenance { message: words.message, retry_after: None };
    }
    let said = words.message.strip_prefix("403 Forbidden").unwrap_or(&words.message);
    Problem::Forbidden { message: said.trim_start_matches([' ', '-']).to_owned() }
}

/// `404 Integration Not Found` → `Integration`.
fn what_is_missing(message: &str) -> String {
    let rest = message.strip_prefix("404").unwrap_or(message).trim();
    let what = match rest.to_lowercase().find("not found") {
        Some(at) => rest.get(..at).unwrap_or_default().trim(),
        None => rest,
    };
    if what.is_empty() { "page".to_owned() } else { what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::what_is_missing;

    #[test]
    fn names_what_is_missing() {
        for (message, what) in [
            ("404 Project Not Found", "Project"),
            ("404 Integration Not Found", "Integration"),
            ("404 Not Found", "page"),
            ("404 Not found", "page"),
            ("", "page"),
        ] {
            assert_eq!(what_is_missing(message), what, "{message}");
        }
    }
}
