//! What all requests of one running server share.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use rand::Rng;
use rand::distr::Alphanumeric;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;

use crate::clock::Clock;
use crate::config::{Config, Features};
use crate::fault::{Dice, FaultPlan, Faults, Late};
use crate::kinds::{Kind, Needs};
use crate::limits::{Counters, Limits};
use crate::pages::Sessions;
use crate::propagation::Propagation;
use crate::request_log::RequestLog;
use crate::version::Version;
use crate::world::World;
use crate::world::scope::Level;

fn random_password() -> String {
    rand::rng().sample_iter(Alphanumeric).take(24).map(char::from).collect()
}

fn random_code() -> String {
    format!("{:06}", rand::rng().random_range(0..1_000_000))
}

/// The shared state.
pub(crate) struct Site {
    pub version: Version,
    pub features: Features,
    pub latency: Duration,
    pub group_put_propagates: bool,
    /// `""` or `/gitlab`.
    pub root: String,
    pub clock: Clock,
    pub faults: Faults,
    /// What is done after its answer was given up.
    pub late: Late,
    dice: RwLock<Option<Arc<Dice>>>,
    /// Wishes to go away for a while.
    pub restarts: UnboundedSender<Duration>,
    pub requests: RequestLog,
    pub propagation: Propagation,
    pub workers: Option<Semaphore>,
    pub limits: Limits,
    pub counters: Counters,
    pub sessions: Sessions,
    /// The one that all accounts have.
    pub password: String,
    /// Whether accounts have a second factor.
    pub two_factor: bool,
    /// Its code, the same for all accounts and all day.
    pub code: String,
    /// Whether administrators have to enter Admin Mode first.
    pub admin_mode: bool,
    /// Whether impersonation tokens work.
    pub impersonation: bool,
    /// The Ultimate allow-list, by slug; none = everything is allowed.
    allowed: RwLock<Option<Vec<String>>>,
    /// Scheme and host the server believes to have.
    external: Option<String>,
    /// Requests that came in and are not answered yet.
    pub under_way: AtomicUsize,
    origin: OnceLock<String>,
    world: RwLock<World>,
}

impl Site {
    /// To be called within the runtime that serves it.
    pub(crate) fn new(
        config: &Config,
        version: Version,
        clock: Clock,
        world: World,
        restarts: UnboundedSender<Duration>,
    ) -> Arc<Self> {
        let root = config.relative_url_root.trim_matches('/');
        Arc::new(Self {
            version,
            features: config.features.clone(),
            latency: config.latency,
            group_put_propagates: config.group_put_propagates,
            root: if root.is_empty() { String::new() } else { format!("/{root}") },
            clock,
            faults: Faults::default(),
            late: Late::default(),
            dice: RwLock::new(config.faults.clone().map(|plan| Arc::new(Dice::new(plan)))),
            restarts,
            requests: RequestLog::default(),
            propagation: Propagation::new(config.propagation_delay, Handle::current()),
            workers: config.workers.map(|most| Semaphore::new(most.get())),
            limits: config.limits.clone(),
            counters: Counters::default(),
            sessions: Sessions::default(),
            password: random_password(),
            two_factor: config.two_factor,
            code: random_code(),
            admin_mode: config.admin_mode,
            impersonation: config.impersonation,
            allowed: RwLock::new(config.features.allowed_integrations.clone()),
            external: config.external_origin.clone(),
            under_way: AtomicUsize::new(0),
            origin: OnceLock::new(),
            world: RwLock::new(world),
        })
    }

    /// The world, to look at. Readers do not wait for each other.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world, to change.
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, World> {
        self.world.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The plan of random faults that is played, if any.
    pub(crate) fn dice(&self) -> Option<Arc<Dice>> {
        self.dice.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Plays another plan, from its start.
    pub(crate) fn play(&self, plan: Option<FaultPlan>) {
        let dice = plan.map(|plan| Arc::new(Dice::new(plan)));
        *self.dice.write().unwrap_or_else(PoisonError::into_inner) = dice;
    }

    /// Scheme, host and port as GitLab writes them into its answers: those of its configured
    /// address, which need not be the one it is asked at (contract, section 6).
    pub(crate) fn origin(&self) -> &str {
        self.external.as_deref().unwrap_or_else(|| self.own_origin())
    }

    fn own_origin(&self) -> &str {
        self.origin.get().map_or("", String::as_str)
    }

    /// Base URL at which it listens, sub-path included.
    pub(crate) fn address(&self) -> String {
        format!("{}{}", self.own_origin(), self.root)
    }

    pub(crate) fn set_origin(&self, origin: String) {
        self.origin.get_or_init(|| origin);
    }

    /// Base URL of the pretended GitLab, sub-path included.
    pub(crate) fn url(&self) -> String {
        format!("{}{}", self.origin(), self.root)
    }

    /// Whether an integration is offered at a level of this server: installed, allowed and known
    /// there (contract, section 3).
    pub(crate) fn offers(&self, kind: &Kind, level: Level) -> bool {
        let installed = match kind.needs {
            Needs::Nothing => true,
            Needs::SlackApp => self.features.slack_app,
            Needs::NoSlackApp => !self.features.slack_app,
            Needs::JiraConnect => self.features.jira_connect,
            Needs::Saas => self.features.saas,
            Needs::Development => level != Level::Project,
        };
        installed && kind.exists_at(level) && self.allows(kind)
    }

    fn allows(&self, kind: &Kind) -> bool {
        let list = self.allowed.read().unwrap_or_else(PoisonError::into_inner);
        list.as_ref().is_none_or(|list| list.iter().any(|slug| slug == kind.slug))
    }

    /// Whether this server has the allow-list at all: 17.6 and newer, not the Community Edition.
    pub(crate) fn has_allow_list(&self) -> bool {
        self.version.enterprise() && self.version.at_least(17, 6)
    }

    pub(crate) fn allowed(&self) -> Option<Vec<String>> {
        self.allowed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn allow(&self, slugs: Option<Vec<String>>) {
        *self.allowed.write().unwrap_or_else(PoisonError::into_inner) = slugs;
    }
}
