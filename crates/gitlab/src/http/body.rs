//! Reading an answer's body, never more than we are ready to hold.

use reqwest::Response;
use serde_json::Value as Json;

use super::text::clean;
use super::trouble;
use crate::Problem;

/// Reads the whole body, or says that it is too large as soon as that is known.
pub(crate) async fn read(response: &mut Response, limit: usize) -> Result<Vec<u8>, Problem> {
    let too_large = || Problem::TooLarge { limit: limit as u64, unit: "bytes" };
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|why| trouble::while_reading(&why))? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Reads the start of a body that only explains a failure; a broken or endless explanation must
/// not hide what it explains.
pub(crate) async fn read_some(response: &mut Response, limit: usize) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < limit {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    body.truncate(limit);
    body
}

/// Takes a successful answer's body as JSON.
pub(crate) fn json(content_type: &str, body: &[u8]) -> Result<Json, Problem> {
    if is_page(body) {
        return Err(Problem::NotGitlab { found: "a web page".to_owned() });
    }
    if !content_type.is_empty() && !content_type.contains("json") {
        return Err(Problem::NotGitlab { found: clean(content_type) });
    }
    serde_json::from_slice(body).map_err(|why| Problem::Decode {
        field: ".".to_owned(),
        detail: format!("not valid JSON (line {}, column {})", why.line(), why.column()),
    })
}

/// HTML or XML, whatever its content type says.
pub(crate) fn is_page(body: &[u8]) -> bool {
    body.trim_ascii_start().strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start().first()
        == Some(&b'<')
}
