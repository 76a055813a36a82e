//! A running server.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::config::{Config, WorldSpec};
use crate::fault::Fault;
use crate::handle::WorldHandle;
use crate::request_log::Request;
use crate::server::{Listener, router};
use crate::site::Site;
use crate::tokens::{Accounts, Tokens};
use crate::version::{NotAVersion, Version};
use crate::world::World;

/// Why a simulator did not start or come back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port cannot be used.
    #[error("port {port} of 127.0.0.1 cannot be used")]
    Port {
        /// The port asked for.
        port: u16,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The configured version is none.
    #[error(transparent)]
    Version(#[from] NotAVersion),
}

/// A pretended GitLab on a port of its own. Dropping it takes it away at once.
pub struct Simulator {
    site: Arc<Site>,
    tokens: Tokens,
    port: u16,
    listener: Mutex<Option<Listener>>,
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Simulator {
    /// Builds the world and starts to listen on 127.0.0.1.
    ///
    /// # Errors
    /// If the port is taken or the version cannot be read.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let version: Version = config.gitlab_version.parse()?;
        let clock = Clock::default();
        let now = clock.now();
        let mut world = World::default();
        let accounts = Accounts::create(&mut world, now);
        match config.world {
            WorldSpec::Demo => crate::company::build(&mut world, accounts, now),
            WorldSpec::Sized { groups, projects } => {
                crate::sized::build(&mut world, accounts, now, config.seed, groups, projects);
            }
        }
        let tokens = accounts.issue(&mut world, config.token.clone(), now);
        let site = Site::new(&config, version, clock, world);

        let failed = |source| StartError::Port { port: config.port, source };
        let bound = Listener::bind(config.port).await.map_err(failed)?;
        let port = bound.local_addr().map_err(failed)?.port();
        site.set_origin(format!("http://127.0.0.1:{port}"));
        let listener = Listener::serve(bound, router(&site));
        Ok(Self { site, tokens, port, listener: Mutex::new(Some(listener)) })
    }

    /// Base URL, sub-path included and without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        self.site.url()
    }

    /// The owner's token, with scope `api`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.tokens.owner
    }

    /// The tokens of all accounts.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The state behind the API, to look at and to change.
    #[must_use]
    pub fn world(&self) -> WorldHandle {
        WorldHandle::new(Arc::clone(&self.site))
    }

    /// Requests answered below `/api` since the start, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.site.requests.after(0)
    }

    /// The same, from the one after `number`.
    #[must_use]
    pub fn requests_after(&self, number: u64) -> Vec<Request> {
        self.site.requests.after(number)
    }

    /// How many requests came in and are not answered yet.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.site.under_way.load(Ordering::Relaxed)
    }

    /// Fails requests from now on. Of several faults that fit a request, the oldest that is not
    /// used up counts.
    pub fn fail(&self, fault: Fault) {
        self.site.faults.add(fault);
    }

    /// Takes all faults back.
    pub fn heal(&self) {
        self.site.faults.clear();
    }

    /// Waits until every default saved so far has reached what inherits it.
    pub async fn propagated(&self) {
        self.site.propagation.done().await;
    }

    /// Takes the server away: port and connections are dropped at once, the state is kept.
    pub async fn pause(&self) {
        if let Some(listener) = self.listener.lock().await.take() {
            listener.cut().await;
        }
    }

    /// Brings a paused server back on the same port.
    ///
    /// # Errors
    /// If something else took the port meanwhile.
    pub async fn resume(&self) -> Result<(), StartError> {
        let mut listener = self.listener.lock().await;
        if listener.is_none() {
            let failed = |source| StartError::Port { port: self.port, source };
            let bound = Listener::bind(self.port).await.map_err(failed)?;
            *listener = Some(Listener::serve(bound, router(&self.site)));
        }
        Ok(())
    }

    /// Ends the server; requests under way are answered first.
    pub async fn stop(self) {
        if let Some(listener) = self.listener.into_inner() {
            listener.stop().await;
        }
    }
}
