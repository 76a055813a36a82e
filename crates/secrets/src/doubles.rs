//! Stores that are not the keychain: one that forgets at exit, for the demo's own connections and
//! for tests, and one that fails as keychains do.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret, SecretString};

use crate::{Answer, Error, SecretName, SecretStore};

/// Keeps secrets in memory until it is dropped.
#[derive(Default)]
pub struct Memory(Mutex<BTreeMap<SecretName, SecretString>>);

impl Memory {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// The names it holds, in order.
    pub fn names(&self) -> Vec<SecretName> {
        self.held().keys().cloned().collect()
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<SecretName, SecretString>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Memory").field(&self.names()).finish()
    }
}

impl SecretStore for Memory {
    fn get<'a>(&'a self, name: &'a SecretName) -> Answer<'a, Option<SecretString>> {
        Box::pin(ready(Ok(self.held().get(name).cloned())))
    }

    fn set<'a>(&'a self, name: &'a SecretName, secret: &'a SecretString) -> Answer<'a, ()> {
        self.held().insert(name.clone(), SecretString::from(secret.expose_secret()));
        Box::pin(ready(Ok(())))
    }

    fn delete<'a>(&'a self, name: &'a SecretName) -> Answer<'a, ()> {
        self.held().remove(name);
        Box::pin(ready(Ok(())))
    }

    fn check(&self) -> Answer<'_, ()> {
        Box::pin(ready(Ok(())))
    }
}

/// Fails every call in the same way.
#[derive(Clone, Debug)]
pub struct Failing(pub Error);

impl SecretStore for Failing {
    fn get<'a>(&'a self, _: &'a SecretName) -> Answer<'a, Option<SecretString>> {
        Box::pin(ready(Err(self.0.clone())))
    }

    fn set<'a>(&'a self, _: &'a SecretName, _: &'a SecretString) -> Answer<'a, ()> {
        Box::pin(ready(Err(self.0.clone())))
    }

    fn delete<'a>(&'a self, _: &'a SecretName) -> Answer<'a, ()> {
        Box::pin(ready(Err(self.0.clone())))
    }

    fn check(&self) -> Answer<'_, ()> {
        Box::pin(ready(Err(self.0.clone())))
    }
}
