//! Steps whose answer was lost. Nobody told that GitLab is through with them, so what one look
//! finds is not the end of it: they are looked at again when everything else is done.

use std::collections::BTreeMap;
use std::sync::Mutex;

use heirloom_core::plan::Snapshot;
use heirloom_gitlab::Problem;
use heirloom_store::app::journal::{Ended, JournalStep, Outcome};

use super::Job;
use super::end::End;
use super::scribe::Scribe;
use crate::Result;
use crate::change::known_kind;
use crate::engine::lock;

/// Steps that were sent and not found, by number, each with what became of its answer.
#[derive(Default)]
pub(super) struct Lost(Mutex<BTreeMap<u32, String>>);

impl Lost {
    pub(super) fn note(&self, step: u32, why: String) {
        lock(&self.0).insert(step, why);
    }

    pub(super) fn forget(&self, step: u32) {
        lock(&self.0).remove(&step);
    }

    fn why(&self, step: u32) -> Option<String> {
        lock(&self.0).get(&step).cloned()
    }

    fn take(&self) -> BTreeMap<u32, String> {
        std::mem::take(&mut lock(&self.0))
    }
}

/// Whether GitLab may still be at work on a request: it was sent, and nothing came back that GitLab
/// answers when it is through. A proxy gives up sooner than GitLab does, and so do we.
pub(super) fn may_still_come(error: &heirloom_gitlab::Error) -> bool {
    let is_through = match &error.problem {
        // Its own words, and not those of a server in front of it.
        Problem::Server { status: 500, message } => !message.is_empty(),
        Problem::Decode { .. } | Problem::TooLarge { .. } => true,
        _ => false,
    };
    error.outcome_unknown() && !is_through
}

impl Job {
    /// How a step ends whose answer was lost before, by the row that is there now; none: it was
    /// not, or somebody else was there.
    pub(super) async fn second_look(
        &self,
        planned: &JournalStep,
        found: &Snapshot,
    ) -> Result<Option<End>> {
        let Some(why) = self.lost.why(planned.number) else { return Ok(None) };
        let step = &planned.step;
        let integration = known_kind(&step.slug)?;
        if step.as_far_as_planned(found).same(integration, &step.after) {
            // It was not so when it was sent: it came with all that was in the request.
            self.keep(step).await;
            return Ok(Some(End::of(Outcome::Applied, Some(found.clone()))));
        }
        let (outcome, what) = match step.next_write(integration, found) {
            None => return Ok(None),
            Some(0) => (
                Outcome::Unknown,
                "GitLab’s answer was lost, and the settings are not there, also not at a second \
                 look. They may still come: sync it, and look, before you send them again",
            ),
            Some(_) => (
                Outcome::Failed,
                "Only part of it is done, and the rest may still come: sync it, and look at what \
                 was found, then plan again",
            ),
        };
        let why = Some(format!("{what}: {why}"));
        Ok(Some(End { outcome, why, found: Some(found.clone()) }))
    }

    /// The run is cancelled before the second look: nobody goes on with it, so it is said.
    pub(super) async fn give_up_lost(&self, scribe: &Scribe) -> Result<()> {
        for (number, why) in self.lost.take() {
            let outcome = Outcome::Unknown;
            let why = Some(format!(
                "GitLab’s answer was lost, and the run was cancelled before a second look. It may \
                 still come: sync it, and look: {why}"
            ));
            let at = self.engine.now();
            scribe.ended(Ended { number, outcome, why, found: None, at }).await?;
            self.live.apply.ended(outcome);
        }
        Ok(())
    }
}
