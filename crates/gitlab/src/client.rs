//! A connection's client: one server, one token.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::BaseUrl;
use crate::http::counts::{Counters, RequestCounts};
use crate::http::gate::Gate;
use crate::http::gate::circuit::Circuit;
use crate::http::gate::pace::Pace;
use crate::http::gate::pause::Pause;
use crate::http::text::clean;

/// How a [`Client`] behaves. The defaults suit a production GitLab whose users come first.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// Further certificate authorities (PEM, one or more), beside those the system trusts.
    pub ca_pem: Option<Vec<u8>>,
    /// Requests under way at the same time, at most.
    pub max_in_flight: usize,
    /// Start with few requests at a time, and follow how the server bears them up to
    /// `max_in_flight`; else keep to that number all along.
    pub adaptive: bool,
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest wait for a whole answer.
    pub total_timeout: Duration,
    /// How often a read is sent in all when the server or the network fails.
    pub tries: u32,
    /// The first wait between two tries; it doubles each time.
    pub backoff: Duration,
    /// The longest wait after a 429: if the server asks for more, the call fails instead of
    /// coming back too early. GitLab's own throttles ask for up to ten minutes.
    pub longest_pause: Duration,
    /// How long a server may be silent to everything that is asked, before all requests end.
    pub patience: Duration,
    /// The largest answer that is read. A page of a hundred projects is a tenth of the default.
    pub max_body: usize,
    /// The most pages that a list is followed over.
    pub max_pages: u64,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            ca_pem: None,
            max_in_flight: 24,
            adaptive: true,
            connect_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(60),
            tries: 3,
            backoff: Duration::from_millis(500),
            longest_pause: Duration::from_secs(660),
            patience: Duration::from_secs(10),
            max_body: 8 << 20,
            max_pages: 20_000,
        }
    }
}

/// A client could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The certificate file is not what it should be.
    #[error(
        "the certificate cannot be used ({0}): choose a PEM file, which starts with “-----BEGIN CERTIFICATE-----”"
    )]
    Certificate(String),
    /// The token cannot be sent in a header.
    #[error(
        "the token holds characters no GitLab token has: copy it again, without spaces or line breaks"
    )]
    Token,
    /// The system's own part failed.
    #[error("secure connections cannot be made on this computer: {0}")]
    System(String),
}

/// Talks to one GitLab with one token. Cheap to clone; all clones share the limits and counts.
///
/// Every call is cancelled by dropping its future; a write that is dropped midway may still have
/// reached the server.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    /// Ends the waits of this clone's calls, and with them the calls.
    pub(crate) cancel: CancellationToken,
    /// Ends those of its waits that the server asked for.
    pub(crate) hurry: CancellationToken,
}

pub(crate) struct Shared {
    pub(crate) base: BaseUrl,
    pub(crate) http: reqwest::Client,
    /// `Bearer …`, marked sensitive. Set on each request by hand, and only on those to the base's
    /// own origin.
    pub(crate) authorization: HeaderValue,
    pub(crate) options: ClientOptions,
    pub(crate) gate: Gate,
    pub(crate) pace: Pace,
    pub(crate) pause: Pause,
    pub(crate) circuit: Circuit,
    pub(crate) counters: Counters,
}

impl Client {
    /// Makes a client. Sends nothing yet.
    ///
    /// # Errors
    /// When the certificate or the token is not usable, or the system's TLS cannot start.
    pub fn new(
        base: BaseUrl,
        token: &SecretString,
        options: ClientOptions,
    ) -> Result<Self, SetupError> {
        let token = token.expose_secret().trim();
        if token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(SetupError::Token);
        }
        let mut authorization =
            HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| SetupError::Token)?;
        authorization.set_sensitive(true);
        let http = build_http(&base, &options)?;
        Ok(Self {
            shared: Arc::new(Shared {
                http,
                authorization,
                gate: Gate::new(options.max_in_flight, options.adaptive),
                pace: Pace::of(&base.host()),
                pause: Pause::default(),
                circuit: Circuit::default(),
                counters: Counters::default(),
                base,
                options,
            }),
            cancel: CancellationToken::new(),
            hurry: CancellationToken::new(),
        })
    }

    /// The same client for a job that can be cancelled: after `cancel` its calls send nothing
    /// more, neither for the first time nor again, and whichever waits for its turn, for a pause
    /// or before another try ends at once with [`Problem::Cancelled`](crate::Problem::Cancelled).
    /// A request under way is still answered.
    #[must_use]
    pub fn until(&self, cancel: CancellationToken) -> Self {
        Self { cancel, ..self.clone() }
    }

    /// The same client for what a job that can be cancelled should not leave half done: after
    /// `hurry` its calls still go out and are answered, but none waits because the server asked
    /// for fewer requests. Such a call ends at once with
    /// [`Problem::Cancelled`](crate::Problem::Cancelled).
    #[must_use]
    pub fn hurried_by(&self, hurry: CancellationToken) -> Self {
        Self { hurry, ..self.clone() }
    }

    /// The server this client talks to.
    pub fn base(&self) -> &BaseUrl {
        &self.shared.base
    }

    /// Requests sent so far by this client and its clones.
    pub fn request_counts(&self) -> RequestCounts {
        self.shared.counters.now()
    }

    /// How many requests may be under way at the most, whatever the server bears.
    pub fn ceiling(&self) -> usize {
        self.shared.options.max_in_flight.max(1)
    }

    /// How many requests may be under way now: what the server was found to bear.
    pub fn in_flight_limit(&self) -> usize {
        self.shared.gate.limit()
    }

    /// How long the server took to answer requests of a kind (as in [`Client::request_counts`])
    /// while it was left in peace, the last time that was measured; none: too few were sent, or as
    /// many are under way as somebody wishes, whatever the server bears.
    pub fn answers_within(&self, kind: &str) -> Option<Duration> {
        self.shared.gate.calm(kind)
    }

    /// The least time that so many requests of each kind (as in [`Client::request_counts`]) take
    /// within the limits that are known: published ones, and what this client's last answer told
    /// (contract, section 6).
    pub fn least_time(&self, requests: &[(&str, u32)]) -> Duration {
        self.shared.pace.least_time(requests, Instant::now())
    }

    /// How many requests a minute the server's own answers allowed, where they tell (contract,
    /// section 6: `RateLimit-*`).
    pub fn told_limit(&self) -> Option<u64> {
        self.shared.pace.told()
    }

    /// Forgets that the server was found to be down: somebody asks for another try.
    pub fn try_again(&self) {
        self.shared.circuit.forget();
    }

    /// How much longer all requests wait because the server asked for it, if they do.
    pub fn paused_for(&self) -> Option<Duration> {
        self.shared.pause.left()
    }

    /// How much longer requests to some endpoint wait because it was asked too often, while the
    /// others go on (contract, section 6: throttles of endpoints); the longest of such waits.
    pub fn endpoint_paused_for(&self) -> Option<Duration> {
        self.shared.pause.longest_of_one()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base", &self.shared.base).finish_non_exhaustive()
    }
}

fn build_http(base: &BaseUrl, options: &ClientOptions) -> Result<reqwest::Client, SetupError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("Heirloom/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        // Redirects are followed by hand, within the origin only.
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(options.connect_timeout)
        .timeout(options.total_timeout);
    if base.is_loopback() {
        // A proxy from the environment would receive the token, unencrypted.
        builder = builder.no_proxy();
    }
    if let Some(pem) = &options.ca_pem {
        let certificates = reqwest::Certificate::from_pem_bundle(pem)
            .map_err(|why| SetupError::Certificate(clean(&why.to_string())))?;
        if certificates.is_empty() {
            return Err(SetupError::Certificate("it holds no certificate".to_owned()));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(|why| {
        let text = clean(&why.to_string());
        if options.ca_pem.is_some() {
            SetupError::Certificate(text)
        } else {
            SetupError::System(text)
        }
    })
}
