//! Waiting because the server asked for it.

use std::time::Duration;

use heirloom_core::ids::ConnectionId;

use crate::Engine;
use crate::engine::lock;

/// How long requests wait because GitLab answered that it is asked too often (contract,
/// section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// How much longer.
    pub left: Duration,
    /// All requests wait; else those to one endpoint, while others go on.
    pub all: bool,
}

impl Engine {
    /// Whether requests to a connection's server wait now because it asked for that.
    pub fn server_pause(&self, id: ConnectionId) -> Option<Pause> {
        let client = lock(&self.live(id).client).clone()?;
        let all = client.paused_for().map(|left| Pause { left, all: true });
        all.or_else(|| client.endpoint_paused_for().map(|left| Pause { left, all: false }))
    }
}
