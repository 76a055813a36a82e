//! Answers that break on their way.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::Response;
use futures::stream;

/// What happens to an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Harm {
    /// The connection is dropped before the server does anything.
    Drop,
    /// The server does what it was asked, and the connection is dropped before it answers.
    Lose,
    /// The connection is dropped, or the fault's own status answered, and the server does what it
    /// was asked only so long after that, or when [`crate::Simulator::catch_up`] makes it.
    Late(Duration),
    /// Half the body, in an answer that is whole as far as HTTP goes.
    Truncate,
    /// Half the body, and then the connection ends.
    Cut,
    /// The body trickles in over so long.
    Slow(Duration),
    /// The true body under another content type.
    ContentType(String),
    /// The server goes away and is back after so long.
    Restart(Duration),
}

/// Marks an answer that nobody is to get: the connection is dropped in its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoAnswer;

impl NoAnswer {
    /// Such an answer.
    pub(crate) fn response() -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(Self);
        response
    }
}

const PIECES: usize = 10;

/// Breaks an answer.
pub(crate) async fn hurt(mut response: Response, harm: &Harm) -> Response {
    match harm {
        Harm::Drop | Harm::Lose | Harm::Restart(_) => {
            response.extensions_mut().insert(NoAnswer);
            response
        }
        // Whether there is an answer is said by the fault.
        Harm::Late(_) => response,
        Harm::ContentType(name) => {
            if let Ok(name) = HeaderValue::from_str(name) {
                response.headers_mut().insert(CONTENT_TYPE, name);
            }
            response
        }
        Harm::Truncate => {
            let (mut parts, body) = taken(response).await;
            parts.headers.remove(CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(body.slice(..body.len() / 2)))
        }
        Harm::Cut => {
            let (parts, body) = taken(response).await;
            let half = body.slice(..body.len() / 2);
            let gone = io::Error::from(io::ErrorKind::ConnectionReset);
            Response::from_parts(parts, Body::from_stream(stream::iter([Ok(half), Err(gone)])))
        }
        Harm::Slow(over) => {
            let (parts, body) = taken(response).await;
            Response::from_parts(parts, trickle(body, *over))
        }
    }
}

async fn taken(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    // A client must be able to see that something is missing.
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    (parts, body)
}

fn trickle(body: Bytes, over: Duration) -> Body {
    let size = body.len().div_ceil(PIECES).max(1);
    let pause = over / u32::try_from(PIECES).unwrap_or(1);
    Body::from_stream(stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, io::Error>(piece), rest))
    }))
}
