//! An instance's address, as people type it and as requests need it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use url::{Host, Url};

/// Whether a token may travel unencrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PlainHttp {
    /// Only to this computer itself.
    #[default]
    LoopbackOnly,
    /// Anywhere: the person was told what it means and agreed, for this connection.
    Allowed,
}

/// The address of one GitLab, sub-path included, without a trailing slash.
///
/// Whoever holds one may send a token to it: [`BaseUrl::parse`] is where addresses that would
/// leak one are refused.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl(Url);

/// Why a text is not the address of a GitLab.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// Nothing was typed.
    #[error("enter the address of your GitLab, as in https://gitlab.example.com")]
    Empty,
    /// Not a URL at all.
    #[error("this is not an address ({0}): enter it as in https://gitlab.example.com")]
    NotAUrl(String),
    /// Neither http nor https.
    #[error("“{0}” is not a web address: it must start with https://")]
    Scheme(String),
    /// A user name or a password stands in the address, where it would end up in files and logs.
    #[error("leave the user name and password out of the address: Heirloom signs in with a token")]
    UserInfo,
    /// A query or a fragment stands at the end.
    #[error("leave out what follows “?” or “#”: enter the address of GitLab's start page")]
    QueryOrFragment,
    /// Unencrypted, to another computer, without consent.
    #[error(
        "http:// would send your token to {0} unencrypted: use https://, or allow plain http for \
         this connection"
    )]
    PlainHttp(String),
}

impl BaseUrl {
    /// Reads and normalises an address: spaces around it, a trailing slash and a trailing
    /// `/api/v4` go; a missing scheme becomes `https://`; sub-paths stay.
    ///
    /// # Errors
    /// When it is not an http(s) address, carries credentials, a query or a fragment, or would
    /// send a token unencrypted to another computer without consent.
    pub fn parse(text: &str, plain_http: PlainHttp) -> Result<Self, BadUrl> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadUrl::Empty);
        }
        let with_scheme =
            if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let mut url = Url::parse(&with_scheme).map_err(|why| BadUrl::NotAUrl(why.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BadUrl::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadUrl::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BadUrl::QueryOrFragment);
        }
        let Some(host) = url.host() else {
            return Err(BadUrl::NotAUrl("the host name is missing".to_owned()));
        };
        if url.scheme() == "http" && plain_http == PlainHttp::LoopbackOnly && !is_loopback(&host) {
            return Err(BadUrl::PlainHttp(host.to_string()));
        }
        let path = url.path().trim_end_matches('/');
        let path = path.strip_suffix("/api/v4").unwrap_or(path).trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The host and, where it isn't the usual one, the port: what people call the server.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The sub-path GitLab lives under, without a trailing slash; empty at the root.
    pub fn sub_path(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }

    /// Whether the address is this computer itself.
    pub fn is_loopback(&self) -> bool {
        self.0.host().is_some_and(|host| is_loopback(&host))
    }

    /// A page of this GitLab: the segments are percent-encoded one by one, so that `a/b` in one
    /// segment becomes `a%2Fb`, as GitLab wants paths used as ids.
    pub fn join<S: AsRef<str>>(&self, segments: impl IntoIterator<Item = S>) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    /// An endpoint of this GitLab's REST API.
    pub fn api<S: AsRef<str>>(&self, segments: impl IntoIterator<Item = S>) -> Url {
        let mut url = self.join(["api", "v4"]);
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(segments);
        }
        url
    }

    /// Whether an address has this one's scheme, host and port: the only places its token may go.
    pub fn same_origin(&self, other: &Url) -> bool {
        self.0.origin() == other.origin()
    }
}

/// Loopback by name or number. Other names that happen to resolve there don't count: what a name
/// resolves to can change after consent was skipped.
fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).to_canonical().is_loopback(),
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({self})")
    }
}

/// As [`BaseUrl::parse`] with [`PlainHttp::LoopbackOnly`].
impl FromStr for BaseUrl {
    type Err = BadUrl;

    fn from_str(text: &str) -> Result<Self, BadUrl> {
        Self::parse(text, PlainHttp::LoopbackOnly)
    }
}

#[cfg(test)]
mod tests;
