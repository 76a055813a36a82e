//! What changed between readings.

use heirloom_engine::RunId;
use heirloom_engine::core::catalog;
use heirloom_engine::core::ids::{Level, Slug};
use heirloom_engine::core::settings::Side as Setting;
use heirloom_engine::history::{Change, DriftCounts, HistoryFilter, Side, SyncId, What};

use super::{invalid, scope_key, scope_ref, side, slug, state, time};
use crate::dto;

/// Which changes.
///
/// # Errors
/// When a scope, a kind, a time or a sync cannot be one.
pub fn history_filter(query: &dto::DriftQuery) -> Result<HistoryFilter, dto::IpcError> {
    let sync = |text: &String| {
        text.parse().map(SyncId::of).map_err(|_| invalid(format!("“{text}” is no sync")))
    };
    Ok(HistoryFilter {
        subtree: query.below.as_ref().map(scope_key).transpose()?,
        slug: query.slug.as_deref().map(slug).transpose()?,
        since: Some(time(&query.since)?),
        until: None,
        sync: query.sync.as_ref().map(sync).transpose()?,
        run: query.run.map(RunId),
    })
}

/// One change.
pub fn drift_change(change: Change) -> dto::DriftChange {
    let known = change.slug.as_ref().and_then(catalog::find);
    let what = match &change.what {
        What::State => dto::DriftWhat::State,
        What::Source => dto::DriftWhat::Source,
        What::Field(name) => dto::DriftWhat::Setting {
            title: known
                .and_then(|known| known.field(name))
                .map_or_else(|| name.clone(), |field| field.title.to_owned()),
        },
        What::Event(name) => dto::DriftWhat::Setting {
            title: known
                .and_then(|known| known.event(name))
                .map_or_else(|| name.clone(), |event| event.title.to_owned()),
        },
        What::Scope => dto::DriftWhat::Scope,
        What::Path => dto::DriftWhat::Path,
    };
    let before = drift_side(&change, &change.before);
    let after = drift_side(&change, &change.after);
    dto::DriftChange {
        at: change.at.to_string(),
        run: change.by.map(|run| run.0),
        scope: scope_ref(change.scope),
        path: change.path,
        title: change.slug.as_ref().map(kind_title),
        slug: change.slug.map(|slug| slug.to_string()),
        what,
        before,
        after,
    }
}

fn drift_side(change: &Change, of: &Side) -> dto::DriftSide {
    let field = match (&change.slug, &change.what) {
        (Some(slug), What::Field(name)) => catalog::find(slug).and_then(|known| known.field(name)),
        _ => None,
    };
    match of {
        Side::NotKnown => dto::DriftSide::NotKnown,
        Side::State(label) => dto::DriftSide::State { state: state(*label) },
        Side::Source { scope, path } => dto::DriftSide::Path {
            path: if scope.level == Level::Instance { "instance".into() } else { path.clone() },
        },
        Side::Value(value) => {
            dto::DriftSide::Setting { shown: side(&Setting::Value(value.clone()), field) }
        }
        Side::Flag(on) => dto::DriftSide::Setting { shown: side(&Setting::Flag(*on), None) },
        Side::Scope { there: true } => dto::DriftSide::There,
        Side::Scope { there: false } => dto::DriftSide::Gone,
        Side::Path(path) => dto::DriftSide::Path { path: path.clone() },
    }
}

/// A kind's title.
pub fn kind_title(slug: &Slug) -> String {
    catalog::find(slug).map_or_else(|| slug.to_string(), |known| known.title.to_owned())
}

/// How much changed.
pub fn drift_counts(found: &DriftCounts) -> dto::DriftCounts {
    dto::DriftCounts {
        by_kind: found
            .by_kind
            .iter()
            .map(|kind| dto::KindDrift {
                slug: kind.slug.as_ref().map(Slug::to_string),
                title: kind.slug.as_ref().map(kind_title),
                scopes: kind.scopes,
                changes: kind.changes,
            })
            .collect(),
        by_sync: found
            .by_sync
            .iter()
            .map(|noticed| dto::SyncDrift {
                sync: noticed.sync.map(|sync| sync.number().to_string()),
                run: noticed.by.map(|run| run.0),
                at: noticed.at.to_string(),
                changes: noticed.changes,
            })
            .collect(),
    }
}
