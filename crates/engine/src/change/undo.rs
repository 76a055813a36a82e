//! Taking a run back: a new plan, made from what the journal says was there before.

use heirloom_core::catalog::Integration;
use heirloom_core::ids::Slug;
use heirloom_core::plan::{NoWayBack, Skip, Step, back, decide};
use heirloom_store::Store;
use heirloom_store::app::journal::{JournalStep, NewPlan, Outcome, RunId, Skipped};

use super::plans::{KEPT_FOR, Plan, may_write};
use super::survey::Survey;
use super::{blast, known_kind};
use crate::query::server_version;
use crate::{Engine, Error, Result};

/// Steps taken out of the journal at once.
const WINDOW: u32 = 500;

/// Why a step cannot be taken back.
#[derive(Debug, thiserror::Error)]
enum Stays {
    #[error("it changed since: look at it first")]
    Moved,
    #[error("{0}")]
    NoWayBack(NoWayBack),
    #[error("{0}")]
    Refused(Skip),
    #[error("GitLab no longer has it")]
    Gone,
}

impl Engine {
    /// Plans to take a run back, or some of its steps by number. What else moved since, and what
    /// GitLab's API cannot bring back, is left out and said; secrets that GitLab wants are asked
    /// for, since it never gives them back.
    ///
    /// # Errors
    /// When nothing of it can be taken back, or the connection may not write.
    pub async fn plan_undo(&self, run: RunId, only: Option<Vec<u32>>) -> Result<Plan> {
        let note = self.db(move |store| store.run(run)).await?;
        let connection = self.connection(note.connection).await?;
        may_write(&connection)?;
        let server = server_version(&connection);
        let planned_at = self.now();
        let made = self
            .blocking(move |engine| {
                let store = engine.store();
                let Some(slug) = note.slug.clone() else {
                    return Err(Error::NotPossible("this run changed nothing".into()));
                };
                store.forget_plans(planned_at - KEPT_FOR)?;
                let plan = NewPlan {
                    connection: note.connection,
                    slug: slug.clone(),
                    planned_at,
                    undoes: Some(run),
                };
                let new = store.begin_plan(plan)?;
                let id = note.connection;
                let made = known_kind(&slug).and_then(|integration| {
                    let survey = Survey::new(store, id, integration, &slug, server);
                    let undo = Undo { store, integration, slug: &slug, survey };
                    undo.all(run, new, only.as_deref(), planned_at)?;
                    blast::write_down(store, id, &slug, new)
                });
                match made {
                    Ok(()) => Ok(new),
                    Err(error) => {
                        store.discard_plan(new)?;
                        Err(error)
                    }
                }
            })
            .await?;
        self.show_unless_empty(made).await
    }
}

struct Undo<'a> {
    store: &'a Store,
    integration: &'static Integration,
    slug: &'a Slug,
    survey: Survey<'a>,
}

impl Undo<'_> {
    fn all(&self, run: RunId, new: RunId, only: Option<&[u32]>, at: jiff::Timestamp) -> Result<()> {
        let mut after = 0;
        loop {
            let window = self.store.steps(run, after, WINDOW)?;
            let Some(last) = window.last() else { return Ok(()) };
            after = last.number;
            let (mut steps, mut skipped) = (Vec::new(), Vec::new());
            for done in window {
                let wanted = only.is_none_or(|only| only.contains(&done.number));
                if !wanted || done.outcome != Some(Outcome::Applied) {
                    continue;
                }
                match self.back(&done)? {
                    Ok(step) => {
                        self.survey.takes(&step);
                        steps.push((step, done.path));
                    }
                    Err(Stays::Refused(skip)) if skip.is_so_already() => {}
                    Err(why) => skipped.push(Skipped {
                        scope: done.step.scope,
                        path: done.path,
                        why: why.to_string(),
                    }),
                }
            }
            self.store.add_steps(new, steps, at)?;
            self.store.add_skipped(new, skipped)?;
        }
    }

    fn back(&self, done: &JournalStep) -> Result<std::result::Result<Step, Stays>> {
        let integration = self.integration;
        let found = self.survey.find(done.step.scope)?.filter(|(scope, _)| scope.gone_at.is_none());
        let Some((_, ground)) = found else { return Ok(Err(Stays::Gone)) };
        let left = done.found.as_ref().unwrap_or(&done.step.after);
        if !ground.before.same(integration, left) {
            return Ok(Err(Stays::Moved));
        }
        let default = ground.default.as_ref().map(|(_, row)| row);
        let change = match back(integration, &done.step.before, &ground.before, default) {
            Ok(change) => change,
            Err(why) => return Ok(Err(Stays::NoWayBack(why))),
        };
        Ok(decide(integration, self.slug, &change, &ground).map_err(Stays::Refused))
    }
}
