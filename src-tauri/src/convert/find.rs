//! What is offered while somebody types.

use heirloom_engine::core::catalog;
use heirloom_engine::export::Part;
use heirloom_engine::query::find::{SharedValue, Total};
use heirloom_engine::query::suggest::Suggestions;

use super::{category, kind_title, scope_key, scope_name, slug, state, value};
use crate::dto;

/// What a text was found in.
pub fn suggestions(found: &Suggestions) -> dto::Suggestions {
    dto::Suggestions {
        scopes: found
            .scopes
            .iter()
            .map(|(scope, of)| dto::SuggestedScope {
                scope: scope_name(scope),
                archived: scope.listed.archived,
                state: of.map(state),
            })
            .collect(),
        total_scopes: matches(found.total_scopes),
        total_values: matches(found.values.total),
        values: found.values.values.iter().map(suggested_value).collect(),
    }
}

fn matches(total: Total) -> dto::Matches {
    dto::Matches { n: total.n, more: total.more }
}

fn suggested_value(of: &SharedValue) -> dto::SuggestedValue {
    let known = catalog::find(&of.slug);
    let field = known.and_then(|known| known.field(&of.field));
    dto::SuggestedValue {
        slug: of.slug.to_string(),
        title: kind_title(&of.slug),
        category: category(known),
        field: of.field.clone(),
        field_title: field.map_or(of.field.as_str(), |field| field.title).to_owned(),
        value: value(&of.value),
        scopes: of.scopes,
        custom: of.custom,
        example: scope_name(&of.example),
    }
}

/// The part of the local copy that the window named.
///
/// # Errors
/// When a scope or a kind cannot be a name.
pub fn part(of: &dto::ExportPart) -> Result<Part, dto::IpcError> {
    Ok(Part {
        below: of.below.as_ref().map(scope_key).transpose()?,
        slug: of.slug.as_deref().map(slug).transpose()?,
    })
}
