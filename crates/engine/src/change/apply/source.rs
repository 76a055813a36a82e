//! The default settings as they are when a step is about to take them over.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use heirloom_core::ids::{Level, ScopeKey};
use heirloom_core::plan::{Snapshot, Step};
use heirloom_store::app::history::Cause;
use tokio::sync::OnceCell;

use super::Job;
use super::scribe::Scribe;
use crate::Result;
use crate::change::known_kind;
use crate::engine::lock;

/// Rows of groups, each read once in a run, shortly before the first step that hangs on it.
#[derive(std::default::Default)]
pub(super) struct Sources(Mutex<BTreeMap<ScopeKey, Arc<OnceCell<Snapshot>>>>);

impl Sources {
    fn cell(&self, group: ScopeKey) -> Arc<OnceCell<Snapshot>> {
        Arc::clone(lock(&self.0).entry(group).or_default())
    }

    /// A group's own step was done: its row is another one now.
    pub(super) fn forget(&self, group: ScopeKey) {
        lock(&self.0).remove(&group);
    }
}

/// How the default of a step stands.
pub(super) enum Default {
    /// As planned.
    AsPlanned,
    /// Other settings would be taken over than the plan shows.
    Moved(String),
    /// A group that it hangs on has a step of its own in the run, which is not done yet.
    NotYet,
    /// A row that it hangs on could not be read.
    Unread(heirloom_gitlab::Error),
}

impl Job {
    /// Whether a step that uses default settings would still be given those of the plan: GitLab
    /// takes them from the nearest group that has settings of its own (contract, section 2). The
    /// instance's own cannot be read (section 4).
    pub(super) async fn default_now(&self, step: &Step, scribe: &Scribe) -> Result<Default> {
        let integration = known_kind(&step.slug)?;
        let Some(source) = step.source.filter(|_| integration.levels.group) else {
            return Ok(Default::AsPlanned);
        };
        let (id, scope) = (self.connection.id, step.scope);
        let lineage = self.engine.db(move |store| store.lineage(id, scope)).await?;
        let above = lineage.into_iter().rev().skip(1).map(|it| it.listed);
        for group in above.filter(|it| it.key.level == Level::Group) {
            let row = match self.row_of(group.key, step, scribe).await? {
                Ok(row) => row,
                Err(error) => return Ok(Default::Unread(error)),
            };
            let own = matches!(row, Snapshot::Stored { inherited: false, .. });
            if group.key != source && own {
                let path = group.path;
                let why = format!("{path} has settings of its own, which are nearer");
                return self.moved(group.key, why).await;
            }
            if group.key == source {
                let linked = match row {
                    Snapshot::Stored { active, settings, .. } if own => {
                        Snapshot::Stored { inherited: true, active, settings }
                    }
                    _ => {
                        let why = format!("{} sets none any more", group.path);
                        return self.moved(group.key, why).await;
                    }
                };
                if linked.same(integration, &step.after) {
                    return Ok(Default::AsPlanned);
                }
                let why = format!("{} has other settings", group.path);
                return self.moved(group.key, why).await;
            }
        }
        Ok(if source == ScopeKey::INSTANCE {
            Default::AsPlanned
        } else {
            Default::Moved("it is no longer below the group they were to come from".into())
        })
    }

    /// Somebody else’s doing, unless the run itself has yet to change the group.
    async fn moved(&self, group: ScopeKey, why: String) -> Result<Default> {
        let run = self.run;
        let open = self.engine.db(move |store| store.has_open_step(run, group)).await?;
        Ok(if open { Default::NotYet } else { Default::Moved(why) })
    }

    async fn row_of(
        &self,
        group: ScopeKey,
        step: &Step,
        scribe: &Scribe,
    ) -> Result<std::result::Result<Snapshot, heirloom_gitlab::Error>> {
        let cell = self.sources.cell(group);
        // What could not be read is asked again by the next.
        let read = cell.get_or_try_init(async || {
            match self.look((group, &step.slug), Cause::Reading, scribe).await {
                Ok(Ok(row)) => Ok(row),
                Ok(Err(error)) => Err(Ok(error)),
                Err(error) => Err(Err(error)),
            }
        });
        match read.await {
            Ok(row) => Ok(Ok(row.clone())),
            Err(Ok(error)) => Ok(Err(error)),
            Err(Err(error)) => Err(error),
        }
    }
}
