//! How sparing of a server Heirloom is, to be said before it asks much of it.

use heirloom_core::ids::ConnectionId;
use heirloom_gitlab::{
    BaseUrl, Client, ClientOptions, PlainHttp, PublishedLimit, published_limits,
};

use crate::{Engine, Result};

/// What is kept to with a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests under way at once, at most.
    pub in_flight: usize,
    /// What the host publishes for each account, and is kept without being told.
    pub published: Vec<PublishedLimit>,
    /// Requests a minute, as the server's own answers told.
    pub told_per_minute: Option<u64>,
}

impl Engine {
    /// What is kept to with a connection's server, as far as it is known by now.
    ///
    /// # Errors
    /// When the connection is not there.
    pub async fn limits_kept(&self, id: ConnectionId) -> Result<Limits> {
        let connection = self.connection(id).await?;
        // Without a token nothing was asked yet, and the defaults are what will be kept to.
        let client = self.client(&connection).await.ok();
        let base = BaseUrl::parse(&connection.details.base_url, PlainHttp::Allowed)?;
        Ok(Limits {
            in_flight: client
                .as_ref()
                .map_or_else(|| ClientOptions::default().max_in_flight, Client::ceiling),
            published: published_limits(&base.host()),
            told_per_minute: client.and_then(|client| client.told_limit()),
        })
    }
}

impl Limits {
    /// For people, without a full stop.
    pub fn sentence(&self) -> String {
        let mut said = format!("at most {} requests at once", self.in_flight);
        let published: Vec<String> = self.published.iter().map(one).collect();
        if !published.is_empty() {
            said.push_str("; within the limits it publishes: ");
            said.push_str(&published.join(", "));
        }
        if let Some(told) = self.told_per_minute {
            said.push_str(&format!("; within the {told} a minute that it tells of"));
        }
        said
    }
}

fn one(limit: &PublishedLimit) -> String {
    let window = match limit.seconds {
        60 => "a minute".to_owned(),
        seconds if seconds % 60 == 0 => format!("in {} minutes", seconds / 60),
        seconds => format!("in {seconds} seconds"),
    };
    let of = match limit.kind {
        None => "",
        Some("groups") => " for lists of groups",
        Some("projects") => " for lists of projects",
        Some("group") => " for single groups",
        Some("project") => " for single projects",
        Some(other) => return format!("{} {window} ({other})", limit.requests),
    };
    format!("{} {window}{of}", limit.requests)
}
