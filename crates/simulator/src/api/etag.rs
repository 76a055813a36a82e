//! Weak ETags, which GitLab writes and does not look at (contract, section 6).

use std::hash::{DefaultHasher, Hasher};

use axum::body::{Body, to_bytes};
use axum::http::header::{CACHE_CONTROL, ETAG};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

/// Adds a weak ETag, as Rack does to every answer that has a body.
pub(super) async fn tagged(response: Response) -> Response {
    if !matches!(response.status(), StatusCode::OK | StatusCode::CREATED) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // Bodies are whole here: they were written from memory.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    hasher.write(&body);
    if let Ok(tag) = HeaderValue::from_str(&format!("W/\"{:032x}\"", hasher.finish())) {
        parts.headers.insert(ETAG, tag);
    }
    let kept = HeaderValue::from_static("max-age=0, private, must-revalidate");
    parts.headers.insert(CACHE_CONTROL, kept);
    Response::from_parts(parts, Body::from(body))
}
