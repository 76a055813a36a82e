//! What did not work, once more: a new plan for those steps, on what the local copy has now. A row
//! that moved is in it with what it has now, so that a person sees both before anything is sent.

use heirloom_core::plan::{Action, Change, Step};
use heirloom_store::app::journal::{
    JournalStep, NewPlan, Outcome, RunId, RunState, Skipped, StepFilter, Which,
};

use super::about::About;
use super::plans::{KEPT_FOR, Plan, may_write, whole};
use super::survey::{Around, Survey, read_at};
use super::{blast, known_kind};
use crate::query::server_version;
use crate::{Engine, Result};

/// Steps taken out of the journal at once.
const WINDOW: u32 = 500;

impl Engine {
    /// Plans those steps of a run again that did not simply work, or those of them by number; of a
    /// run that is over, those that were never done as well. A repeat of what takes a run back
    /// takes that run back, too.
    ///
    /// # Errors
    /// When nothing is left to do, or the connection may not write.
    pub async fn plan_again(&self, run: RunId, only: Option<Vec<u32>>) -> Result<Plan> {
        let note = self.db(move |store| store.run(run)).await?;
        let connection = self.connection(note.connection).await?;
        may_write(&connection)?;
        let server = server_version(&connection);
        let planned_at = self.now();
        let made = self
            .blocking(move |engine| {
                let store = engine.store();
                let slug = note.slug.clone().ok_or_else(super::plans::gone)?;
                let id = note.connection;
                store.forget_plans(planned_at - KEPT_FOR)?;
                let plan = NewPlan {
                    connection: id,
                    slug: slug.clone(),
                    begun_at: planned_at,
                    undoes: note.undoes,
                };
                let new = store.begin_plan(plan)?;
                let typed_only = About::noted(&note).typed_only;
                let about = About { again: Some(run), typed_only, ..About::default() };
                // What a run that is not over has still to do, it can go on with.
                let over = note.state == RunState::Ended;
                let which = if over { Which::Again } else { Which::NeedsYou };
                let integration = known_kind(&slug)?;
                let survey = Survey::new(store, id, integration, &slug, server);
                let made = all(&survey, (run, which), new, only.as_deref(), planned_at)
                    .and_then(|()| {
                        About { read_from: survey.read_from(), ..about }.note(store, new)
                    })
                    .and_then(|()| blast::write_down(store, id, &slug, new));
                whole(store, new, planned_at, made)
            })
            .await?;
        self.show_unless_empty(made).await
    }

    /// Leaves steps that did not simply work as GitLab has them: they need nobody any more.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn keep_steps(&self, run: RunId, numbers: Vec<u32>) -> Result<()> {
        let now = self.now();
        self.db(move |store| store.keep_steps(run, numbers, now)).await?;
        self.changed();
        Ok(())
    }
}

fn all(
    survey: &Survey<'_>,
    (run, which): (RunId, Which),
    new: RunId,
    only: Option<&[u32]>,
    at: jiff::Timestamp,
) -> Result<()> {
    let store = survey.store;
    let filter = StepFilter { which, ..StepFilter::default() };
    let mut writing = store.write_plan(new, at);
    let mut past = 0;
    loop {
        let window = store.next_steps(run, &filter, past, WINDOW)?;
        let Some(last) = window.last() else { return Ok(writing.finish()?) };
        past = last.number;
        let wanted = |it: &JournalStep| {
            let asked = only.is_none_or(|only| only.contains(&it.number));
            asked && it.outcome != Some(Outcome::Applied)
        };
        let window: Vec<JournalStep> = window.into_iter().filter(wanted).collect();
        let scopes: Vec<_> = window.iter().map(|it| it.step.scope).collect();
        let around = survey.around(&scopes)?;
        for it in window {
            let scope = it.step.scope;
            match once_more(survey, &around, &it)? {
                Ok(step) => {
                    // Whatever it does to a group: those below that use default settings, too,
                    // are given what it leaves.
                    survey.takes(&step);
                    writing.step(step, it.path)?;
                }
                Err(Some(why)) => writing.skip(Skipped { scope, path: it.path, why })?,
                Err(None) => writing.same(),
            }
        }
    }
}

/// The step as it would be now; else why not, or nothing where it is so already.
fn once_more(
    survey: &Survey<'_>,
    around: &Around<'_>,
    done: &JournalStep,
) -> Result<std::result::Result<Step, Option<String>>> {
    let found = around.find(done.step.scope)?.filter(|(scope, _)| scope.gone_at.is_none());
    let Some((scope, ground)) = found else {
        return Ok(Err(Some("GitLab no longer has it".into())));
    };
    let change = match done.step.action {
        Action::UseDefault => Change::UseDefault,
        Action::Disable => Change::Disable,
        Action::Enable => Change::Enable,
        // What it never meant to touch stays as it is now.
        Action::SetCustom => Change::SetCustom {
            draft: done.step.draft(survey.integration),
            typed: done.step.secrets.clone(),
        },
    };
    Ok(match survey.decide(&change, &ground) {
        Ok(step) => {
            survey.rests_on(read_at(scope, around.kept(step.scope)));
            Ok(step)
        }
        Err(skip) if skip.is_so_already() => Err(None),
        Err(skip) => Err(Some(skip.to_string())),
    })
}
