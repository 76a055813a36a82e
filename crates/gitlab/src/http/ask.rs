//! One request, before it is sent.

use reqwest::Method;
use serde_json::Value as Json;
use url::Url;

use super::gate::throttle::Throttle;
use crate::{BaseUrl, Place};

/// What we ask of GitLab.
#[derive(Clone)]
pub(crate) struct Ask {
    /// What the counters call it.
    pub(crate) kind: &'static str,
    /// GET, PUT or DELETE.
    pub(crate) verb: Verb,
    /// Where; always built from our own [`BaseUrl`].
    pub(crate) url: Url,
    /// What a PUT carries. May hold secrets: never printed.
    pub(crate) body: Option<Json>,
}

/// The three methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Put,
    Delete,
}

impl Verb {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    pub(crate) const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Put => Method::PUT,
            Self::Delete => Method::DELETE,
        }
    }

    /// Reads change nothing, so they may be sent again.
    pub(crate) const fn is_read(self) -> bool {
        matches!(self, Self::Get)
    }
}

impl Ask {
    /// A GET of an endpoint with its query.
    pub(crate) fn get<'a>(
        kind: &'static str,
        base: &BaseUrl,
        segments: impl IntoIterator<Item = &'a str>,
        query: &[(&str, String)],
    ) -> Self {
        let mut url = base.api(segments);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Self { kind, verb: Verb::Get, url, body: None }
    }

    /// The same place with one more query value.
    pub(crate) fn with(&self, key: &str, value: &str) -> Self {
        let mut next = self.clone();
        next.url.query_pairs_mut().append_pair(key, value);
        next
    }

    /// The endpoint's own throttle that this request counts for, if it has one.
    pub(crate) fn throttle(&self, base: &BaseUrl) -> Option<Throttle> {
        Throttle::of(self.verb, self.path(base))
    }

    /// Its path below `/api/v4`.
    fn path(&self, base: &BaseUrl) -> &str {
        let path = self.url.path();
        let below = path.strip_prefix(base.sub_path()).and_then(|it| it.strip_prefix("/api/v4"));
        below.unwrap_or(path)
    }

    /// How errors name this request: without query and body.
    pub(crate) fn place(&self, base: &BaseUrl) -> Place {
        Place {
            method: self.verb.name(),
            path: self.path(base).to_owned(),
            host: base.host(),
            request_id: None,
            may_have_arrived: false,
        }
    }
}
