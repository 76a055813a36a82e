//! The operating system's keychain.

mod ring;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::{Answer, Error, SecretName, SecretStore};
use ring::OsRing;
use worker::{Ticket, Worker};

/// Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
///
/// A locked keychain answers only once somebody unlocks it, and its callers cannot be interrupted.
/// So all calls go through one thread of their own and are given up after a time limit; while one
/// of them hangs, others fail at once with [`Error::Locked`]. What was given up leaves nothing
/// behind: a secret that gets through later is taken back.
///
/// Its calls must be awaited within a tokio runtime.
#[derive(Clone)]
pub struct Keychain {
    worker: Arc<Worker>,
    limit: Duration,
}

impl Keychain {
    /// The time limit for calls that nobody is waiting to unlock.
    pub const LIMIT: Duration = Duration::from_secs(5);

    /// The keychain of the person running this program. Does nothing yet.
    pub fn new() -> Self {
        Self { worker: Arc::new(Worker::over(OsRing)), limit: Self::LIMIT }
    }

    /// The same keychain with another time limit, as for a call during which the person is asked
    /// to unlock it.
    #[must_use]
    pub fn with_limit(&self, limit: Duration) -> Self {
        Self { worker: Arc::clone(&self.worker), limit }
    }
}

impl Default for Keychain {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Keychain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keychain").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl SecretStore for Keychain {
    fn get<'a>(&'a self, name: &'a SecretName) -> Answer<'a, Option<SecretString>> {
        let name = name.clone();
        Box::pin(self.worker.call(self.limit, move |ring, _| ring.get(&name)))
    }

    fn set<'a>(&'a self, name: &'a SecretName, secret: &'a SecretString) -> Answer<'a, ()> {
        let (name, secret) = (name.clone(), secret.clone());
        let keep = move |ring: &dyn ring::Ring, ticket: &Ticket| {
            let before = ring.get(&name)?;
            if ticket.is_given_up() {
                return Err(Error::Locked);
            }
            ring.set(&name, &secret)?;
            if ticket.finish() {
                return Ok(());
            }
            // The caller was told that it failed: make that true.
            match before {
                Some(before) => ring.set(&name, &before)?,
                None => ring.delete(&name)?,
            }
            Err(Error::Locked)
        };
        Box::pin(self.worker.call(self.limit, keep))
    }

    fn delete<'a>(&'a self, name: &'a SecretName) -> Answer<'a, ()> {
        let name = name.clone();
        Box::pin(self.worker.call(self.limit, move |ring, _| ring.delete(&name)))
    }

    fn check(&self) -> Answer<'_, ()> {
        let probe = |ring: &dyn ring::Ring, _: &Ticket| {
            let name = SecretName::probe();
            ring.set(&name, &SecretString::from("probe"))?;
            let read = ring.get(&name);
            ring.delete(&name)?;
            match read? {
                Some(value) if value.expose_secret() == "probe" => Ok(()),
                _ => Err(Error::Failed("it does not give back what it was given".to_owned())),
            }
        };
        Box::pin(self.worker.call(self.limit, probe))
    }
}

#[cfg(test)]
mod tests;
