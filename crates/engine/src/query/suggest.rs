//! Scopes and values for what is being typed.

use heirloom_core::catalog;
use heirloom_core::ids::{ConnectionId, Slug};
use heirloom_core::row::State;
use heirloom_store::cache::scopes::Scope;

use super::find::{SharedValues, Total};
use super::items::{known, server_version};
use crate::{Engine, Result};

/// What a text was found in, for somebody who is still typing.
#[derive(Clone, Debug)]
pub struct Suggestions {
    /// Scopes, best first, each with the state of the integration that was asked about.
    pub scopes: Vec<(Scope, Option<State>)>,
    /// All scopes.
    pub total_scopes: Total,
    /// Values, those most scopes have first.
    pub values: SharedValues,
}

impl Engine {
    /// Finds a text in names, paths and values that are no secrets: so many of each at most.
    /// With a kind, its state at each of the scopes.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn suggest(
        &self,
        id: ConnectionId,
        text: String,
        kind: Option<Slug>,
        limit: u32,
    ) -> Result<Suggestions> {
        self.blocking(move |engine| {
            let store = engine.store();
            let (total_scopes, found) = store.find_scopes(id, &text, limit)?;
            let server = server_version(&store.connection(id)?);
            let mut scopes = Vec::with_capacity(found.len());
            for scope in found {
                let state = match &kind {
                    Some(slug) => {
                        let kept = store.integration(id, scope.listed.key, slug)?;
                        let (known, _) = known(&scope, catalog::find(slug), kept.as_ref(), server);
                        Some(known.state())
                    }
                    None => None,
                };
                scopes.push((scope, state));
            }
            let values = store.find_shared_values(id, &text, limit)?;
            Ok(Suggestions { scopes, total_scopes, values })
        })
        .await
    }
}
