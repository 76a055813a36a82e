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

    /// Whom a failure of this request is about: a group or project (`/projects/7`), or else the
    /// path itself.
    pub(crate) fn scope(&self, base: &BaseUrl) -> &str {
        let path = self.path(base);
        let level = ["/projects/", "/groups/"].into_iter().find(|level| path.starts_with(level));
        let after = level.and_then(|level| path.get(level.len()..));
        let rest =
            after.and_then(|after| after.split_once('/')).map_or(0, |(_, rest)| rest.len() + 1);
        path.get(..path.len() - rest).unwrap_or(path)
    }

    /// The list that holds the integration this request is about, if it is about one.
    pub(crate) fn list_of_row(&self, base: &BaseUrl) -> Option<Self> {
        let (_, slug) = self.path(base).rsplit_once("/integrations/")?;
        let mut url = self.url.clone();
        url.path_segments_mut().ok()?.pop();
        url.set_query(None);
        let list = Self { kind: "integrations", verb: Verb::Get, url, body: None };
        (!slug.is_empty() && !slug.contains('/')).then_some(list)
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

#[cfg(test)]
mod tests {
    use super::{Ask, BaseUrl};

    #[test]
    fn a_request_knows_whom_it_is_about() {
        let base: BaseUrl = "https://gitlab.example/sub".parse().expect("an address");
        let about = |segments: &[&str]| {
            let ask = Ask::get("test", &base, segments.iter().copied(), &[("a", "b".to_owned())]);
            let list = ask.list_of_row(&base).map(|list| list.url.to_string());
            (ask.scope(&base).to_owned(), list)
        };
        let rows = "https://gitlab.example/sub/api/v4/projects/7/integrations".to_owned();
        assert_eq!(
            about(&["projects", "7", "integrations", "jira"]),
            ("/projects/7".to_owned(), Some(rows)),
            "one row"
        );
        for (segments, scope) in [
            (&["groups", "9", "integrations"][..], "/groups/9"),
            (&["groups", "9"][..], "/groups/9"),
            (&["groups"][..], "/groups"),
            (&["metadata"][..], "/metadata"),
        ] {
            assert_eq!(about(segments), (scope.to_owned(), None), "{segments:?}");
        }
    }
}
