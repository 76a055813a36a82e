//! Applying a plan: journal, read again, write, read back, journal, cache.

use heirloom_core::catalog;
use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_core::plan::{Action, Snapshot, Step, Write, changes};
use heirloom_core::settings::{Pair, Settings};
use heirloom_gitlab::dto::IntegrationDetail;
use heirloom_gitlab::{Client, Problem};
use heirloom_store::app::history::Cause;
use heirloom_store::app::journal::{Outcome, RunId};
use heirloom_store::cache::scopes::Scope;
use secrecy::ExposeSecret as _;
use serde_json::Value as Json;

use super::plans::{Confirm, PlannedStep, Secrets, may_write};
use crate::locks::{self, Work};
use crate::sync::flags::reading;
use crate::{Engine, Error, Result};

/// What came of a plan.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its number in the journal.
    pub id: RunId,
    /// Each step, in order.
    pub outcomes: Vec<StepOutcome>,
}

/// What came of a step.
#[derive(Clone, Debug)]
pub struct StepOutcome {
    /// Its number, from 1.
    pub number: u32,
    /// Where.
    pub scope: Scope,
    /// How it ended.
    pub outcome: Outcome,
    /// GitLab's words and ours, where it did not simply work.
    pub why: Option<String>,
    /// Applied: what was read back, where it is not as planned (planned, found). Conflict: what
    /// moved since (planned on, found).
    pub unexpected: Vec<Pair>,
}

struct Ended {
    outcome: Outcome,
    why: Option<String>,
    unexpected: Vec<Pair>,
    found: Option<Snapshot>,
}

impl Engine {
    /// Applies a plan, once. `typed_count` is the number typed where the plan asks for one.
    ///
    /// # Errors
    /// Before anything is sent: the plan is gone or old, the confirmation does not fit, a secret
    /// is missing, the connection may not write, another apply runs, or the journal cannot be
    /// written. What happens to single steps is no error: it is in the run.
    pub async fn apply(
        &self,
        plan: &str,
        secrets: Secrets,
        typed_count: Option<u32>,
    ) -> Result<Run> {
        let plan = self.take_plan(plan)?;
        if let Confirm::TypeCount(count) = plan.confirm
            && typed_count != Some(count)
        {
            return Err(Error::PlanOutdated(format!(
                "Type {count} to confirm. Make the plan again"
            )));
        }
        let id = plan.connection;
        let connection = self.connection(id).await?;
        may_write(&connection)?;
        for planned in &plan.steps {
            for name in &planned.step.secrets {
                if secrets.get(name).is_none_or(|value| value.expose_secret().is_empty()) {
                    return Err(Error::Invalid {
                        field: name.clone(),
                        message: "must be entered to save".into(),
                    });
                }
            }
        }
        let client = self.client(&connection).await?;
        let _held = locks::take(self.store().folder(), id, Work::Apply)?;
        let steps = plan
            .steps
            .iter()
            .map(|planned| (planned.step.clone(), planned.scope.listed.path.clone()))
            .collect();
        let now = self.now();
        let run = self.db(move |store| store.begin_run(id, steps, now)).await?;
        let mut outcomes = Vec::with_capacity(plan.steps.len());
        for (number, planned) in (1..).zip(plan.steps) {
            let ended = self.apply_step(id, run, &client, &planned, &secrets).await?;
            self.settle(id, run, number, &planned, &ended).await?;
            outcomes.push(StepOutcome {
                number,
                scope: planned.scope,
                outcome: ended.outcome,
                why: ended.why,
                unexpected: ended.unexpected,
            });
        }
        let now = self.now();
        self.db(move |store| store.end_run(run, now)).await?;
        self.changed();
        Ok(Run { id: run, outcomes })
    }

    async fn apply_step(
        &self,
        id: ConnectionId,
        run: RunId,
        client: &Client,
        planned: &PlannedStep,
        secrets: &Secrets,
    ) -> Result<Ended> {
        let step = &planned.step;
        let integration = planned.integration;
        // What differs now from what was read before was not done by this run.
        let found = match self.look(id, client, step.scope, &step.slug, Cause::Reading).await? {
            Ok(found) => found,
            Err(error) => return Ok(Ended::failed(&error)),
        };
        let already = step.as_far_as_planned(&found).same(integration, &step.after);
        if step.secrets.is_empty() && already {
            return Ok(Ended::of(Outcome::Already, Some(found)));
        }
        if !found.same(integration, &step.before) {
            return Ok(Ended {
                outcome: Outcome::Conflict,
                why: Some(moved(&step.before, &found)),
                unexpected: changes(integration, &step.before, &found),
                found: Some(found),
            });
        }
        let error = match send(client, step, secrets).await {
            Sent::All => None,
            Sent::Perhaps(error) => Some(error),
            Sent::Nothing(error) => {
                self.saw(id, Some(&error));
                return Ok(Ended::refused(&error));
            }
        };
        // What GitLab answers to a PUT may be stale (contract, section 2): only a new reading tells.
        let back = match self.look(id, client, step.scope, &step.slug, Cause::Run(run)).await? {
            Ok(back) => back,
            Err(later) => {
                let why = error.as_ref().map_or(&later.problem, |first| &first.problem);
                return Ok(Ended {
                    outcome: Outcome::Unknown,
                    why: Some(format!("It was sent, and could not be read back: {why}")),
                    unexpected: Vec::new(),
                    found: None,
                });
            }
        };
        let told = step.as_far_as_planned(&back);
        if told.same(integration, &step.after) {
            return Ok(Ended::of(Outcome::Applied, Some(back)));
        }
        let unexpected = changes(integration, &step.after, &told);
        match error {
            // An answer was lost or a request failed, and what is there is not what was planned.
            Some(error) => {
                let untouched = back.same(integration, &step.before);
                let what = if untouched {
                    "GitLab’s answer was lost, and the settings are not there"
                } else {
                    "Only part of it is done: look at what was found, then plan again"
                };
                Ok(Ended {
                    outcome: Outcome::Failed,
                    why: Some(format!("{what}: {}", error.problem)),
                    unexpected: if untouched { Vec::new() } else { unexpected },
                    found: Some(back),
                })
            }
            None => Ok(Ended {
                outcome: Outcome::Applied,
                why: Some("GitLab took it, and stored something else than was planned".into()),
                unexpected,
                found: Some(back),
            }),
        }
    }

    /// Reads a row as it is now, into the cache and as a snapshot.
    async fn look(
        &self,
        id: ConnectionId,
        client: &Client,
        scope: ScopeKey,
        slug: &Slug,
        cause: Cause,
    ) -> Result<std::result::Result<Snapshot, heirloom_gitlab::Error>> {
        let detail = match client.integration(scope, slug).await {
            Ok(detail) => detail,
            Err(error) => {
                self.saw(id, Some(&error));
                return Ok(Err(error));
            }
        };
        self.saw(id, None);
        let snapshot = snapshot_of(slug, detail.as_ref());
        let found = reading(scope, slug, detail, self.now());
        self.db(move |store| store.take_values(id, cause, vec![found])).await?;
        Ok(Ok(snapshot))
    }

    async fn settle(
        &self,
        id: ConnectionId,
        run: RunId,
        number: u32,
        planned: &PlannedStep,
        ended: &Ended,
    ) -> Result<()> {
        let (outcome, why, found, now) =
            (ended.outcome, ended.why.clone(), ended.found.clone(), self.now());
        self.db(move |store| store.end_step(run, number, outcome, why, found, now)).await?;
        let step = &planned.step;
        self.relink(id, step.scope, &step.slug, Cause::Run(run)).await?;
        let done = matches!(outcome, Outcome::Applied | Outcome::Already);
        if done && step.action == Action::SetCustom {
            self.discard_draft(id, step.scope, step.slug.clone()).await?;
        }
        Ok(())
    }
}

/// How far a step's requests got.
enum Sent {
    All,
    /// A request got no answer, or one failed after another had done its part.
    Perhaps(heirloom_gitlab::Error),
    /// Surely nothing was changed.
    Nothing(heirloom_gitlab::Error),
}

/// How often a DELETE is sent: it may be repeated without harm, and stopping before it would leave
/// a row half done.
const DELETES: u32 = 3;

async fn send(client: &Client, step: &Step, secrets: &Secrets) -> Sent {
    let mut done = false;
    for write in &step.writes {
        let sent = match write {
            Write::Put { body } => {
                let mut body = body.clone();
                for name in &step.secrets {
                    if let Some(value) = secrets.get(name) {
                        body.insert(name.clone(), Json::from(value.expose_secret()));
                    }
                }
                client.put_integration(step.scope, &step.slug, &body).await.map(drop)
            }
            Write::Delete => delete(client, step).await,
        };
        match sent {
            Ok(()) => done = true,
            Err(error) if done || error.outcome_unknown() => return Sent::Perhaps(error),
            Err(error) => return Sent::Nothing(error),
        }
    }
    Sent::All
}

async fn delete(client: &Client, step: &Step) -> heirloom_gitlab::Result<()> {
    let mut left = DELETES;
    loop {
        left -= 1;
        match client.delete_integration(step.scope, &step.slug).await {
            Err(error) if error.outcome_unknown() && left > 0 => {}
            answer => return answer,
        }
    }
}

impl Ended {
    fn of(outcome: Outcome, found: Option<Snapshot>) -> Self {
        Self { outcome, why: None, unexpected: Vec::new(), found }
    }

    fn failed(error: &heirloom_gitlab::Error) -> Self {
        let why = Some(format!("Nothing was sent: {}", error.problem));
        Self { outcome: Outcome::Failed, why, unexpected: Vec::new(), found: None }
    }

    /// The write itself did not go through, and surely changed nothing.
    fn refused(error: &heirloom_gitlab::Error) -> Self {
        let outcome = match error.problem {
            Problem::Refused { .. }
            | Problem::Forbidden { .. }
            | Problem::InsufficientScope { .. }
            | Problem::NotFound { .. }
            | Problem::Unauthorized
            | Problem::TokenExpired
            | Problem::TokenRevoked => Outcome::Refused,
            _ => Outcome::Failed,
        };
        let why = Some(format!("Nothing was changed: {}", error.problem));
        Self { outcome, why, unexpected: Vec::new(), found: None }
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

fn moved(planned: &Snapshot, found: &Snapshot) -> String {
    let what = match (planned, found) {
        (Snapshot::Nothing, Snapshot::Stored { .. }) => "a row was made",
        (Snapshot::Stored { .. }, Snapshot::Nothing) => "the row is gone",
        _ if planned.inherited() != found.inherited() => "it went to other settings",
        _ if planned.active() != found.active() => "it was switched on or off",
        _ => "settings changed",
    };
    format!("It moved in GitLab after the plan was made ({what}). Nothing was sent")
}
