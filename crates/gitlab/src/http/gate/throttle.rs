//! The throttles that some endpoints have of their own.
//!
//! GitLab counts a few reads by themselves (contract, section 6: on by default since 18.1). Their
//! 429 speaks of that endpoint alone: everything else may go on being asked.

use reqwest::header::HeaderMap;

use crate::http::ask::Verb;

/// An endpoint with a throttle of its own. Subgroups, descendants and integrations have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Throttle {
    /// `GET /groups`.
    Groups,
    /// `GET /groups/:id`.
    Group,
    /// `GET /groups/:id/projects`.
    GroupProjects,
    /// `GET /projects`.
    Projects,
    /// `GET /projects/:id`.
    Project,
}

/// What GitLab says in a 429 of an endpoint's own; the instance's throttle says “Retry later”, or
/// whatever its administrator wrote, as plain text.
const WORDS: &str = "This endpoint has been requested too many times";

impl Throttle {
    /// All of them.
    pub(crate) const ALL: [Self; 5] =
        [Self::Groups, Self::Group, Self::GroupProjects, Self::Projects, Self::Project];

    /// The one that a request counts for. `path` begins below `/api/v4`, its ids encoded.
    pub(crate) fn of(verb: Verb, path: &str) -> Option<Self> {
        if !verb.is_read() {
            return None;
        }
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match (parts.next()?, parts.next(), parts.next(), parts.next()) {
            ("groups", None, None, None) => Some(Self::Groups),
            ("groups", Some(_), None, None) => Some(Self::Group),
            ("groups", Some(_), Some("projects"), None) => Some(Self::GroupProjects),
            ("projects", None, None, None) => Some(Self::Projects),
            ("projects", Some(_), None, None) => Some(Self::Project),
            _ => None,
        }
    }

    /// What GitLab calls it.
    const fn name(self) -> &'static str {
        match self {
            Self::Groups => "groups_api",
            Self::Group => "group_api",
            Self::GroupProjects => "group_projects_api",
            Self::Projects => "projects_api",
            Self::Project => "project_api",
        }
    }
}

/// Whether a 429 says of itself that it is for one endpoint: by the throttle's name where there is
/// one, else in GitLab's words.
pub(crate) fn is_endpoints_own(headers: &HeaderMap, message: &str) -> bool {
    match headers.get("ratelimit-name") {
        Some(name) => Throttle::ALL.iter().any(|own| name.as_bytes() == own.name().as_bytes()),
        None => message.starts_with(WORDS),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{Throttle, WORDS, is_endpoints_own};
    use crate::http::ask::Verb;

    #[test]
    fn each_endpoint_counts_for_its_own_throttle_or_for_none() {
        for (path, throttle) in [
            ("/groups", Some(Throttle::Groups)),
            ("/groups/7", Some(Throttle::Group)),
            ("/groups/acme%2Fplatform", Some(Throttle::Group)),
            ("/groups/7/projects", Some(Throttle::GroupProjects)),
            ("/projects", Some(Throttle::Projects)),
            ("/projects/acme%2Fshop", Some(Throttle::Project)),
            ("/groups/7/descendant_groups", None),
            ("/groups/7/subgroups", None),
            ("/groups/7/integrations", None),
            ("/projects/7/integrations/jira", None),
            ("/users/7/projects", None),
            ("/user", None),
            ("", None),
        ] {
            assert_eq!(Throttle::of(Verb::Get, path), throttle, "{path}");
        }
        assert_eq!(Throttle::of(Verb::Put, "/groups/7"), None, "writes are not counted there");
    }

    #[test]
    fn only_a_429_that_says_so_is_for_one_endpoint() {
        let named = |name| {
            let header = HeaderName::from_static("ratelimit-name");
            HeaderMap::from_iter([(header, HeaderValue::from_static(name))])
        };
        let nameless = HeaderMap::new();
        assert!(is_endpoints_own(&nameless, &format!("{WORDS}. Try again later.")), "its words");
        assert!(!is_endpoints_own(&nameless, "Retry later"), "the instance's");
        assert!(!is_endpoints_own(&nameless, ""), "who says nothing means everything");
        assert!(is_endpoints_own(&named("projects_api"), ""), "its name");
        let general = named("throttle_authenticated_api");
        assert!(!is_endpoints_own(&general, WORDS), "a name says more than words");
    }
}
