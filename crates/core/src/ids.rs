//! Names of things: connections, scopes, integrations.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One saved connection to one GitLab. Never reused after the connection is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionId(pub u32);

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The three levels of GitLab's settings, outermost first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The whole server.
    Instance,
    /// A group or a subgroup.
    Group,
    /// A project.
    Project,
}

impl Level {
    /// The level's name, as GitLab and our JSON write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Group => "group",
            Self::Project => "project",
        }
    }

    /// Whether scopes of this level have others below them.
    pub const fn holds_others(self) -> bool {
        matches!(self, Self::Instance | Self::Group)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A level's name was none of `instance`, `group`, `project`.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is not a level: use instance, group or project")]
pub struct NotALevel(pub String);

impl FromStr for Level {
    type Err = NotALevel;

    fn from_str(text: &str) -> Result<Self, NotALevel> {
        match text {
            "instance" => Ok(Self::Instance),
            "group" => Ok(Self::Group),
            "project" => Ok(Self::Project),
            other => Err(NotALevel(other.to_owned())),
        }
    }
}

/// The number GitLab gave a group or a project. Survives renames and moves, unlike the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GitlabId(pub u64);

impl fmt::Display for GitlabId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A scope within one connection. The path is an attribute of a scope, never its key:
/// a renamed path must not receive another scope's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ScopeKey {
    /// Which of the three levels.
    pub level: Level,
    /// GitLab's id; always 0 for the instance.
    pub id: GitlabId,
}

impl ScopeKey {
    /// The instance itself.
    pub const INSTANCE: Self = Self { level: Level::Instance, id: GitlabId(0) };

    /// A group by its id.
    pub const fn group(id: u64) -> Self {
        Self { level: Level::Group, id: GitlabId(id) }
    }

    /// A project by its id.
    pub const fn project(id: u64) -> Self {
        Self { level: Level::Project, id: GitlabId(id) }
    }
}

impl fmt::Display for ScopeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Level::Instance => f.write_str("instance"),
            level @ (Level::Group | Level::Project) => write!(f, "{level} {}", self.id),
        }
    }
}

/// An integration's dashed name, as in REST paths (`emails-on-push`). May name a kind the catalog
/// does not hold: GitLab grows new ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

/// Text that cannot name an integration.
#[derive(Debug, thiserror::Error)]
#[error(
    "“{0}” is not an integration's name: use small letters, digits and dashes, as in emails-on-push"
)]
pub struct NotASlug(pub String);

impl Slug {
    /// Takes the dashed form, or GitLab's underscored form (`emails_on_push`), which it dashes.
    ///
    /// # Errors
    /// When anything but small letters, digits, dashes and underscores is in it, or it is longer
    /// than 100 characters: it goes into URLs, so it is never taken on trust.
    pub fn new(text: &str) -> Result<Self, NotASlug> {
        let fits = !text.is_empty()
            && text.len() <= 100
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        if fits { Ok(Self(text.replace('_', "-"))) } else { Err(NotASlug(text.to_owned())) }
    }

    /// The dashed form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Slug {
    type Err = NotASlug;

    fn from_str(text: &str) -> Result<Self, NotASlug> {
        Self::new(text)
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}
