//! Plans: made from what GitLab has now, looked at, then applied once or thrown away.

use std::collections::HashMap;
use std::sync::Mutex;

use heirloom_core::catalog::Integration;
use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_core::plan::{Refusal, Step, use_default};
use heirloom_core::row::{Agrees, Known, Link, Row};
use heirloom_core::settings::Settings;
use heirloom_store::app::connections::{Access, Connection, Safety};
use heirloom_store::cache::scopes::Scope;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;

use super::blast::Blast;
use super::ground::Ground;
use super::refresh::named;
use super::{known_kind, snapshot};
use crate::engine::lock;
use crate::query::items::version_why;
use crate::query::{Default, Item, server_version};
use crate::{Engine, Error, Result};

/// How long a plan may lie before its data is too old.
const LIFETIME: SignedDuration = SignedDuration::from_mins(60);

/// Scopes that one change may touch before the number must be typed.
const LARGE: u32 = 25;

/// Secret values for an apply, by field. In memory only.
pub type Secrets = HashMap<String, SecretString>;

/// What to plan.
#[derive(Clone, Debug)]
pub enum Request {
    /// Back to the default settings.
    UseDefault {
        /// Where.
        scope: ScopeKey,
        /// Which integration.
        slug: Slug,
    },
    /// Custom settings.
    SetCustom {
        /// Where.
        scope: ScopeKey,
        /// Which integration.
        slug: Slug,
        /// The settings; none: the kept draft.
        settings: Option<Settings>,
        /// Secret fields that will be given new values.
        typed: Vec<String>,
    },
    /// Switched off.
    Disable {
        /// Where.
        scope: ScopeKey,
        /// Which integration.
        slug: Slug,
    },
}

/// A plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Names it for [`Engine::apply`].
    pub id: String,
    /// The connection.
    pub connection: ConnectionId,
    /// When it was made, and its data read.
    pub made_at: Timestamp,
    /// What would be sent.
    pub steps: Vec<PlannedStep>,
    /// Who else is touched.
    pub blast: Blast,
    /// How it must be confirmed.
    pub confirm: Confirm,
}

/// A step with what is needed to show it.
#[derive(Clone, Debug)]
pub struct PlannedStep {
    /// The write.
    pub step: Step,
    /// The integration.
    pub integration: &'static Integration,
    /// Where.
    pub scope: Scope,
    /// Where the settings come from, for *use default settings*.
    pub source: Option<Scope>,
}

/// How a plan must be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// By a button.
    Dialog,
    /// By typing the number of scopes that change.
    TypeCount(u32),
}

/// Plans made and not yet applied.
#[derive(Default)]
pub(crate) struct Plans {
    made: Mutex<(u64, HashMap<String, Plan>)>,
}

impl Plans {
    fn keep(&self, mut plan: Plan) -> Plan {
        let mut made = lock(&self.made);
        made.0 += 1;
        plan.id = format!("plan-{}", made.0);
        made.1.insert(plan.id.clone(), plan.clone());
        plan
    }

    fn connection(&self, id: &str) -> Option<ConnectionId> {
        lock(&self.made).1.get(id).map(|plan| plan.connection)
    }

    /// A plan is applied once at most: taking it is what prevents the second time.
    fn take(&self, id: &str) -> Option<Plan> {
        lock(&self.made).1.remove(id)
    }
}

impl Plan {
    /// Requests it will send: each step is read again, written and read back.
    pub fn requests(&self) -> u32 {
        let requests: usize = self.steps.iter().map(|step| 2 + step.step.writes.len()).sum();
        u32::try_from(requests).unwrap_or(u32::MAX)
    }
}

impl Engine {
    /// Plans a change, after reading again what it rests on.
    ///
    /// # Errors
    /// When the connection may not write, GitLab does not answer, the draft has problems, or the
    /// change is not possible there.
    pub async fn plan(&self, id: ConnectionId, request: Request) -> Result<Plan> {
        let connection = self.connection(id).await?;
        may_write(&connection)?;
        let client = self.client(&connection).await?;
        let (scope, slug) = match &request {
            Request::UseDefault { scope, slug }
            | Request::SetCustom { scope, slug, .. }
            | Request::Disable { scope, slug } => (*scope, slug.clone()),
        };
        let server = server_version(&connection);
        possible(known_kind(&slug)?, scope.level, server)?;
        let lineage = self.refresh_chain(id, scope, &slug, &client).await?;
        let made_at = self.now();
        let plan = self
            .blocking(move |engine| {
                let ground = Ground::survey(engine.store(), id, scope, slug, lineage, server)?;
                let (step, blast) = match request {
                    Request::UseDefault { .. } => (ground.use_default()?, Blast::default()),
                    Request::SetCustom { settings, typed, .. } => {
                        (ground.set_custom(settings, &typed)?, ground.blast()?)
                    }
                    // No propagation follows a DELETE (contract, section 2).
                    Request::Disable { .. } => (ground.disable()?, Blast::default()),
                };
                let confirm = confirm(&connection, &blast);
                let steps = vec![ground.planned(step)?];
                Ok(Plan { id: String::new(), connection: id, made_at, steps, blast, confirm })
            })
            .await?;
        Ok(self.inner.plans.keep(plan))
    }

    /// The connection a plan was made for, while it can still be applied.
    pub fn plan_connection(&self, plan: &str) -> Option<ConnectionId> {
        self.inner.plans.connection(plan)
    }

    /// Throws a plan away.
    pub fn discard_plan(&self, plan: &str) {
        drop(self.inner.plans.take(plan));
    }

    /// The plan, if it may still be applied; it cannot be taken twice.
    pub(super) fn take_plan(&self, plan: &str) -> Result<Plan> {
        let gone = "This plan was applied or discarded already. Make it again";
        let plan = self.inner.plans.take(plan).ok_or_else(|| Error::PlanOutdated(gone.into()))?;
        if self.now().duration_since(plan.made_at) > LIFETIME {
            let old = "This plan is over an hour old. Make it again from current data";
            return Err(Error::PlanOutdated(old.into()));
        }
        Ok(plan)
    }
}

/// What *Use default settings* would send, as far as the cache tells. None: there is no default,
/// or it is in use already.
pub(crate) fn use_default_step(
    scope: ScopeKey,
    slug: &Slug,
    item: &Item,
    default: &Default,
) -> Option<std::result::Result<Step, Refusal>> {
    let integration = item.integration?;
    let source = named(default.source)?;
    let row = default.row.as_ref()?;
    let in_use = matches!(
        item.known,
        Known::Row(Row {
            link: Link::Inherited { agrees: Agrees::Yes | Agrees::Unread, .. },
            active: true
        })
    );
    if in_use || matches!(item.known, Known::Unavailable(_) | Known::Unknown(_)) {
        return None;
    }
    let before = snapshot(item.kept.as_ref(), default);
    Some(use_default(integration, scope, slug, &before, source, &snapshot(Some(row), default)))
}

/// Whether a connection may write.
///
/// # Errors
/// Why it may not, and what to do about it.
pub fn may_write(connection: &Connection) -> Result<()> {
    if connection.details.access == Access::ReviewOnly {
        return Err(Error::ReadOnly(
            "The token’s scope is read_api: it may look, not change. Replace it with one of scope \
             api"
            .into(),
        ));
    }
    if connection.details.safety == Safety::ReadOnly {
        return Err(Error::ReadOnly(
            "This connection is set to read-only. Change that in its settings first".into(),
        ));
    }
    Ok(())
}

/// Refuses, before anything is asked or checked, what no draft could bring about.
fn possible(integration: &Integration, level: Level, server: (u32, u32)) -> Result<()> {
    let refusal = if !integration.rest || integration.read_only {
        Refusal::NoApi(integration.title)
    } else if !integration.levels.contains(level) {
        Refusal::Level(integration.title)
    } else if level == Level::Instance {
        Refusal::Instance
    } else if let Some(why) = version_why(integration, server) {
        return Err(Error::NotPossible(format!("{}: {why}", integration.title)));
    } else {
        return Ok(());
    };
    Err(Error::NotPossible(refusal.to_string()))
}

fn confirm(connection: &Connection, blast: &Blast) -> Confirm {
    let touched = 1 + blast.change.count + blast.switch_on.count + blast.maybe.count;
    if connection.details.safety == Safety::ConfirmLarge && touched <= LARGE {
        return Confirm::Dialog;
    }
    if touched > LARGE { Confirm::TypeCount(touched) } else { Confirm::Dialog }
}
