//! Secrets typed for an apply. In memory only, unless the keychain is to remember them.

use std::collections::HashMap;

use heirloom_core::ids::ScopeKey;
use secrecy::{ExposeSecret as _, SecretString};

/// Secret values by field: for all scopes of a run, or for one of them.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    shared: HashMap<String, SecretString>,
    own: HashMap<(ScopeKey, String), SecretString>,
    remember: bool,
}

impl Secrets {
    /// Lets the keychain remember what was typed, as soon as it is applied.
    #[must_use]
    pub const fn remembered(mut self) -> Self {
        self.remember = true;
        self
    }

    /// Whether the keychain is to remember them.
    pub(super) const fn to_remember(&self) -> bool {
        self.remember
    }

    /// Gives every scope a value.
    pub fn give(&mut self, field: impl Into<String>, value: SecretString) {
        self.shared.insert(field.into(), value);
    }

    /// Gives one scope a value of its own.
    pub fn give_at(&mut self, scope: ScopeKey, field: impl Into<String>, value: SecretString) {
        self.own.insert((scope, field.into()), value);
    }

    /// The value for a scope's field, if one was given.
    pub fn get(&self, scope: ScopeKey, field: &str) -> Option<&SecretString> {
        self.own
            .get(&(scope, field.to_owned()))
            .or_else(|| self.shared.get(field))
            .filter(|value| !value.expose_secret().is_empty())
    }
}

impl FromIterator<(String, SecretString)> for Secrets {
    fn from_iter<T: IntoIterator<Item = (String, SecretString)>>(pairs: T) -> Self {
        Self { shared: pairs.into_iter().collect(), own: HashMap::new(), remember: false }
    }
}
