//! The tree and what one scope has.

use heirloom_engine::core::row::{
    Agrees, Basis, Known, Link, NotRead, Row, Source, State, Unavailable,
};
use heirloom_engine::query::tree::{Node, Window};
use heirloom_engine::query::{Item, ScopeItems};
use heirloom_engine::{Failure, Scope};

use super::{category, scope_ref, sentence};
use crate::dto;

/// A window of the tree.
pub fn tree_page(window: Window) -> dto::TreePage {
    dto::TreePage { total: window.total, rows: window.nodes.into_iter().map(tree_row).collect() }
}

/// A row of the tree.
pub fn tree_row(node: Node) -> dto::TreeRow {
    let scope = node.scope;
    let listed = scope.listed;
    dto::TreeRow {
        scope: scope_ref(listed.key),
        parent: listed.parent.map(scope_ref),
        depth: scope.depth,
        name: listed.name,
        path: listed.path,
        children: scope.children,
        projects: scope.projects,
        custom: node.custom,
        sets_defaults: node.sets_defaults,
        differs: node.differs,
        archived: listed.archived,
        pending_deletion: listed.pending_deletion,
        personal: listed.personal,
        gone: scope.gone_at.is_some(),
        unreadable: scope.failure.as_ref().map(unreadable),
        drafts: node.drafts,
        matches: node.matches,
    }
}

/// Why a scope could not be read.
pub fn unreadable(failure: &Failure) -> dto::Unreadable {
    dto::Unreadable {
        kind: not_read(failure.kind),
        text: sentence(&failure.why),
        at: failure.at.to_string(),
    }
}

/// A scope's names.
pub fn scope_name(scope: &Scope) -> dto::ScopeName {
    dto::ScopeName {
        scope: scope_ref(scope.listed.key),
        name: scope.listed.name.clone(),
        path: scope.listed.path.clone(),
    }
}

/// A scope with its integrations.
pub fn scope_view(found: ScopeItems) -> dto::ScopeView {
    let mut above = found.ancestors.clone();
    above.push(found.node.scope.clone());
    dto::ScopeView {
        ancestors: found.ancestors.iter().map(scope_name).collect(),
        read_at: found.node.scope.listed_at.map(|at| at.to_string()),
        integrations: found.items.iter().map(|item| self::item(item, &above)).collect(),
        scope: tree_row(found.node),
    }
}

/// An integration at a scope. `scopes` names those that may be sources.
pub fn item(item: &Item, scopes: &[Scope]) -> dto::IntegrationItem {
    let kept = item.kept.as_ref();
    let link = item.known.row().map(|row| row.link);
    let (agrees, source) = match link {
        Some(Link::Inherited { source: from, agrees }) => {
            let agrees = match agrees {
                Agrees::Yes => dto::Agrees::Yes,
                Agrees::No => dto::Agrees::No,
                Agrees::Unread => dto::Agrees::Unread,
            };
            (Some(agrees), source(from, scopes))
        }
        Some(Link::Custom) | None => (None, None),
    };
    dto::IntegrationItem {
        slug: item.slug.to_string(),
        title: item.title.clone(),
        category: category(item.integration),
        state: state(item.known.state()),
        inherited: link.map(|link| matches!(link, Link::Inherited { .. })),
        active: kept.filter(|_| !matches!(item.known, Known::NotSet)).map(|kept| kept.active),
        agrees,
        source,
        differing: item.differing.map(|(differing, _)| differing),
        comparable: item.differing.map(|(_, of)| of),
        sets_default: item.sets_default,
        inherit_below: item.inherit_below,
        custom_below: item.custom_below,
        why: why(item),
        inferred: kept.is_some_and(|kept| kept.basis == Basis::Inferred),
        updated_at: kept
            .filter(|kept| kept.basis == Basis::Read)
            .and_then(|kept| kept.updated_at)
            .map(|at| at.to_string()),
        read_at: item.read_at.map(|at| at.to_string()),
        draft: item.draft,
    }
}

/// A source with its names.
pub fn source(source: Source, scopes: &[Scope]) -> Option<dto::Source> {
    let named = |key| scopes.iter().find(|scope| scope.listed.key == key).map(scope_name);
    match source {
        Source::Scope { key, basis } => {
            Some(dto::Source::Known { from: named(key)?, inferred: basis == Basis::Inferred })
        }
        Source::NotVisible(key) | Source::NotAsked(key) => {
            Some(dto::Source::NotVisible { ancestor: named(key)? })
        }
    }
}

fn why(item: &Item) -> Option<dto::Why> {
    let kind = match &item.known {
        Known::Unavailable(Unavailable::Level) => dto::WhyKind::Level,
        Known::Unavailable(Unavailable::NoApi) => dto::WhyKind::NoApi,
        Known::Unavailable(Unavailable::Version) => dto::WhyKind::Version,
        Known::Unknown(reason) => not_read(*reason),
        Known::Row(Row { .. }) | Known::NotSet | Known::Off => return None,
    };
    Some(dto::Why { kind, text: sentence(item.why.as_deref().unwrap_or_default()) })
}

fn not_read(reason: NotRead) -> dto::WhyKind {
    match reason {
        NotRead::NotYet => dto::WhyKind::NotRead,
        NotRead::NoPermission => dto::WhyKind::NoPermission,
        NotRead::Failed => dto::WhyKind::Failed,
        NotRead::Version => dto::WhyKind::Version,
    }
}

/// A label.
pub fn state(state: State) -> dto::State {
    match state {
        State::Inherited => dto::State::Inherited,
        State::InheritedDiffers => dto::State::InheritedDiffers,
        State::Custom => dto::State::Custom,
        State::Disabled => dto::State::Disabled,
        State::Off => dto::State::Off,
        State::NotSet => dto::State::NotSet,
        State::Unavailable => dto::State::Unavailable,
        State::Unknown => dto::State::Unknown,
    }
}
