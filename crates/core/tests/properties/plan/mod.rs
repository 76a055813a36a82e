//! Plans: what would be sent, and what the row would look like after it.

mod disable;
mod gitlab;
mod handing_down;
mod set_custom;
mod use_default;
mod worlds;

use heirloom_core::catalog::Integration;
use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_core::plan::{Snapshot, Step};
use heirloom_core::settings::Settings;
use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use crate::strategies::stored;

/// The parameters of a step's PUT.
fn body(step: &Step) -> &Map<String, Json> {
    step.body().unwrap()
}

fn slug(integration: &Integration) -> Slug {
    integration.slug.parse().unwrap()
}

/// Everywhere the API can write an integration.
fn scopes(integration: &Integration) -> Vec<ScopeKey> {
    [ScopeKey::project(5), ScopeKey::group(6)]
        .into_iter()
        .filter(|scope| integration.levels.contains(scope.level))
        .collect()
}

/// A stored row, or nothing.
fn before(integration: &'static Integration) -> BoxedStrategy<Snapshot> {
    let row = (any::<bool>(), any::<bool>(), stored(integration))
        .prop_map(|(inherited, active, settings)| Snapshot::Stored { inherited, active, settings });
    // After a DELETE the row is there, blank and off.
    let blanked = any::<bool>().prop_map(|inherited| Snapshot::Stored {
        inherited,
        active: false,
        settings: Settings::default(),
    });
    if integration.creatable {
        prop_oneof![6 => row, 1 => blanked, 2 => Just(Snapshot::Nothing)].boxed()
    } else {
        prop_oneof![6 => row, 1 => blanked].boxed()
    }
}
