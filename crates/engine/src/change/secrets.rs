//! Secrets typed for an apply. In memory only.

use std::collections::HashMap;

use heirloom_core::ids::ScopeKey;
use secrecy::{ExposeSecret as _, SecretString};

/// Secret values by field: for all scopes of a run, or for one of them.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    shared: HashMap<String, SecretString>,
    own: HashMap<(ScopeKey, String), SecretString>,
}

impl Secrets {
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

    /// The first of these fields that has no value for a scope.
    pub fn missing<'a>(&self, scope: ScopeKey, fields: &'a [String]) -> Option<&'a str> {
        fields.iter().map(String::as_str).find(|field| self.get(scope, field).is_none())
    }
}

impl FromIterator<(String, SecretString)> for Secrets {
    fn from_iter<T: IntoIterator<Item = (String, SecretString)>>(pairs: T) -> Self {
        Self { shared: pairs.into_iter().collect(), own: HashMap::new() }
    }
}
