//! Who and what is at the other end (contract, section 6).

use crate::dto::{Metadata, MetadataAnswer, PersonalAccessToken, User, decode};
use crate::http::ask::Ask;
use crate::http::send::Answer;
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
        match self.send(&ask).await {
            Ok(answer) => return self.read_metadata(&ask, answer),
            Err(Error { problem: Problem::NotFound { .. }, .. }) => {}
            Err(other) => return Err(other),
        }
        let ask = Ask::get("metadata", self.base(), ["version"], &[]);
        match self.send(&ask).await {
            Ok(answer) => self.read_metadata(&ask, answer),
            Err(Error { problem: Problem::NotFound { .. }, place }) => Err(Error {
                problem: Problem::NotGitlab { found: "it tells no version".to_owned() },
                place,
            }),
            Err(other) => Err(other),
        }
    }

    fn read_metadata(&self, ask: &Ask, answer: Answer) -> Result<Metadata> {
        // Whatever answers in another shape here is another program.
        let not_gitlab = |found: &str| {
            let problem = Problem::NotGitlab { found: found.to_owned() };
            self.bad_answer(ask, &answer.headers, problem)
        };
        let read: MetadataAnswer =
            decode(answer.json).map_err(|_| not_gitlab("JSON without a version"))?;
        Ok(Metadata {
            version: read.version.parse().map_err(|_| not_gitlab("JSON with another version"))?,
            revision: crate::http::text::clean(&read.revision.unwrap_or_default()),
            enterprise: read.enterprise,
        })
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

    /// One thing, by its address.
    pub(crate) async fn get_one<T: serde::de::DeserializeOwned>(&self, ask: Ask) -> Result<T> {
        let answer = self.send(&ask).await?;
        decode(answer.json).map_err(|problem| self.bad_answer(&ask, &answer.headers, problem))
    }
}
