//! The engine's shared state: the store, the keychain, and what is alive for each connection.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use heirloom_core::ids::ConnectionId;
use heirloom_gitlab::{BaseUrl, Client, ClientOptions, PlainHttp};
use heirloom_secrets::{Memory, SecretName, SecretOwner, SecretStore};
use heirloom_store::Store;
use heirloom_store::app::connections::{Connection, Details};
use heirloom_store::app::journal::RunId;
use jiff::Timestamp;
use secrecy::SecretString;

use crate::change::apply::progress::Progress as ApplyProgress;
use crate::change::{Following, UnderAsk};
use crate::clock::Clock;
use crate::connect::reach::Reach;
use crate::sync::progress::Progress;
use crate::threads::Threads;
use crate::{Error, Result};

/// Is told whenever local state moved, so that whoever shows it asks again. Called from any
/// thread, often; throttling is the listener's.
pub trait Listener: Send + Sync {
    /// Something moved.
    fn changed(&self);
}

/// What an engine is made of.
pub struct Setup {
    /// Where tokens are kept.
    pub keychain: Arc<dyn SecretStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who is told of changes.
    pub listener: Arc<dyn Listener>,
}

/// The use cases. Cheap to clone; needs a tokio runtime around its async calls.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    threads: Threads,
    mark: String,
    keychain: Arc<dyn SecretStore>,
    /// Tokens of demo companies, and tokens lent for one run: never stored.
    lent: Memory,
    clock: Arc<dyn Clock>,
    listener: Arc<dyn Listener>,
    live: Mutex<HashMap<ConnectionId, Arc<Live>>>,
}

/// What is alive for one connection.
#[derive(Default)]
pub(crate) struct Live {
    pub(crate) client: Mutex<Option<Client>>,
    in_flight: Mutex<Option<NonZeroUsize>>,
    pub(crate) reach: Mutex<Reach>,
    pub(crate) sync: Progress,
    pub(crate) apply: ApplyProgress,
    pub(crate) following: Mutex<BTreeMap<RunId, Following>>,
    pub(crate) asking: Mutex<Option<UnderAsk>>,
    /// The last run of which a secret was to be remembered and was not, and why.
    pub(crate) not_remembered: Mutex<Option<(RunId, String)>>,
}

impl Engine {
    /// Opens the data folder.
    ///
    /// # Errors
    /// When the local databases cannot be used.
    pub fn open(folder: &Path, setup: Setup) -> Result<Self> {
        let store = Store::open(folder)?;
        let mark = store.folder_mark()?;
        Ok(Self {
            inner: Arc::new(Inner {
                store,
                threads: Threads::new()?,
                mark,
                keychain: setup.keychain,
                lent: Memory::new(),
                clock: setup.clock,
                listener: setup.listener,
                live: Mutex::default(),
            }),
        })
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Runs blocking work on the local databases away from the async threads.
    pub(crate) async fn db<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> heirloom_store::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.inner.threads.work(&self.inner.store, work).await
    }

    /// The same for work that is more than one question.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let engine = self.clone();
        tokio::task::spawn_blocking(move || work(&engine)).await.map_err(|_| Error::Stopped)?
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn changed(&self) {
        self.inner.listener.changed();
    }

    pub(crate) fn live(&self, connection: ConnectionId) -> Arc<Live> {
        Arc::clone(lock(&self.inner.live).entry(connection).or_default())
    }

    pub(crate) fn forget_live(&self, connection: ConnectionId) {
        lock(&self.inner.live).remove(&connection);
    }

    pub(crate) fn keychain(&self) -> &dyn SecretStore {
        &*self.inner.keychain
    }

    /// Where this connection's token is: the keychain, or memory for a demo company and for a
    /// token that is given anew with each run. Those work without any keychain.
    pub(crate) fn token_place(&self, details: &Details) -> &dyn SecretStore {
        if details.demo || !details.token_kept { &self.inner.lent } else { self.keychain() }
    }

    /// Where secrets of this connection are remembered: the keychain, also of one whose token is
    /// given anew with each run; memory for a demo company.
    pub(crate) fn secret_place(&self, details: &Details) -> &dyn SecretStore {
        if details.demo { &self.inner.lent } else { self.keychain() }
    }

    /// A token lent before does not stand in the way of one that is kept from now on.
    pub(crate) async fn forget_lent(&self, name: &SecretName) -> Result<()> {
        Ok(self.inner.lent.delete(name).await?)
    }

    pub(crate) fn owner(&self, connection: ConnectionId) -> Result<SecretOwner> {
        SecretOwner::new(&self.inner.mark, connection)
            .map_err(|error| Error::NotFound(error.to_string()))
    }

    /// Uses a token for one connection until the program ends. It is never stored.
    ///
    /// # Errors
    /// When the connection's name cannot be made.
    pub async fn lend_token(&self, connection: ConnectionId, token: &SecretString) -> Result<()> {
        let name = SecretName::token(&self.owner(connection)?);
        self.inner.lent.set(&name, token).await?;
        Ok(())
    }

    /// Keeps so many requests to this connection's server under way at once, in place of as many
    /// as suit it, until the program ends: to measure, or where its owner wishes so.
    pub fn set_in_flight(&self, connection: ConnectionId, requests: NonZeroUsize) {
        *lock(&self.live(connection).in_flight) = Some(requests);
        self.drop_client(connection);
    }

    /// The client for a connection, made once per token.
    pub(crate) async fn client(&self, connection: &Connection) -> Result<Client> {
        let live = self.live(connection.id);
        if let Some(client) = lock(&live.client).clone() {
            return Ok(client);
        }
        let name = SecretName::token(&self.owner(connection.id)?);
        let token = match self.inner.lent.get(&name).await? {
            Some(lent) => lent,
            None => {
                self.token_place(&connection.details).get(&name).await?.ok_or(Error::NoToken)?
            }
        };
        let client = make_client(
            &connection.details.base_url,
            connection.details.plain_http,
            connection.details.ca_pem.as_deref(),
            &token,
            *lock(&live.in_flight),
        )?;
        *lock(&live.client) = Some(client.clone());
        Ok(client)
    }

    /// The next call makes a new client, with the token as it is then.
    pub(crate) fn drop_client(&self, connection: ConnectionId) {
        *lock(&self.live(connection).client) = None;
    }
}

pub(crate) fn make_client(
    url: &str,
    plain_http: bool,
    ca_pem: Option<&str>,
    token: &SecretString,
    in_flight: Option<NonZeroUsize>,
) -> Result<Client> {
    let consent = if plain_http { PlainHttp::Allowed } else { PlainHttp::LoopbackOnly };
    let base = BaseUrl::parse(url, consent)?;
    let mut options = ClientOptions {
        ca_pem: ca_pem.map(|pem| pem.as_bytes().to_vec()),
        ..ClientOptions::default()
    };
    if let Some(requests) = in_flight {
        options.max_in_flight = requests.get();
        options.adaptive = false;
    }
    Ok(Client::new(base, token, options)?)
}

/// A poisoned lock only means that some thread panicked while holding it; the data are whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
