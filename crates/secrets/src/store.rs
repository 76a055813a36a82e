//! What the rest of Heirloom needs of a place for secrets.

use std::future::Future;
use std::pin::Pin;

use secrecy::SecretString;

use crate::{Result, SecretName};

/// A call under way. Boxed, so that a store can be chosen at run time.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A place for secrets.
pub trait SecretStore: Send + Sync {
    /// Fetches a secret; `None` where there is none of that name.
    fn get<'a>(&'a self, name: &'a SecretName) -> Answer<'a, Option<SecretString>>;

    /// Keeps a secret, in place of one of the same name. A failed call has not kept it.
    fn set<'a>(&'a self, name: &'a SecretName, secret: &'a SecretString) -> Answer<'a, ()>;

    /// Forgets a secret. Nothing happens where there is none.
    fn delete<'a>(&'a self, name: &'a SecretName) -> Answer<'a, ()>;

    /// Finds out whether the store can be used, by keeping, fetching and forgetting a probe: an
    /// existing keychain may still be locked, which only using it shows.
    fn check(&self) -> Answer<'_, ()>;
}
