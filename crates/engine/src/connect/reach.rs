//! Whether a GitLab answers. Kept in memory: after a restart it is not known until asked.

use std::sync::Mutex;

use heirloom_core::ids::ConnectionId;
use jiff::Timestamp;

use crate::engine::lock;
use crate::{Engine, Error, Result};

/// Whether a GitLab answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Not tried yet.
    #[default]
    Unknown,
    /// It answered last time.
    Online,
    /// It answered, and refused the token.
    TokenRefused,
    /// It did not answer.
    Offline {
        /// Since when.
        since: Timestamp,
        /// Why.
        why: String,
    },
}

pub(crate) fn online(reach: &Mutex<Reach>) {
    *lock(reach) = Reach::Online;
}

pub(crate) fn token_refused(reach: &Mutex<Reach>) -> bool {
    *lock(reach) == Reach::TokenRefused
}

impl Engine {
    /// What was seen last.
    pub fn reach(&self, id: ConnectionId) -> Reach {
        lock(&self.live(id).reach).clone()
    }

    /// Asks GitLab once whether it answers, and whether it still takes the token.
    ///
    /// # Errors
    /// When the connection is not there, or its token cannot be had.
    pub async fn recheck(&self, id: ConnectionId) -> Result<Reach> {
        let connection = self.connection(id).await?;
        let client = self.client(&connection).await?;
        client.try_again();
        let answer = client.current_user().await.map(|_| ());
        self.saw(id, answer.as_ref().err());
        Ok(self.reach(id))
    }

    /// Asks GitLab whose token this is, so that one that is refused is found out before a long
    /// job; the answer also tells of limits.
    ///
    /// # Errors
    /// When the connection is not there, its token cannot be had, or GitLab does not answer or
    /// refuses it.
    pub async fn ask_account(&self, id: ConnectionId) -> Result<()> {
        let connection = self.connection(id).await?;
        let client = self.client(&connection).await?;
        client.try_again();
        self.witness(id, client.current_user().await).map(drop)
    }

    /// Remembers what an answer, or its absence, says about the server.
    pub(crate) fn saw(&self, id: ConnectionId, error: Option<&heirloom_gitlab::Error>) {
        let live = self.live(id);
        let mut reach = lock(&live.reach);
        let now = match error {
            None => Reach::Online,
            Some(error) if error.is_cancelled() => reach.clone(),
            Some(error) if error.is_about_token() => Reach::TokenRefused,
            Some(error) if error.is_offline() => match &*reach {
                Reach::Offline { since, .. } => {
                    Reach::Offline { since: *since, why: error.problem.to_string() }
                }
                _ => Reach::Offline { since: self.now(), why: error.problem.to_string() },
            },
            // It answered, if only with an error.
            Some(_) => Reach::Online,
        };
        let moved = *reach != now;
        *reach = now;
        drop(reach);
        if moved {
            self.changed();
        }
    }

    /// [`Engine::saw`] for a whole result, which it passes on.
    pub(crate) fn witness<T>(
        &self,
        id: ConnectionId,
        answer: heirloom_gitlab::Result<T>,
    ) -> Result<T> {
        self.saw(id, answer.as_ref().err());
        answer.map_err(Error::from)
    }
}
