//! What a simulator is started with.

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::fault::FaultPlan;
use crate::limits::Limits;

/// How the pretended GitLab is set up. `Config::default()` is the demo company on any free port.
#[derive(Debug, Clone)]
pub struct Config {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// What is on the server.
    pub world: WorldSpec,
    /// The release it claims, such as `18.10.2-ee`. Rules that came or went with a release follow.
    pub gitlab_version: String,
    /// Added to every answer.
    pub latency: Duration,
    /// Makes a sized world, tokens excepted, the same each time.
    pub seed: u64,
    /// How long a saved default takes to reach what inherits it.
    pub propagation_delay: Duration,
    /// Whether a PUT on a group propagates: newer servers do, older did not (contract, section 8).
    pub group_put_propagates: bool,
    /// `""`, or a path such as `/gitlab` in front of everything GitLab serves.
    pub relative_url_root: String,
    /// The owner's token; none = made at random.
    pub token: Option<String>,
    /// At most so many requests are answered at once, as by a real server's pool.
    pub workers: Option<NonZeroUsize>,
    /// What is installed and allowed there.
    pub features: Features,
    /// Whether it serves https, and with which certificate.
    pub tls: Tls,
    /// Faults at random, from the start.
    pub faults: Option<FaultPlan>,
    /// Whether administrators have to enter Admin Mode for the settings pages of the instance,
    /// and need a token with scope `admin_mode` for their powers over the API.
    pub admin_mode: bool,
    /// Whether tokens that an administrator made in an account's name work.
    pub impersonation: bool,
    /// Whether signing in and entering Admin Mode take a second factor.
    pub two_factor: bool,
    /// Throttles, and whether writes are taken.
    pub limits: Limits,
    /// Scheme and host in the addresses that GitLab writes, such as `https://gitlab.example`;
    /// none = where it listens.
    pub external_origin: Option<String>,
    /// How far the server's clock is ahead, in seconds; negative = behind.
    pub clock_skew: i64,
}

/// How connections are secured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tls {
    /// Plain http.
    #[default]
    Off,
    /// A certificate for this address, signed by an authority that nobody knows:
    /// [`crate::Simulator::ca_pem`].
    PrivateCa,
    /// The same, but made out to another name.
    WrongName,
    /// The same, but made out to this name alone: a server that is met by it, as through a proxy.
    Named(&'static str),
}

/// What the pretended server contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorldSpec {
    /// A believable company with every state there is: `company` describes it.
    Demo,
    /// A generated world.
    Sized {
        /// Number of groups.
        groups: u32,
        /// Number of projects.
        projects: u32,
    },
    /// A generated world whose projects are alike, to measure with.
    Even(Even),
}

/// A generated world in which every project has the same number of active integrations, all of
/// them inherited but for an exact share. Instance and top-level groups hand them down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Even {
    /// Number of groups, at least one.
    pub groups: u32,
    /// Number of projects.
    pub projects: u32,
    /// Active integrations of each project, up to [`Even::MOST_ACTIVE`].
    pub active: u8,
    /// How many in a hundred of all those rows have custom settings, up to 100.
    pub custom_percent: u8,
}

impl Even {
    /// So many different integrations there are to hand down.
    pub const MOST_ACTIVE: usize = 12;
}

/// What decides whether an integration is offered (contract, section 3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Features {
    /// The GitLab for Slack app is set up.
    pub slack_app: bool,
    /// A Jira Connect application key is set.
    pub jira_connect: bool,
    /// This is GitLab.com.
    pub saas: bool,
    /// The Ultimate allow-list, by slug; none = everything is allowed.
    pub allowed_integrations: Option<Vec<String>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            world: WorldSpec::Demo,
            gitlab_version: "18.10.2-ee".to_owned(),
            latency: Duration::ZERO,
            seed: 1,
            propagation_delay: Duration::from_secs(1),
            group_put_propagates: true,
            relative_url_root: String::new(),
            token: None,
            workers: None,
            features: Features::default(),
            tls: Tls::Off,
            faults: None,
            admin_mode: false,
            impersonation: true,
            two_factor: false,
            limits: Limits::default(),
            external_origin: None,
            clock_skew: 0,
        }
    }
}
