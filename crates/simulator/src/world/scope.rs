//! Groups, projects and the instance.

use serde::{Deserialize, Serialize};

use super::people::Viewer;
use super::row::Row;
use crate::clock::Millis;

/// The three levels at which integrations are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The whole server. It has no id; the simulator takes any.
    Instance,
    /// A group or subgroup.
    Group,
    /// A project.
    Project,
}

/// One scope, by level and GitLab id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Scope {
    Instance,
    Group(u64),
    Project(u64),
}

impl Scope {
    pub(crate) fn new(level: Level, id: u64) -> Self {
        match level {
            Level::Instance => Self::Instance,
            Level::Group => Self::Group(id),
            Level::Project => Self::Project(id),
        }
    }

    pub(crate) fn level(self) -> Level {
        match self {
            Self::Instance => Level::Instance,
            Self::Group(_) => Level::Group,
            Self::Project(_) => Level::Project,
        }
    }

    /// The id, 0 for the instance.
    pub(crate) fn id(self) -> u64 {
        match self {
            Self::Instance => 0,
            Self::Group(id) | Self::Project(id) => id,
        }
    }
}

/// Who may see a group or project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visibility {
    Private,
    Internal,
    Public,
}

impl Visibility {
    /// Whether it can be seen without being a member: what is internal, by every account.
    pub(crate) fn is_open_to(self, viewer: Viewer) -> bool {
        match self {
            Self::Public => true,
            Self::Internal => viewer.user.is_some(),
            Self::Private => false,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Internal => "internal",
            Self::Public => "public",
        }
    }
}

/// Where a project lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Namespace {
    Group(u64),
    /// A user's own namespace, by user id.
    User(u64),
}

#[derive(Debug)]
pub(crate) struct Group {
    pub id: u64,
    pub parent: Option<u64>,
    pub name: Box<str>,
    pub path: Box<str>,
    pub full_path: Box<str>,
    pub full_name: Box<str>,
    pub description: Box<str>,
    pub visibility: Visibility,
    pub archived: bool,
    pub deletion_marked_at: Option<Millis>,
    pub created_at: Millis,
    pub subgroups: Vec<u64>,
    pub projects: Vec<u64>,
    pub rows: Vec<Row>,
}

#[derive(Debug)]
pub(crate) struct Project {
    pub id: u64,
    pub namespace: Namespace,
    pub name: Box<str>,
    pub path: Box<str>,
    pub full_path: Box<str>,
    pub full_name: Box<str>,
    pub description: Box<str>,
    pub visibility: Visibility,
    pub archived: bool,
    pub deletion_marked_at: Option<Millis>,
    pub created_at: Millis,
    pub last_activity_at: Millis,
    pub rows: Vec<Row>,
}
