//! An engine, its data folder and keychain, and a simulator to talk to.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use heirloom_engine::clock::Clock;
use heirloom_engine::connect::Input;
use heirloom_engine::core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_engine::history::{Change, HistoryFilter};
use heirloom_engine::query::{Comparison, Item};
use heirloom_engine::secrets::{Memory, SecretStore};
use heirloom_engine::sync::Summary;
use heirloom_engine::{Engine, Safety, Setup};
use heirloom_simulator::{Config, Level, Request, RowView, Simulator};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::Bell;

/// How long a saved default takes to reach what inherits it here.
const PROPAGATION: Duration = Duration::from_millis(20);

/// The computer's clock, set at will.
pub struct SetClock(Mutex<SignedDuration>);

impl SetClock {
    /// Sets it forward, or back.
    pub fn shift(&self, by: SignedDuration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        let ahead = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heirloom_engine::clock::SystemClock.now() + ahead
    }
}

/// One engine over one data folder, and one simulator.
pub struct Lab {
    /// The server.
    pub simulator: Simulator,
    /// The engine.
    pub engine: Engine,
    /// Its keychain.
    pub keychain: Arc<Memory>,
    /// Rings when local state moves.
    pub bell: Arc<Bell>,
    /// Its clock.
    pub clock: Arc<SetClock>,
    folder: TempDir,
    made: Option<ConnectionId>,
}

impl Lab {
    /// An engine that knows nothing yet, and the demo company.
    pub async fn empty() -> Self {
        Self::empty_at(Config::default()).await
    }

    /// An engine that knows nothing yet, and a server of one's own.
    pub async fn empty_at(config: Config) -> Self {
        let config = Config { propagation_delay: PROPAGATION, ..config };
        let simulator = Simulator::start(config).await.expect("a simulator on a free port");
        let folder = tempfile::tempdir().expect("a folder");
        let keychain = Arc::new(Memory::new());
        let bell = Arc::new(Bell::default());
        let clock = Arc::new(SetClock(Mutex::new(SignedDuration::ZERO)));
        let engine = open(&folder, keychain.clone(), &bell, &clock);
        Self { simulator, engine, keychain, bell, clock, folder, made: None }
    }

    /// Connected to the demo company as its owner.
    pub async fn connected() -> Self {
        Self::connected_at(Config::default()).await
    }

    /// Connected to a server of one's own, as the owner.
    pub async fn connected_at(config: Config) -> Self {
        let mut lab = Self::empty_at(config).await;
        let token = lab.simulator.token().to_owned();
        lab.connect(&token).await;
        lab
    }

    /// Connected to the demo company and synced.
    pub async fn synced() -> Self {
        let lab = Self::connected().await;
        let summary = lab.sync().await;
        assert!(summary.complete, "the demo company can be read whole: {:?}", summary.failed);
        lab
    }

    /// Connects with a token of the simulator's.
    pub async fn connect(&mut self, token: &str) {
        self.connect_through(&self.simulator.url(), token).await;
    }

    /// Connects by another address that leads to the simulator.
    pub async fn connect_through(&mut self, url: &str, token: &str) {
        let made = self.engine.connect(input(url, token)).await;
        self.made = Some(made.expect("a connection to the simulator").id);
    }

    /// The connection.
    pub fn id(&self) -> ConnectionId {
        self.made.expect("the lab is connected")
    }

    /// The data folder.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Closes the engine and opens the same folder again.
    pub fn reopen(&mut self) {
        self.reopen_after(|| {});
    }

    /// The same, with something done to the folder in between.
    pub fn reopen_after(&mut self, meanwhile: impl FnOnce()) {
        // An engine elsewhere takes this one's place, so that this one really ends.
        let elsewhere = tempfile::tempdir().expect("a folder");
        self.engine = open(&elsewhere, Arc::new(Memory::new()), &self.bell, &self.clock);
        meanwhile();
        self.engine = open(&self.folder, self.keychain.clone(), &self.bell, &self.clock);
    }

    /// Another engine over the same folder, as another program would have.
    pub fn second_engine(&self) -> Engine {
        open(&self.folder, self.keychain.clone(), &Arc::new(Bell::default()), &self.clock)
    }

    /// An engine over the same folder with another keychain.
    pub fn with_keychain(&self, keychain: impl SecretStore + 'static) -> Engine {
        open(&self.folder, Arc::new(keychain), &self.bell, &self.clock)
    }

    /// Syncs everything.
    pub async fn sync(&self) -> Summary {
        self.engine.sync(self.id(), None, false).await.expect("a sync")
    }

    /// A scope by its path: a group before a project.
    pub fn key(&self, path: &str) -> ScopeKey {
        let world = self.simulator.world();
        match (world.group(path), world.project(path)) {
            (Some(id), _) => ScopeKey::group(id),
            (None, Some(id)) => ScopeKey::project(id),
            (None, None) => panic_for(path),
        }
    }

    /// What the server has stored.
    pub fn row(&self, path: &str, slug: &str) -> Option<RowView> {
        let (level, id) = place(self.key(path));
        self.simulator.world().row(level, id, slug)
    }

    /// What the local copy has of an integration, both sides.
    pub async fn compare(&self, path: &str, slug: &str) -> Comparison {
        self.engine
            .compare(self.id(), self.key(path), self::slug(slug))
            .await
            .expect("a scope of the local copy")
    }

    /// What the local copy has of an integration.
    pub async fn item(&self, path: &str, slug: &str) -> Item {
        self.compare(path, slug).await.item
    }

    /// The draft that a form would open with, changed in some fields.
    pub async fn draft(&self, path: &str, slug: &str, fields: &[(&str, Value)]) -> Settings {
        let form = self.engine.edit_form(self.id(), self.key(path), self::slug(slug)).await;
        let mut draft = form.expect("a form").draft;
        for (name, value) in fields {
            draft.fields.insert((*name).to_owned(), value.clone());
        }
        draft
    }

    /// The export, as other programs get it.
    pub async fn export(&self) -> Json {
        let bytes = self
            .engine
            .export(
                self.id(),
                Default::default(),
                heirloom_engine::export::Format::Json,
                Vec::new(),
            )
            .await
            .expect("an export");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// Everything that the history has, latest first.
    pub async fn drift(&self) -> Vec<Change> {
        let all = self.engine.drift(self.id(), HistoryFilter::default(), 0, 1_000).await;
        all.expect("the history").1
    }

    /// Requests answered so far.
    pub fn mark(&self) -> u64 {
        self.simulator.answered()
    }

    /// Requests since a mark that could have changed something.
    pub fn writes_since(&self, mark: u64) -> Vec<Request> {
        let mut found = self.simulator.requests_after(mark);
        found.retain(|request| request.method != "GET");
        found
    }
}

/// What a person types to connect.
pub fn input(url: &str, token: &str) -> Input {
    Input {
        url: url.to_owned(),
        token: SecretString::from(token),
        name: "lab".to_owned(),
        safety: Safety::ConfirmLarge,
        ca_pem: None,
        allow_plain_http: false,
        demo: false,
    }
}

fn open(
    folder: &TempDir,
    keychain: Arc<dyn SecretStore>,
    bell: &Arc<Bell>,
    clock: &Arc<SetClock>,
) -> Engine {
    let listener = Arc::clone(bell);
    let setup = Setup { keychain, clock: Arc::clone(clock) as _, listener };
    Engine::open(&folder.path().join("data"), setup).expect("a data folder")
}

fn slug(text: &str) -> Slug {
    Slug::new(text).expect("a slug")
}

fn place(key: ScopeKey) -> (Level, u64) {
    use heirloom_engine::core::ids;
    let level = match key.level {
        ids::Level::Instance => Level::Instance,
        ids::Level::Group => Level::Group,
        ids::Level::Project => Level::Project,
    };
    (level, key.id.0)
}

#[expect(clippy::panic, reason = "a test that names a scope which is not there is wrong")]
fn panic_for(path: &str) -> ! {
    panic!("the simulator has no {path}")
}
