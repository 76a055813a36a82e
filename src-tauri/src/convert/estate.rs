//! Many scopes at once: the matrix, one kind, the overview.

use std::collections::BTreeMap;

use heirloom_engine::core::catalog::{self, Field};
use heirloom_engine::core::ids::{Level, ScopeKey, Slug};
use heirloom_engine::core::row::{Basis, State};
use heirloom_engine::core::settings::Side;
use heirloom_engine::query::integration::{KindDefault, KindView, Member};
use heirloom_engine::query::kinds::KindCounts;
use heirloom_engine::query::matrix::{MatrixHead, MatrixQuestion, MatrixRow, MatrixSum};
use heirloom_engine::query::overview::{Overview, Trend};
use heirloom_engine::{Clusters, Kept, MatrixCell};

use super::{
    category, level, scope_key, scope_name, scope_ref, side, slug, small, state, unreadable,
};
use crate::dto;

/// Values of one field are shown up to this many; the rest are counted.
const VALUES: usize = 50;

/// A matrix's question.
///
/// # Errors
/// When a scope or a kind cannot be a name.
pub fn matrix_question(filter: &dto::MatrixFilter) -> Result<MatrixQuestion, dto::IpcError> {
    Ok(MatrixQuestion {
        root: filter.root.as_ref().map(scope_key).transpose()?,
        text: filter.text.clone(),
        kinds: filter.kinds.iter().map(|name| slug(name)).collect::<Result<_, _>>()?,
        states: filter.states.iter().map(|state| core_state(*state)).collect(),
        value: filter.value.clone(),
        level: filter.level.map(level),
        visibility: filter.visibility.map(|visibility| match visibility {
            dto::Visibility::Public => "public",
            dto::Visibility::Internal => "internal",
            dto::Visibility::Private => "private",
        }),
        archived: filter.archived,
        folded: filter.folded.iter().map(scope_key).collect::<Result<_, _>>()?,
    })
}

/// What stands around a matrix's rows.
pub fn matrix_head(head: MatrixHead) -> dto::MatrixHead {
    dto::MatrixHead {
        rows: head.rows,
        order: head.order.to_string(),
        groups: head.extent.groups,
        projects: head.extent.projects,
        unreadable: head.extent.unreadable,
    }
}

/// A row of the matrix.
pub fn matrix_row(row: MatrixRow) -> dto::MatrixRow {
    let at = row.scope.listed.key.level;
    let cells = row
        .cells
        .iter()
        .map(|cell| matrix_cell(cell, at, row.drafts.contains(&cell.slug)))
        .collect();
    let listed = row.scope.listed;
    dto::MatrixRow {
        scope: scope_ref(listed.key),
        depth: row.scope.depth,
        name: listed.name,
        path: listed.path,
        children: row.scope.children,
        archived: listed.archived,
        pending_deletion: listed.pending_deletion,
        gone: row.scope.gone_at.is_some(),
        unreadable: row.scope.failure.as_ref().map(unreadable),
        cells,
    }
}

fn matrix_cell(cell: &MatrixCell, at: Level, draft: bool) -> dto::MatrixCell {
    dto::MatrixCell {
        state: state(cell.state),
        sets_default: cell.custom == Some(true) && at != Level::Project,
        custom_below: cell.custom_below,
        draft,
    }
}

/// What a block of cells holds.
pub fn matrix_sum(sum: &MatrixSum) -> dto::MatrixSum {
    dto::MatrixSum { groups: sum.groups, projects: sum.projects, states: state_counts(&sum.states) }
}

/// One kind with its figures.
pub fn kind_counts(kind: &KindCounts) -> dto::KindCounts {
    dto::KindCounts {
        slug: kind.slug.to_string(),
        title: kind.title.clone(),
        category: category(kind.integration),
        counts: state_counts(&kind.counts),
        defaults: kind.defaults,
        in_use: kind.in_use,
    }
}

fn state_counts(counts: &BTreeMap<State, u32>) -> Vec<dto::StateCount> {
    counts.iter().map(|(of, n)| dto::StateCount { state: state(*of), n: *n }).collect()
}

/// One kind across all scopes, with its defaults' values of some fields.
pub fn kind_view(view: &KindView, fields: &[String]) -> dto::KindView {
    let known = view.kind.integration;
    let from_instance =
        view.defaults.iter().any(|each| each.scope.listed.key == ScopeKey::INSTANCE);
    dto::KindView {
        kind: kind_counts(&view.kind),
        description: known.map_or("", |known| known.description).to_owned(),
        scopes: view.scopes,
        fields: known
            .map(|known| known.fields)
            .unwrap_or_default()
            .iter()
            .filter(|field| !field.secret)
            .map(|field| dto::KindField {
                name: field.name.to_owned(),
                title: field.title.to_owned(),
            })
            .collect(),
        defaults: view
            .defaults
            .iter()
            .map(|each| kind_default(each, &view.kind.slug, fields, from_instance))
            .collect(),
    }
}

fn kind_default(
    of: &KindDefault,
    slug: &Slug,
    fields: &[String],
    from_instance: bool,
) -> dto::KindDefault {
    let depth = if from_instance { of.scope.depth } else { of.scope.depth.saturating_sub(1) };
    let kept = of.owner.as_ref().and_then(|owner| owner.kept.as_ref());
    dto::KindDefault {
        scope: scope_name(&of.scope),
        depth,
        sets_default: of.owner.is_some(),
        inferred: of.owner.is_some() && kept.is_none_or(|kept| kept.basis == Basis::Inferred),
        active: kept.is_none_or(|kept| kept.active),
        values: fields.iter().map(|name| field_of(kept, slug, name)).collect(),
        inherit: of.owner.as_ref().map_or(0, |owner| owner.heirs.all()),
        differ: of.owner.as_ref().map_or(0, |owner| owner.heirs.differ),
        custom: of.owner.as_ref().map_or(0, |owner| owner.custom),
    }
}

/// A row's value of a field.
fn field_of(kept: Option<&Kept>, slug: &Slug, name: &str) -> dto::Shown {
    let field = known_field(slug, name);
    let side_of = match kept.and_then(Kept::settings) {
        _ if field.is_some_and(|field| field.secret) => Side::Hidden,
        Some(settings) => Side::Value(settings.fields.get(name).cloned().unwrap_or_default()),
        None => Side::Unread,
    };
    side(&side_of, field)
}

fn known_field(slug: &Slug, name: &str) -> Option<&'static Field> {
    catalog::find(slug)?.field(name)
}

/// Custom settings by value.
pub fn value_groups(found: &Clusters, slug: &Slug, field: &str) -> dto::ValueGroups {
    let field = known_field(slug, field);
    dto::ValueGroups {
        scopes: found.values.iter().map(|(_, n)| n).sum::<u32>() + found.unread,
        values: small(found.values.len()),
        unread: found.unread,
        groups: found
            .values
            .iter()
            .take(VALUES)
            .map(|(value, n)| {
                let label = match side(&Side::Value(value.clone()), field) {
                    dto::Shown::Value { label, .. } => label,
                    dto::Shown::Hidden | dto::Shown::Unread | dto::Shown::None => None,
                };
                dto::ValueGroup { value: super::value(value), label, scopes: *n }
            })
            .collect(),
    }
}

/// A member of a group of values.
pub fn member(of: &Member, slug: &Slug, beside: Option<&str>) -> dto::Member {
    let kept = of.item.kept.as_ref();
    dto::Member {
        scope: scope_name(&of.scope),
        beside: beside.map(|name| field_of(kept, slug, name)),
        updated_at: kept.and_then(|kept| kept.updated_at).map(|at| at.to_string()),
        differing: of.item.differing.map(|(differing, _)| differing),
    }
}

/// Figures at or below a scope.
pub fn overview(found: &Overview) -> dto::Overview {
    dto::Overview {
        groups: found.extent.groups,
        projects: found.extent.projects,
        unreadable: found.extent.unreadable,
        kinds: found.kinds.iter().map(kind_counts).collect(),
        parts: found
            .parts
            .iter()
            .map(|(scope, counts)| dto::PartCounts {
                scope: scope_name(scope),
                counts: state_counts(counts),
            })
            .collect(),
    }
}

/// What the syncs of everything counted, all kinds together.
pub fn trend(found: &Trend) -> dto::Trend {
    dto::Trend {
        points: found
            .points
            .iter()
            .map(|point| {
                let mut counts: BTreeMap<State, u32> = BTreeMap::new();
                for count in &point.counts {
                    *counts.entry(count.state).or_default() += count.n;
                }
                dto::TrendPoint {
                    at: point.finished_at.to_string(),
                    complete: point.complete,
                    counts: state_counts(&counts),
                }
            })
            .collect(),
        runs: found
            .runs
            .iter()
            .map(|(run, at, changes)| dto::TrendRun {
                run: run.0,
                at: at.to_string(),
                changes: *changes,
            })
            .collect(),
    }
}

/// A label the window named.
pub fn core_state(state: dto::State) -> State {
    match state {
        dto::State::Inherited => State::Inherited,
        dto::State::InheritedDiffers => State::InheritedDiffers,
        dto::State::Custom => State::Custom,
        dto::State::Disabled => State::Disabled,
        dto::State::Off => State::Off,
        dto::State::NotSet => State::NotSet,
        dto::State::Unavailable => State::Unavailable,
        dto::State::Unknown => State::Unknown,
    }
}
