//! A running server.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::config::{Config, WorldSpec};
use crate::fault::{Fault, FaultPlan};
use crate::handle::WorldHandle;
use crate::request_log::Request;
use crate::server::{Identity, Listener, TlsError, identity, router};
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
    /// No certificate could be made.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// A pretended GitLab on a port of its own. Dropping it takes it away at once.
pub struct Simulator {
    site: Arc<Site>,
    tokens: Tokens,
    outside: Arc<Outside>,
    /// Goes away and comes back when a fault says so.
    restarter: JoinHandle<()>,
}

/// What the rest of the machine sees of the server.
struct Outside {
    port: u16,
    identity: Option<Identity>,
    listener: Mutex<Option<Listener>>,
}

impl Outside {
    fn serve(&self, bound: TcpListener, site: &Arc<Site>) -> Listener {
        let tls = self.identity.as_ref().map(|identity| identity.acceptor.clone());
        Listener::serve(bound, router(site), tls)
    }

    async fn pause(&self) {
        if let Some(listener) = self.listener.lock().await.take() {
            listener.cut().await;
        }
    }

    async fn resume(&self, site: &Arc<Site>) -> Result<(), StartError> {
        let mut listener = self.listener.lock().await;
        if listener.is_none() {
            let failed = |source| StartError::Port { port: self.port, source };
            let bound = Listener::bind(self.port).await.map_err(failed)?;
            *listener = Some(self.serve(bound, site));
        }
        Ok(())
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.restarter.abort();
    }
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
        let clock = Clock::skewed(config.clock_skew);
        let identity =
            identity(config.tls).map_err(|error: TlsError| StartError::Tls(error.to_string()))?;
        let now = clock.now();
        let mut world = World::default();
        let accounts = Accounts::create(&mut world, now);
        match config.world {
            WorldSpec::Demo => crate::company::build(&mut world, accounts, now),
            WorldSpec::Sized { groups, projects } => {
                crate::sized::build(&mut world, accounts, now, config.seed, groups, projects);
            }
            WorldSpec::Even(even) => {
                crate::sized::build_even(&mut world, accounts, now, config.seed, even);
            }
        }
        let tokens = accounts.issue(&mut world, config.token.clone(), now);
        let (restarts, mut wanted) = unbounded_channel();
        let site = Site::new(&config, version, clock, world, restarts);

        let failed = |source| StartError::Port { port: config.port, source };
        let bound = Listener::bind(config.port).await.map_err(failed)?;
        let port = bound.local_addr().map_err(failed)?.port();
        let scheme = if identity.is_some() { "https" } else { "http" };
        site.set_origin(format!("{scheme}://127.0.0.1:{port}"));
        let outside = Arc::new(Outside { port, identity, listener: Mutex::new(None) });
        *outside.listener.lock().await = Some(outside.serve(bound, &site));
        // Weakly, or a dropped simulator would live on in this task.
        let (there, state) = (Arc::downgrade(&outside), Arc::downgrade(&site));
        let restarter = tokio::spawn(async move {
            while let Some(down) = wanted.recv().await {
                let Some(outside) = there.upgrade() else { return };
                outside.pause().await;
                drop(outside);
                tokio::time::sleep(down).await;
                let (Some(outside), Some(site)) = (there.upgrade(), state.upgrade()) else {
                    return;
                };
                if let Err(error) = outside.resume(&site).await {
                    tracing::error!(%error, "the simulator could not come back");
                }
            }
        });
        Ok(Self { site, tokens, outside, restarter })
    }

    /// Base URL, sub-path included and without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        self.site.address()
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

    /// The password of every account, for the settings pages; made anew for each run.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.site.password
    }

    /// The code of every account's second factor, where [`Config::two_factor`] asks for one.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.site.code
    }

    /// Ends every browser session, as an idle limit does.
    pub fn end_sessions(&self) {
        self.site.sessions.end();
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

    /// How many requests below `/api` were answered so far.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.site.requests.count()
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

    /// Takes all faults back, random ones too.
    pub fn heal(&self) {
        self.site.faults.clear();
        self.site.play(None);
    }

    /// Does now what a fault puts off until after its answer ([`crate::Harm::Late`]), and waits
    /// until it is done.
    pub async fn catch_up(&self) {
        self.site.late.hurry().await;
    }

    /// Waits until every default saved so far has reached what inherits it.
    pub async fn propagated(&self) {
        self.site.propagation.done().await;
    }

    /// Faults at random from now on, in place of an earlier plan; none = no more of them.
    pub fn play(&self, plan: Option<FaultPlan>) {
        self.site.play(plan);
    }

    /// The certificate of the private authority that signed the server's, for https.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.outside.identity.as_ref().map(|identity| identity.ca_pem.as_str())
    }

    /// Takes the server away: port and connections are dropped at once, the state is kept.
    pub async fn pause(&self) {
        self.outside.pause().await;
    }

    /// Brings a paused server back on the same port.
    ///
    /// # Errors
    /// If something else took the port meanwhile.
    pub async fn resume(&self) -> Result<(), StartError> {
        self.outside.resume(&self.site).await
    }

    /// Ends the server; requests under way are answered first.
    pub async fn stop(self) {
        if let Some(listener) = self.outside.listener.lock().await.take() {
            listener.stop().await;
        }
    }
}
