//! Who and what is at the other end (contract, section 6).

use reqwest::header::HeaderMap;
use serde_json::Value as Json;

use crate::dto::{HasId, Metadata, MetadataAnswer, PersonalAccessToken, User, decode, decode_one};
use crate::http::ask::Ask;
use crate::{Client, Error, Problem, Result};

impl Client {
    /// Which GitLab it is. Servers older than 15.2 have no `/metadata` and are asked for
    /// `/version`.
    ///
    /// # Errors
    /// [`Problem::NotGitlab`] where something else answers; the token's own problems; those of
    /// the network.
    pub async fn metadata(&self) -> Result<Metadata> {
        let ask = Ask::get("metadata", self.base(), ["metadata"], &[]);
        match self.send_and_read(&ask, read_metadata).await {
            Ok(found) => return Ok(found),
            Err(Error { problem: Problem::NotFound { .. }, .. }) => {}
            Err(other) => return Err(other),
        }
        let ask = Ask::get("metadata", self.base(), ["version"], &[]);
        match self.send_and_read(&ask, read_metadata).await {
            Err(Error { problem: Problem::NotFound { .. }, place }) => Err(Error {
                problem: Problem::NotGitlab { found: "it tells no version".to_owned() },
                place,
            }),
            other => other,
        }
    }

    /// Whose token it is, and whether they are an administrator.
    ///
    /// # Errors
    /// The token's own problems; those of the network.
    pub async fn current_user(&self) -> Result<User> {
        self.get_one(Ask::get("user", self.base(), ["user"], &[])).await
    }

    /// What the token may do, and until when.
    ///
    /// # Errors
    /// [`Problem::Refused`] for tokens that are no personal access tokens; the token's own
    /// problems; those of the network.
    pub async fn token_self(&self) -> Result<PersonalAccessToken> {
        let segments = ["personal_access_tokens", "self"];
        self.get_one(Ask::get("token", self.base(), segments, &[])).await
    }

    /// Whether the token has an administrator's powers, which `is_admin` alone does not say: with
    /// Admin Mode on, only a token with scope `admin_mode` has them (contract, section 6). Asks for
    /// something that only administrators get, and looks at nothing of it.
    ///
    /// # Errors
    /// The token's own problems; those of the network.
    pub async fn may_administer(&self) -> Result<bool> {
        let ask = Ask::get("administration", self.base(), ["application", "settings"], &[]);
        match self.send_and_read(&ask, |_, _| Ok(())).await {
            Ok(()) => Ok(true),
            Err(Error {
                problem:
                    Problem::Forbidden { .. }
                    | Problem::InsufficientScope { .. }
                    | Problem::NotFound { .. },
                ..
            }) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// One thing, by its address.
    pub(crate) async fn get_one<T: serde::de::DeserializeOwned>(&self, ask: Ask) -> Result<T> {
        self.send_and_read(&ask, |json, _| decode(json)).await
    }

    /// The same for a group or project.
    pub(crate) async fn get_scope<T>(&self, ask: Ask) -> Result<T>
    where
        T: serde::de::DeserializeOwned + HasId,
    {
        self.send_and_read(&ask, |json, _| decode_one(json)).await
    }
}

/// Whatever answers in another shape here is another program.
fn read_metadata(json: Json, _: &HeaderMap) -> std::result::Result<Metadata, Problem> {
    let not_gitlab = |found: &str| Problem::NotGitlab { found: found.to_owned() };
    let read: MetadataAnswer = decode(json).map_err(|_| not_gitlab("JSON without a version"))?;
    Ok(Metadata {
        version: read.version.parse().map_err(|_| not_gitlab("JSON with another version"))?,
        revision: crate::http::text::clean(&read.revision.unwrap_or_default()),
        enterprise: read.enterprise,
    })
}
