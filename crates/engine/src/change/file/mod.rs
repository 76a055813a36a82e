//! Plans as files: to be read by people, reviewed in a merge request, and applied later to the
//! instance they were made for (design.md, *heirloomctl*). A file never holds a secret, and never
//! what is sent: that is worked out again from what it says, on what the local copy has. Neither
//! its writer nor its reader holds more than some hundred of its steps.

mod radius;
mod reading;
mod taking;
mod writing;

use heirloom_core::ids::{GitlabId, Level, ScopeKey, Slug};
use heirloom_core::plan::{Action, Besides, Snapshot};
use heirloom_store::app::journal::RunId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The format this build writes.
const VERSION: u32 = 2;

/// The oldest it reads. Format 1 does not tell whether a plan takes a run back.
const OLDEST: u32 = 1;

/// The run that a plan takes back. Its number means something in the journal that has it alone;
/// with its time it is known there again, and nowhere else.
#[derive(Serialize, Deserialize)]
struct Undone {
    run: RunId,
    started_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Instance {
    url: String,
    version: String,
}

#[derive(Serialize, Deserialize)]
struct FileStep {
    id: u32,
    level: Level,
    scope_id: u64,
    path: String,
    slug: Slug,
    action: Action,
    before: Snapshot,
    after: Snapshot,
    secrets: Vec<String>,
    /// What GitLab does besides: to be read, worked out again when the file is taken up.
    #[serde(default)]
    besides: Vec<Besides>,
}

impl FileStep {
    const fn key(&self) -> ScopeKey {
        ScopeKey { level: self.level, id: GitlabId(self.scope_id) }
    }
}

#[derive(Serialize, Deserialize)]
struct FileSkipped {
    path: String,
    slug: Slug,
    why: String,
}
