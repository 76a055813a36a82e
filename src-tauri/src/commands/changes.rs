//! Drafts, plans, applying.

use std::collections::BTreeMap;

use heirloom_engine::core::ids::ConnectionId;
use tauri::State;

use super::Answer;
use crate::convert;
use crate::dto::{
    ChangeRequest, Draft, DraftCheck, DraftSummary, DraftsPlanned, EditForm, FormSection,
    IntegrationRef, Plan, Run, SecretInput,
};
use crate::state::AppState;

/// The form for custom settings.
#[tauri::command]
#[specta::specta]
pub async fn edit_form(state: State<'_, AppState>, at: IntegrationRef) -> Answer<EditForm> {
    let (id, key, slug) = convert::place(&at)?;
    Ok(convert::form(&state.engine.edit_form(id, key, slug).await?))
}

/// What a draft amounts to.
#[tauri::command]
#[specta::specta]
pub async fn check_draft(
    state: State<'_, AppState>,
    at: IntegrationRef,
    draft: Draft,
    typed_secrets: Vec<String>,
) -> Answer<DraftCheck> {
    let (id, key, slug) = convert::place(&at)?;
    let draft = convert::settings(&slug, draft);
    let report = state.engine.check_draft(id, key, slug.clone(), draft, typed_secrets).await?;
    Ok(convert::draft_check(&slug, &report))
}

/// Keeps a draft; returns when.
#[tauri::command]
#[specta::specta]
pub async fn keep_draft(
    state: State<'_, AppState>,
    at: IntegrationRef,
    draft: Draft,
) -> Answer<String> {
    let (id, key, slug) = convert::place(&at)?;
    let draft = convert::settings(&slug, draft);
    Ok(state.engine.keep_draft(id, key, slug, draft).await?.to_string())
}

/// Discards a draft.
#[tauri::command]
#[specta::specta]
pub async fn discard_draft(state: State<'_, AppState>, at: IntegrationRef) -> Answer<()> {
    let (id, key, slug) = convert::place(&at)?;
    Ok(state.engine.discard_draft(id, key, slug).await?)
}

/// Every kept draft.
#[tauri::command]
#[specta::specta]
pub async fn list_drafts(state: State<'_, AppState>, connection: u32) -> Answer<Vec<DraftSummary>> {
    let id = ConnectionId(connection);
    let drafts = state.engine.drafts(id).await?;
    Ok(drafts.iter().map(|note| convert::draft_summary(connection, note)).collect())
}

/// Plans a change, on what GitLab has now.
#[tauri::command]
#[specta::specta]
pub async fn make_plan(state: State<'_, AppState>, request: ChangeRequest) -> Answer<Plan> {
    let (id, request) = convert::request(request)?;
    let plan = state.engine.plan(id, request).await?;
    let needs = state.engine.secret_needs(plan.id).await?;
    Ok(convert::plan(&plan, &needs))
}

/// Plans drafts together, as kept: one plan for each integration. A draft that is possible nowhere
/// hinders no other.
#[tauri::command]
#[specta::specta]
pub async fn plan_drafts(
    state: State<'_, AppState>,
    connection: u32,
    drafts: Vec<IntegrationRef>,
) -> Answer<DraftsPlanned> {
    let id = ConnectionId(connection);
    let mut kinds: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for at in &drafts {
        let (_, scope, slug) = convert::place(at)?;
        kinds.entry(slug).or_default().push(scope);
    }
    let mut planned = DraftsPlanned { runs: Vec::new(), left: Vec::new() };
    for (slug, scopes) in kinds {
        let made = state.engine.plan_drafts(id, slug.clone(), scopes.clone()).await;
        convert::add_planned(&mut planned, id, &slug, &scopes, made);
    }
    Ok(planned)
}

/// What can be set of an integration at many scopes at once.
#[tauri::command]
#[specta::specta]
pub async fn bulk_form(
    state: State<'_, AppState>,
    connection: u32,
    slug: String,
) -> Answer<Vec<FormSection>> {
    let slug = convert::slug(&slug)?;
    Ok(convert::settable(state.engine.settable(ConnectionId(connection), &slug).await?))
}

/// Applies a plan that touches no other scope, once.
#[tauri::command]
#[specta::specta]
pub async fn apply_plan(
    state: State<'_, AppState>,
    plan: String,
    secrets: Vec<SecretInput>,
    remember: bool,
) -> Answer<Run> {
    let secrets = convert::secrets(secrets, remember);
    let number = convert::run_id(&plan)?;
    // One that asks for a number to be typed is applied from its own page.
    Ok(convert::run(state.engine.apply(number, secrets, None).await?))
}

/// Throws a plan away.
#[tauri::command]
#[specta::specta]
pub async fn discard_plan(state: State<'_, AppState>, plan: String) -> Answer<()> {
    Ok(state.engine.discard_plan(convert::run_id(&plan)?).await?)
}
