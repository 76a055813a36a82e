//! The parameters of a request, coerced as Grape does (contract, section 2).

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::Value as Json;
use url::form_urlencoded;

use super::refusal::Refusal;

/// Query and body parameters, in the order sent.
#[derive(Debug, Default)]
pub(crate) struct Params(Vec<(String, Json)>);

impl Params {
    pub(crate) fn from_query(query: Option<&str>) -> Self {
        let mut params = Self::default();
        params.take_form(query.unwrap_or_default().as_bytes());
        params
    }

    /// Query and body together. JSON and form bodies are read; a body that claims to be JSON and
    /// is not is refused.
    pub(crate) fn from_request(
        query: Option<&str>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Self, Refusal> {
        let mut params = Self::from_query(query);
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
        if kind.starts_with("application/json") {
            if body.is_empty() {
                return Ok(params);
            }
            match serde_json::from_slice(body) {
                Ok(Json::Object(fields)) => fields.into_iter().for_each(|(k, v)| params.set(k, v)),
                Ok(_) => {}
                Err(_) => {
                    return Err(Refusal::Parameters(
                        "\nProblem:\n  message body does not match declared format\nResolution:\n  \
                         when specifying application/json as content-type, you must pass valid \
                         application/json in the request's 'body'\n"
                            .to_owned(),
                    ));
                }
            }
        } else {
            params.take_form(body);
        }
        Ok(params)
    }

    fn take_form(&mut self, form: &[u8]) {
        for (name, value) in form_urlencoded::parse(form) {
            let value = Json::from(value.into_owned());
            match name.strip_suffix("[]") {
                Some(list) => self.append(list, value),
                None => self.set(name.into_owned(), value),
            }
        }
    }

    fn append(&mut self, name: &str, value: Json) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, Json::Array(items))) => items.push(value),
            Some((_, other)) => *other = Json::Array(vec![value]),
            None => self.0.push((name.to_owned(), Json::Array(vec![value]))),
        }
    }

    fn set(&mut self, name: String, value: Json) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A boolean parameter; an unparsable one is refused.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.get(name).map_or(Ok(None), |value| coerce_boolean(value).ok_or_else(|| invalid(name)))
    }

    /// A whole number; an unparsable one is refused.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.get(name).map_or(Ok(None), |value| coerce_integer(value).ok_or_else(|| invalid(name)))
    }

    /// One of some words.
    pub(crate) fn choice<'a>(
        &'a self,
        name: &str,
        choices: &[&str],
        default: &'a str,
    ) -> Result<&'a str, Refusal> {
        match self.text(name) {
            None => Ok(default),
            Some(text) if choices.contains(&text) => Ok(text),
            Some(_) => Err(Refusal::Parameters(format!("{name} does not have a valid value"))),
        }
    }

    /// A list of ids.
    pub(crate) fn ids(&self, name: &str) -> Vec<u64> {
        let items = self.get(name).and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        items.iter().filter_map(|id| id.as_u64().or_else(|| id.as_str()?.parse().ok())).collect()
    }
}

fn invalid(name: &str) -> Refusal {
    Refusal::Parameters(format!("{name} is invalid"))
}

/// Grape's boolean: outer `None` = unparsable, inner `None` = empty.
#[expect(clippy::option_option, reason = "refused and empty are two answers")]
pub(crate) fn coerce_boolean(value: &Json) -> Option<Option<bool>> {
    match value {
        Json::Null => Some(None),
        Json::Bool(on) => Some(Some(*on)),
        Json::Number(number) => match number.as_i64() {
            Some(1) => Some(Some(true)),
            Some(0) => Some(Some(false)),
            _ => None,
        },
        Json::String(text) => match text.to_ascii_lowercase().as_str() {
            "" => Some(None),
            "1" | "on" | "t" | "true" | "y" | "yes" => Some(Some(true)),
            "0" | "off" | "f" | "false" | "n" | "no" => Some(Some(false)),
            _ => None,
        },
        Json::Array(_) | Json::Object(_) => None,
    }
}

/// Grape's integer, in the same way.
#[expect(clippy::option_option, reason = "refused and empty are two answers")]
pub(crate) fn coerce_integer(value: &Json) -> Option<Option<i64>> {
    match value {
        Json::Null => Some(None),
        Json::Number(number) => number.as_i64().map(Some),
        Json::String(text) if text.is_empty() => Some(None),
        Json::String(text) => text.parse().ok().map(Some),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}
