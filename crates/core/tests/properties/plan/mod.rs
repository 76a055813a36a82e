//! Plans: what would be sent, and what the row would look like after it.

mod defaults;
mod disable;
mod estate;
mod gitlab;
mod handing_down;
mod set_custom;
mod use_default;
mod worlds;

use heirloom_core::catalog::{FieldType, Integration};
use heirloom_core::ids::{Level, ScopeKey, Slug};
use heirloom_core::plan::{Snapshot, Step, is_shown};
use heirloom_core::settings::Settings;
use heirloom_core::value::Value;
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

/// What can be compared of a row that was brought back: what is sent and shown on both `sides`,
/// before and after. What is no text cannot be unset by a parameter once it was set, and off is
/// what an event is that was never set.
fn comparable(
    integration: &'static Integration,
    level: Level,
    server: (u32, u32),
    row: &Snapshot,
    sides: [&Snapshot; 2],
) -> Snapshot {
    if *row == Snapshot::Nothing {
        return Snapshot::Nothing;
    }
    let [had, have] = sides.map(|side| side.settings().fields);
    let Settings { mut fields, mut events } = row.settings();
    fields.retain(|name, _| {
        let Some(field) = integration.field(name) else { return false };
        let sendable = had.get(name).is_some_and(|value| *value != Value::Unset)
            || matches!(field.field_type, FieldType::String | FieldType::StringArray);
        let offered = field.rest && field.offered(level, server);
        offered && sendable && is_shown(field, &had) && is_shown(field, &have)
    });
    events.retain(|name, on| {
        *on && integration.event(name).is_some_and(|it| it.offered(level, server))
    });
    let settings = Settings { fields, events };
    Snapshot::Stored { inherited: row.inherited(), active: row.active(), settings }
}
