//! One step: read again, compare, write, read back.

use std::collections::BTreeSet;

use heirloom_core::catalog;
use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_core::plan::{Action, Snapshot, Step, Write};
use heirloom_core::settings::Settings;
use heirloom_gitlab::dto::IntegrationDetail;
use heirloom_store::app::history::Cause;
use heirloom_store::app::journal::{Ended, JournalStep, Outcome};
use secrecy::SecretString;

use super::Job;
use super::end::{End, moved, so_far};
use super::lost::may_still_come;
use super::scribe::Scribe;
use super::send::{Sent, Typed, hinders_writes};
use super::source::Default;
use crate::Result;
use crate::change::known_kind;
use crate::engine::lock;
use crate::sync::flags::reading;

impl Job {
    /// Does a step and writes down how it ended; none: it is left open, since nothing can be done
    /// for now.
    pub(super) async fn step(
        &self,
        step: JournalStep,
        undone: &BTreeSet<ScopeKey>,
        scribe: &Scribe,
    ) -> Result<Option<Outcome>> {
        // What was sent before is looked at, whatever became of the groups above.
        let elsewhere = match step.sent_at {
            None => self.elsewhere(&step.step, undone).await?,
            Some(_) => None,
        };
        let end = match elsewhere {
            Some(group) => End::nothing_sent(&format_args!(
                "{group} above it was not changed as planned, and the settings would come from \
                 elsewhere"
            )),
            None => match self.attempt(&step, scribe).await? {
                Some(end) => end,
                None => return Ok(None),
            },
        };
        let outcome = end.outcome;
        // Before the end is written down: killed in between, the step is open and all of it is
        // done again, while what follows an end would be done by nobody.
        let (scope, slug) = (step.step.scope, step.step.slug.clone());
        scribe.link(scope, slug.clone()).await?;
        let done = matches!(outcome, Outcome::Applied | Outcome::Already);
        let (engine, connection) = (&self.engine, &self.connection);
        if done && step.step.action == Action::SetCustom {
            let rows = end.found.iter().chain([&step.step.after]).cloned().collect();
            engine.discard_sent_draft(connection, scope, slug, rows).await?;
        }
        self.keeper.clear(engine, connection, &self.recall, &step.step).await?;
        let at = engine.now();
        let ended = Ended { number: step.number, outcome, why: end.why, found: end.found, at };
        scribe.ended(ended).await?;
        self.sources.forget(scope);
        self.lost.forget(step.number);
        Ok(Some(outcome))
    }

    /// The group on the way to a step's default whose own step was not done, by path: GitLab takes
    /// the default from the nearest group that has settings of its own (contract, section 2), and
    /// that is another one now.
    async fn elsewhere(&self, step: &Step, undone: &BTreeSet<ScopeKey>) -> Result<Option<String>> {
        let Some(source) = step.source.filter(|_| !undone.is_empty()) else { return Ok(None) };
        let (id, scope) = (self.connection.id, step.scope);
        let lineage = self.engine.db(move |store| store.lineage(id, scope)).await?;
        for above in lineage.into_iter().rev().skip(1).map(|it| it.listed) {
            if undone.contains(&above.key) {
                return Ok(Some(above.path));
            }
            if above.key == source {
                break;
            }
        }
        Ok(None)
    }

    /// Where a scope is by now, if the local copy knows it under another path than the plan shows:
    /// it was renamed, or moved to where other defaults hold.
    async fn moved_to(&self, planned: &JournalStep) -> Result<Option<String>> {
        let (id, scope) = (self.connection.id, planned.step.scope);
        let path = self.engine.db(move |store| store.scope(id, scope)).await?.listed.path;
        Ok(Some(path).filter(|path| *path != planned.path))
    }

    async fn attempt(&self, planned: &JournalStep, scribe: &Scribe) -> Result<Option<End>> {
        let step = &planned.step;
        let integration = known_kind(&step.slug)?;
        // What is begun is ended wherever it is.
        if planned.sent_at.is_none()
            && let Some(path) = self.moved_to(planned).await?
        {
            let why = format!(
                "It is at {path} by now, and was at {} when the plan was made. Nothing was sent",
                planned.path
            );
            return Ok(Some(End { outcome: Outcome::Conflict, why: Some(why), found: None }));
        }
        let found = match self.look((step.scope, &step.slug), Cause::Reading, scribe).await? {
            Ok(found) => found,
            Err(error) if self.keeps_open(&error, planned.sent_at.is_some()) => return Ok(None),
            Err(error) if planned.sent_at.is_some() => return Ok(Some(End::unread(&error))),
            Err(error) => return Ok(Some(End::failed(&error))),
        };
        if let Some(end) = self.second_look(planned, &found).await? {
            return Ok(Some(end));
        }
        let as_planned = step.as_far_as_planned(&found).same(integration, &step.after);
        if as_planned && step.shows_when_done() {
            let outcome =
                if planned.sent_at.is_some() { Outcome::Applied } else { Outcome::Already };
            return Ok(Some(End::of(outcome, Some(found))));
        }
        // What is there is this step's own doing only if it was begun.
        let next = step.next_write(integration, &found);
        let Some(next) = next.filter(|next| *next == 0 || planned.sent_at.is_some()) else {
            if as_planned && planned.sent_at.is_some() {
                return Ok(Some(End {
                    outcome: Outcome::Unknown,
                    why: Some(
                        "It was sent, and the settings are there. Whether GitLab took the \
                         secrets, too, cannot be read"
                            .into(),
                    ),
                    found: Some(found),
                }));
            }
            return Ok(Some(End {
                outcome: Outcome::Conflict,
                why: Some(moved(planned, &found)),
                found: Some(found),
            }));
        };
        let mut secrets = Typed::new();
        if step.writes.iter().skip(next).any(Write::takes_secrets) {
            for field in &step.secrets {
                match self.secret(step, field).await {
                    Ok(value) => secrets.insert(field.clone(), value),
                    Err(why) => {
                        let title = integration.field(field).map_or(field.as_str(), |it| it.title);
                        // Nothing but secrets was to change: the row looks the same either way.
                        let (outcome, what) = if as_planned && planned.sent_at.is_some() {
                            let what = "It was sent before, and whether GitLab took the secrets \
                                        cannot be read. They are not sent again";
                            (Outcome::Unknown, what)
                        } else {
                            (Outcome::Failed, so_far(planned, next))
                        };
                        let why = Some(format!("{what}: {title} {why}"));
                        return Ok(Some(End { outcome, why, found: Some(found) }));
                    }
                };
            }
        }
        match self.default_now(step, scribe).await? {
            Default::AsPlanned => {}
            Default::NotYet => return Ok(None),
            Default::Moved(what) => {
                let so_far = so_far(planned, next);
                let why = format!(
                    "The default settings moved in GitLab after the plan was made ({what}). \
                     {so_far}"
                );
                let found = Some(found);
                return Ok(Some(End { outcome: Outcome::Conflict, why: Some(why), found }));
            }
            Default::Unread(error) if self.keeps_open(&error, false) => return Ok(None),
            Default::Unread(error) => {
                let so_far = so_far(planned, next);
                let why =
                    format!("{so_far}: the default settings could not be read: {}", error.problem);
                let (outcome, found) = (Outcome::Failed, Some(found));
                return Ok(Some(End { outcome, why: Some(why), found }));
            }
        }
        let (engine, connection, keeper) = (&self.engine, &self.connection, &self.keeper);
        let doubted = keeper.doubt(engine, connection, &self.recall, step, &self.secrets).await?;
        scribe.sent(planned.number).await?;
        let error = match self.send(step, next, &secrets).await {
            Sent::All => None,
            Sent::Perhaps(error) => Some(error),
            Sent::Nothing(error) => {
                engine.saw(connection.id, Some(&error));
                keeper.trust(engine, connection, &doubted).await?;
                // Nothing was changed: what would stop the others, too, is no answer to this one.
                if !self.keeps_open(&error, false) {
                    return Ok(Some(End::refused(&error)));
                }
                if planned.sent_at.is_none() {
                    scribe.not_sent(planned.number).await?;
                }
                return Ok(None);
            }
        };
        // What GitLab answers to a PUT may be stale (contract, section 2): only a new reading tells.
        let back = match self.look((step.scope, &step.slug), Cause::Run(self.run), scribe).await? {
            Ok(back) => back,
            Err(later) => {
                // Marked as sent, it is looked at again before the run ends.
                let again = self.keeps_open(&later, true) || !(self.alone || later.is_cancelled());
                let why = error.as_ref().unwrap_or(&later);
                return Ok((!again).then(|| End::unread(why)));
            }
        };
        let told = step.as_far_as_planned(&back);
        if told.same(integration, &step.after) {
            return Ok(Some(match error {
                // It looked so before: nothing tells whether the secrets arrived.
                Some(error) if as_planned => End {
                    outcome: Outcome::Unknown,
                    why: Some(format!(
                        "GitLab’s answer was lost. Whether it took the secrets cannot be read: \
                         send them again to be sure: {}",
                        error.problem
                    )),
                    found: Some(back),
                },
                _ => {
                    self.keep(step).await;
                    End::of(Outcome::Applied, Some(back))
                }
            }));
        }
        if let Some(error) =
            error.as_ref().filter(|error| hinders_writes(error) || error.is_cancelled())
            && step.next_write(integration, &back).is_some()
            && self.keeps_open(error, true)
        {
            return Ok(None);
        }
        if let Some(error) = error.as_ref().filter(|error| may_still_come(error))
            && step.next_write(integration, &back).is_some()
        {
            // Marked as sent, and left open for a second look.
            self.lost.note(planned.number, error.problem.to_string());
            return Ok(None);
        }
        let (outcome, why) = match error {
            // A request failed, and what is there is not what was planned.
            Some(error) => {
                let (outcome, what) = match step.next_write(integration, &back) {
                    Some(0) => (Outcome::Failed, "It was sent, and the settings are not there"),
                    Some(_) => (
                        Outcome::Failed,
                        "Only part of it is done: look at what was found, then plan again",
                    ),
                    None => (
                        Outcome::Conflict,
                        "GitLab’s answer was lost, and what is there is neither what was planned \
                         nor what was there before: look at it, then plan again",
                    ),
                };
                (outcome, format!("{what}: {}", error.problem))
            }
            None => {
                self.keep(step).await;
                let why = "GitLab took it, and stored something else than was planned";
                (Outcome::Applied, why.into())
            }
        };
        Ok(Some(End { outcome, why: Some(why), found: Some(back) }))
    }

    /// A step's secret: as typed, else as the keychain remembers it; or what to say in its place.
    async fn secret(&self, step: &Step, field: &str) -> std::result::Result<SecretString, String> {
        if let Some(typed) = self.secrets.get(step.scope, field) {
            return Ok(typed.clone());
        }
        if !self.recall.has(step, field) {
            return Err("was not entered".into());
        }
        let place = self.engine.secret_place(&self.connection.details);
        match self.keeper.recall(place, step, field).await {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err("is not in the keychain any more: enter it".into()),
            Err(why) => Err(format!("is remembered, and could not be fetched: {why}")),
        }
    }

    /// Lets the keychain remember what was typed for a step that was applied. That it cannot is
    /// said with the run, and undoes nothing.
    pub(super) async fn keep(&self, step: &Step) {
        if !self.secrets.to_remember() {
            return;
        }
        let (engine, connection) = (&self.engine, &self.connection);
        if let Err(why) = self.keeper.keep(engine, connection, step, &self.secrets).await {
            lock(&self.not_remembered).get_or_insert_with(|| why.to_string());
        }
    }

    /// Whether an error leaves a step open: what hinders the whole run holds it, and what was cut
    /// off in its waiting because the run stops is done later. `begun`: something of it was sent;
    /// then that is said of it if there is no later.
    fn keeps_open(&self, error: &heirloom_gitlab::Error, begun: bool) -> bool {
        if error.is_cancelled() {
            return !(begun && self.live.apply.cancelled());
        }
        self.holds(error)
    }

    /// Whether an error holds the run, which then is held. Alone, a step fails by itself; among
    /// many, a server that is gone or takes no changes, or a token that is refused, would fail all
    /// of them.
    fn holds(&self, error: &heirloom_gitlab::Error) -> bool {
        let holds = !self.alone && (error.is_offline() || hinders_writes(error));
        if holds {
            let why = format!("Held: {}. What was not done can still be done", error.problem);
            self.live.apply.hold(why);
        }
        holds
    }

    /// Reads a row as it is now, into the cache and as a snapshot.
    pub(super) async fn look(
        &self,
        (scope, slug): (ScopeKey, &Slug),
        cause: Cause,
        scribe: &Scribe,
    ) -> Result<std::result::Result<Snapshot, heirloom_gitlab::Error>> {
        let client = if let Cause::Run(_) = cause { &self.ending } else { &self.client };
        let detail = match client.integration(scope, slug).await {
            Ok(detail) => detail,
            Err(error) => {
                self.engine.saw(self.connection.id, Some(&error));
                return Ok(Err(error));
            }
        };
        self.engine.saw(self.connection.id, None);
        let snapshot = snapshot_of(slug, detail.as_ref());
        let found = reading(scope, slug, detail, self.engine.now());
        scribe.read(cause, found).await?;
        Ok(Ok(snapshot))
    }
}

fn snapshot_of(slug: &Slug, detail: Option<&IntegrationDetail>) -> Snapshot {
    detail.map_or(Snapshot::Nothing, |detail| Snapshot::Stored {
        inherited: detail.row.inherited.unwrap_or_default(),
        active: detail.row.active,
        settings: Settings {
            fields: catalog::allowed::readable(slug, &detail.properties),
            events: detail.row.events.clone(),
        },
    })
}
