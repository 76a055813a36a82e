//! Groups, as lists and single answers give them.

use heirloom_core::ids::GitlabId;
use jiff::civil::Date;
use serde::Deserialize;

use super::decode::{HasId, day};

/// One group or subgroup.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Group {
    /// Stays the same through renames and moves.
    pub id: GitlabId,
    /// The name for people.
    pub name: String,
    /// The path from the top, as in `company/team`.
    pub full_path: String,
    /// The group above; none for a top-level group.
    #[serde(default)]
    pub parent_id: Option<GitlabId>,
    /// `private`, `internal` or `public`.
    #[serde(default)]
    pub visibility: String,
    /// Archived itself; a group below an archived one does not say so (older servers never do).
    #[serde(default)]
    pub archived: bool,
    /// The day it was marked for deletion, where it is.
    #[serde(default, deserialize_with = "day")]
    pub marked_for_deletion_on: Option<Date>,
}

impl HasId for Group {
    fn id(&self) -> u64 {
        self.id.0
    }

    fn names(&self) -> Vec<(&'static str, u64)> {
        self.parent_id.map(|id| ("parent_id", id.0)).into_iter().collect()
    }
}
