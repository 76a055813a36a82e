//! From GitLab's answers to what the store keeps.

use std::collections::BTreeMap;

use heirloom_core::catalog;
use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_core::row::{Basis, NotRead};
use heirloom_core::value::Value;
use heirloom_gitlab::dto::{IntegrationDetail, IntegrationRow};
use heirloom_gitlab::{Error, Problem};
use heirloom_store::cache::integrations::{Flags, ValuesRead};
use heirloom_store::cache::scopes::Failure;
use jiff::Timestamp;

pub(crate) fn flags(row: IntegrationRow) -> Flags {
    Flags {
        slug: row.slug,
        title: row.title,
        active: row.active,
        inherited: row.inherited,
        updated_at: row.updated_at,
        events: row.events,
    }
}

/// A single reading. Properties pass the catalog's allow-list here, before anything keeps them.
pub(crate) fn reading(
    scope: ScopeKey,
    slug: &Slug,
    detail: Option<IntegrationDetail>,
    at: Timestamp,
) -> ValuesRead {
    let row = detail.map(|detail| {
        let fields: BTreeMap<String, Value> = catalog::allowed::readable(slug, &detail.properties);
        (flags(detail.row), fields)
    });
    ValuesRead { scope, slug: slug.clone(), at, basis: Basis::Read, row }
}

/// Why a scope could not be read, for the store.
pub(crate) fn failure(error: &Error, at: Timestamp) -> Failure {
    let kind = match error.problem {
        Problem::Forbidden { .. } | Problem::InsufficientScope { .. } => NotRead::NoPermission,
        _ => NotRead::Failed,
    };
    Failure { kind, why: error.problem.to_string(), at }
}
