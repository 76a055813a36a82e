//! Taking a run back: a new plan, made from what the journal says was there before.

use heirloom_core::catalog::Integration;
use heirloom_core::plan::{Besides, NoWayBack, Skip, Snapshot, Step, back, changes};
use heirloom_store::Store;
use heirloom_store::app::journal::{JournalStep, NewPlan, Outcome, RunId, Skipped};
use heirloom_store::cache::integrations::Kept;
use heirloom_store::cache::scopes::Scope;
use jiff::Timestamp;

use super::about::About;
use super::plans::{KEPT_FOR, Plan, may_write, whole};
use super::survey::{Around, Survey, read_at};
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
    #[error("it was sent, and nobody has read since what came of it: sync it first")]
    NotLooked,
    #[error(
        "its settings are as before, but not {0}: GitLab never gives a secret back. Set it anew"
    )]
    SecretsGone(String),
    #[error("{0}")]
    NoWayBack(NoWayBack),
    #[error("{0}")]
    Refused(Skip),
    #[error("GitLab no longer has it")]
    Gone,
}

/// What there is to do about a step.
enum Back {
    /// This.
    Step(Box<Step>),
    /// Nothing: the run changed nothing there.
    Untouched,
    /// Nothing: it is as before.
    AsBefore,
    /// Nothing can be done.
    Stays(Stays),
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
                    begun_at: planned_at,
                    undoes: Some(run),
                };
                let new = store.begin_plan(plan)?;
                let id = note.connection;
                let made = known_kind(&slug).and_then(|integration| {
                    let survey = Survey::new(store, id, integration, &slug, server);
                    let undo = Undo { store, integration, survey };
                    undo.all(run, new, only.as_deref(), planned_at)?;
                    let read_from = undo.survey.read_from();
                    About { read_from, ..About::default() }.note(store, new)?;
                    blast::write_down(store, id, &slug, new)
                });
                whole(store, new, planned_at, made)
            })
            .await?;
        self.show_unless_empty(made).await
    }
}

/// When a row was last seen as it is kept: read, or in a list that showed it unmoved.
fn last_read(scope: &Scope, kept: Option<&Kept>) -> Option<Timestamp> {
    let listed = scope.listed_at.filter(|_| kept.is_none_or(|kept| !kept.fields_outdated));
    kept.and_then(|kept| kept.fields_at.or(Some(kept.flags_at))).max(listed)
}

struct Undo<'a> {
    store: &'a Store,
    integration: &'static Integration,
    survey: Survey<'a>,
}

impl Undo<'_> {
    fn all(&self, run: RunId, new: RunId, only: Option<&[u32]>, at: Timestamp) -> Result<()> {
        let mut writing = self.store.write_plan(new, at);
        let mut after = 0;
        loop {
            let window = self.store.steps(run, after, WINDOW)?;
            let Some(last) = window.last() else { return Ok(writing.finish()?) };
            after = last.number;
            let wanted = |done: &JournalStep| only.is_none_or(|it| it.contains(&done.number));
            let window: Vec<JournalStep> = window.into_iter().filter(wanted).collect();
            let scopes: Vec<_> = window.iter().map(|done| done.step.scope).collect();
            let around = self.survey.around(&scopes)?;
            for done in window {
                match self.back(&done, &around)? {
                    Back::Step(step) => {
                        self.survey.takes(&step);
                        writing.step(*step, done.path)?;
                    }
                    Back::Untouched => {}
                    Back::AsBefore => writing.same(),
                    Back::Stays(why) => writing.skip(Skipped {
                        scope: done.step.scope,
                        path: done.path,
                        why: why.to_string(),
                    })?,
                }
            }
        }
    }

    fn back(&self, done: &JournalStep, around: &Around<'_>) -> Result<Back> {
        let integration = self.integration;
        let found = around.find(done.step.scope)?.filter(|(scope, _)| scope.gone_at.is_none());
        let Some((scope, ground)) = found else {
            let touched = done.sent_at.is_some() && done.outcome != Some(Outcome::Refused);
            return Ok(if touched { Back::Stays(Stays::Gone) } else { Back::Untouched });
        };
        let kept = around.kept(done.step.scope);
        let left = match self.left(done, &ground.before, last_read(scope, kept)) {
            Ok(left) => left,
            Err(end) => return Ok(end),
        };
        if !ground.before.same(integration, &left) {
            return Ok(Back::Stays(Stays::Moved));
        }
        let default = ground.default.as_ref().map(|(_, row)| row);
        let change = match back(integration, &done.step.before, &ground.before, default) {
            Ok(change) => change,
            Err(why) => return Ok(Back::Stays(Stays::NoWayBack(why))),
        };
        Ok(match self.survey.decide(&change, &ground) {
            Ok(mut step) => {
                self.note_moved_default(&mut step, done);
                self.survey.rests_on(read_at(scope, around.kept(step.scope)));
                Back::Step(Box::new(step))
            }
            Err(why) if why.is_so_already() && self.replaced_secrets(done) => {
                let titles = done.step.secrets.iter().map(|name| self.title(name));
                Back::Stays(Stays::SecretsGone(titles.collect::<Vec<_>>().join(", ")))
            }
            Err(why) if why.is_so_already() => Back::AsBefore,
            Err(why) => Back::Stays(Stays::Refused(why)),
        })
    }

    /// The row as the run left it, by what was read then, or since.
    fn left(
        &self,
        done: &JournalStep,
        now: &Snapshot,
        read: Option<Timestamp>,
    ) -> std::result::Result<Snapshot, Back> {
        let step = &done.step;
        let untouched = |row: &Snapshot| row.same(self.integration, &step.before);
        let as_planned =
            |row: &Snapshot| step.as_far_as_planned(row).same(self.integration, &step.after);
        // What comes of this step alone, and of nobody else.
        let is_its_own =
            |row: &Snapshot| as_planned(row) || step.next_write(self.integration, row).is_some();
        match (done.outcome, &done.found) {
            (Some(Outcome::Already | Outcome::Refused), _) => Err(Back::Untouched),
            (Some(Outcome::Applied), found) => {
                Ok(found.clone().unwrap_or_else(|| step.after.clone()))
            }
            _ if done.sent_at.is_none() => Err(Back::Untouched),
            // Somebody else’s, over whatever was sent.
            (Some(Outcome::Conflict), _) => Err(Back::Stays(Stays::Moved)),
            (Some(Outcome::Failed), None) => Err(Back::Untouched),
            (Some(Outcome::Failed | Outcome::Unknown), Some(found))
                if !untouched(found) && now.same(self.integration, found) =>
            {
                Ok(found.clone())
            }
            // It may have come, or been brought to its end, after that look.
            (Some(Outcome::Failed), Some(found)) => {
                if untouched(found) && untouched(now) {
                    Err(Back::Untouched)
                } else if is_its_own(now) {
                    Ok(now.clone())
                } else {
                    Err(Back::Stays(Stays::Moved))
                }
            }
            (Some(Outcome::Unknown) | None, _) => {
                // Nor is the look that ended it enough: what is late comes after that.
                if read <= done.ended_at.or(done.sent_at) {
                    Err(Back::Stays(Stays::NotLooked))
                } else if untouched(now) && step.secrets.is_empty() {
                    Err(Back::Untouched)
                } else if is_its_own(now) {
                    Ok(now.clone())
                } else {
                    Err(Back::Stays(Stays::Moved))
                }
            }
        }
    }

    /// Secrets may have been replaced that GitLab had.
    fn replaced_secrets(&self, done: &JournalStep) -> bool {
        !done.step.secrets.is_empty() && done.step.before != Snapshot::Nothing
    }

    fn title<'a>(&self, field: &'a str) -> &'a str {
        self.integration.field(field).map_or(field, |it| it.title)
    }

    /// Back to default settings that are others now.
    fn note_moved_default(&self, step: &mut Step, done: &JournalStep) {
        if step.source.is_none() {
            return;
        }
        let lost = changes(self.integration, &done.step.before, &step.after);
        if !lost.is_empty() {
            let settings = lost.into_iter().map(|pair| pair.name).collect();
            step.besides.push(Besides::DefaultMoved { settings });
        }
    }
}
