//! The server, the account and the token behind a connection (contract, section 6).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::Version;

/// `GET /metadata`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Which GitLab it is.
    pub version: Version,
    /// The commit it was built from; empty where the server does not say.
    pub revision: String,
    /// Enterprise Edition, where the server says (15.6 and newer).
    pub enterprise: Option<bool>,
}

#[derive(Deserialize)]
pub(crate) struct MetadataAnswer {
    pub(crate) version: String,
    #[serde(default)]
    pub(crate) revision: Option<String>,
    #[serde(default)]
    pub(crate) enterprise: Option<bool>,
}

/// `GET /user`: whose token it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct User {
    /// GitLab's id of the account.
    pub id: u64,
    /// The name in URLs.
    pub username: String,
    /// The name for people.
    #[serde(default)]
    pub name: String,
    /// Administrator. GitLab sends the key only when it is so, whatever Admin Mode says.
    #[serde(default)]
    pub is_admin: bool,
    /// A project's, a group's or an internal account.
    #[serde(default)]
    pub bot: bool,
}

/// `GET /personal_access_tokens/self`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PersonalAccessToken {
    /// GitLab's id of the token.
    pub id: u64,
    /// The name its owner gave it.
    #[serde(default)]
    pub name: String,
    /// What it may do: `api`, `read_api`, `admin_mode` …
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Neither expired nor revoked.
    pub active: bool,
    /// Taken back by its owner or an administrator.
    #[serde(default)]
    pub revoked: bool,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// The day (UTC) on which it stops working; none for tokens without an end.
    #[serde(default)]
    pub expires_at: Option<Date>,
    /// A fine-grained token: `scopes` do not tell what it may do (newer servers).
    #[serde(default)]
    pub granular: bool,
    /// Whose token it is.
    #[serde(default)]
    pub user_id: Option<u64>,
}

impl PersonalAccessToken {
    /// Whether it can read integrations. A fine-grained token may: only trying tells.
    pub fn can_read(&self) -> bool {
        self.granular || self.has_scope("read_api") || self.can_write()
    }

    /// Whether it can change integrations. A fine-grained token may: only trying tells.
    pub fn can_write(&self) -> bool {
        self.granular || self.has_scope("api")
    }

    /// Whether a scope is among the token's.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}
