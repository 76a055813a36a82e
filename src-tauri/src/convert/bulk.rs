//! One change of many scopes: what the window asks for.

use heirloom_engine::change::{About, Bulk, DraftsPlanned, Filter, Selection, Wish};
use heirloom_engine::core::catalog;
use heirloom_engine::core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_engine::query::matrix::moved;
use heirloom_engine::{Engine, Error, RunId};

use super::{
    core_state, level, matrix_question, scope_key, scope_ref, sentence, settings, slug, state,
    typed,
};
use crate::dto;

/// What the window wants planned. Rows and members are looked up here: the window has only seen
/// some of them.
///
/// # Errors
/// When a name in it is none, or the local copy cannot be read.
pub async fn bulk(engine: &Engine, asked: dto::BulkRequest) -> Result<Bulk, dto::IpcError> {
    let id = ConnectionId(asked.connection);
    let slug = slug(&asked.slug)?;
    let wish = match asked.wish {
        dto::BulkWish::UseDefault => Wish::UseDefault,
        dto::BulkWish::Disable => Wish::Disable,
        dto::BulkWish::Enable => Wish::Enable,
        dto::BulkWish::CopyFrom { scope, secrets } => {
            Wish::CopyFrom { scope: scope_key(&scope)?, typed: secrets }
        }
        dto::BulkWish::SetCustom { draft, secrets } => {
            Wish::SetCustom { settings: settings(&slug, draft), typed: secrets }
        }
    };
    let selection = match asked.selection {
        dto::BulkSelection::Below { scope, filter } => {
            Selection { scopes: vec![scope_key(&scope)?], below: true, filter: filter_of(filter) }
        }
        dto::BulkSelection::Rows { filter, order, spans } => {
            let of = matrix_question(&filter)?;
            let spans = spans.iter().map(|span| (span.first, span.last)).collect();
            let archived = filter.archived;
            let scopes =
                engine.matrix_scopes(id, of, spans, order.parse().map_err(|_| moved())?).await?;
            let filter = Filter { archived, ..Filter::default() };
            named(scopes, filter)?
        }
        dto::BulkSelection::Members { query } => {
            let value = typed(catalog::find(&slug), &query.field, query.value);
            let below = query.below.as_ref().map(scope_key).transpose()?;
            let scopes =
                engine.member_scopes(id, slug.clone(), (query.field, value), below).await?;
            named(scopes, Filter::default())?
        }
    };
    Ok(Bulk { slug, wish, selection })
}

/// Adds what came of the drafts of one integration. Where no plan could be made at all, each of
/// them is left, with the reason.
pub fn add_planned(
    planned: &mut dto::DraftsPlanned,
    id: ConnectionId,
    of: &Slug,
    scopes: &[ScopeKey],
    made: heirloom_engine::Result<DraftsPlanned>,
) {
    let left = |scope, why| dto::DraftLeft {
        at: dto::IntegrationRef { connection: id.0, scope: scope_ref(scope), slug: of.to_string() },
        why,
    };
    match made {
        Ok(DraftsPlanned { plan, left: out }) => {
            planned.runs.extend(plan.map(|plan| plan.id.0));
            planned.left.extend(out.into_iter().map(|it| left(it.scope, sentence(&it.why))));
        }
        Err(error) => {
            let why = dto::IpcError::from(error).message;
            planned.left.extend(scopes.iter().map(|scope| left(*scope, why.clone())));
        }
    }
}

fn named(scopes: Vec<ScopeKey>, filter: Filter) -> Result<Selection, dto::IpcError> {
    if scopes.is_empty() {
        return Err(Error::NotPossible("Nothing is selected any more: look again".into()).into());
    }
    Ok(Selection { scopes, below: false, filter })
}

fn filter_of(asked: dto::ScopeFilter) -> Filter {
    let some = |text: String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    Filter {
        states: asked.states.into_iter().map(core_state).collect(),
        level: asked.level.map(level),
        visibility: asked.visibility.map(|it| match it {
            dto::Visibility::Public => "public".into(),
            dto::Visibility::Internal => "internal".into(),
            dto::Visibility::Private => "private".into(),
        }),
        text: some(asked.text),
        value: some(asked.value),
        archived: asked.archived,
    }
}

/// What a plan was asked for.
pub fn about(about: &About, undoes: Option<RunId>) -> dto::About {
    let filter = &about.filter;
    dto::About {
        action: about.action.map(super::action),
        paths: about.paths.clone(),
        named: about.named,
        below: about.below,
        from: about.from.clone(),
        drafts: about.drafts,
        filter: dto::ScopeFilter {
            states: filter.states.iter().map(|it| state(*it)).collect(),
            level: filter
                .level
                .map(|it| scope_ref(ScopeKey { level: it, ..ScopeKey::INSTANCE }).level),
            visibility: match filter.visibility.as_deref() {
                Some("public") => Some(dto::Visibility::Public),
                Some("internal") => Some(dto::Visibility::Internal),
                Some("private") => Some(dto::Visibility::Private),
                _ => None,
            },
            text: filter.text.clone().unwrap_or_default(),
            value: filter.value.clone().unwrap_or_default(),
            archived: filter.archived,
        },
        again: about.again.map(|run| run.0),
        undoes: undoes.map(|run| run.0),
    }
}
