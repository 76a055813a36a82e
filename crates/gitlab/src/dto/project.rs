//! Projects, as lists and single answers give them.

use heirloom_core::ids::GitlabId;
use jiff::civil::Date;
use serde::Deserialize;

use super::decode::{HasId, day};

/// One project.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Project {
    /// Stays the same through renames and moves.
    pub id: GitlabId,
    /// The name for people.
    pub name: String,
    /// The path from the top, as in `company/team/project`.
    pub path_with_namespace: String,
    /// Where it stands.
    pub namespace: Namespace,
    /// Read-only, by its own flag or its group's.
    #[serde(default)]
    pub archived: bool,
    /// `private`, `internal` or `public`.
    #[serde(default)]
    pub visibility: String,
    #[serde(default, deserialize_with = "day")]
    marked_for_deletion_on: Option<Date>,
    #[serde(default, deserialize_with = "day")]
    marked_for_deletion_at: Option<Date>,
    #[serde(default)]
    permissions: Option<Permissions>,
}

impl Project {
    /// The day it was marked for deletion, where it is. Servers name it `marked_for_deletion_on`,
    /// older ones `marked_for_deletion_at`.
    pub fn marked_for_deletion(&self) -> Option<Date> {
        self.marked_for_deletion_on.or(self.marked_for_deletion_at)
    }

    /// The account's own access level, through the project or its group, as a number (40 =
    /// Maintainer). None where GitLab does not say, or only an administrator's rights apply.
    pub fn access_level(&self) -> Option<u32> {
        let permissions = self.permissions.as_ref()?;
        let level = |access: &Option<Access>| access.as_ref().map(|access| access.access_level);
        level(&permissions.project_access).max(level(&permissions.group_access))
    }
}

impl HasId for Project {
    fn id(&self) -> u64 {
        self.id.0
    }

    fn names(&self) -> Vec<(&'static str, u64)> {
        let above = self.namespace.parent_id.map(|id| ("namespace.parent_id", id.0));
        above.into_iter().chain([("namespace.id", self.namespace.id.0)]).collect()
    }
}

/// What a project stands in: a group, or a person's own space.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Namespace {
    /// For a group, the group's id.
    pub id: GitlabId,
    /// A group or a person.
    pub kind: NamespaceKind,
    /// The path from the top.
    pub full_path: String,
    /// The group above the group, where there is one.
    #[serde(default)]
    pub parent_id: Option<GitlabId>,
}

/// Kinds of [`Namespace`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NamespaceKind {
    /// A group or subgroup.
    Group,
    /// A person's own space: its projects inherit from the instance.
    User,
    /// Something newer than this Heirloom.
    #[serde(other)]
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Permissions {
    #[serde(default)]
    project_access: Option<Access>,
    #[serde(default)]
    group_access: Option<Access>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Access {
    access_level: u32,
}
