//! Drafts, plans, applying.

use std::time::Duration;

use heirloom_engine::core::ids::Level;
use tauri::State;

use super::Answer;
use crate::convert;
use crate::dto::{
    ChangeRequest, Draft, DraftCheck, DraftSummary, EditForm, IntegrationRef, Plan, Run,
    SecretInput,
};
use crate::state::AppState;

/// How long a changed default is followed into what inherits it.
const FOLLOWED_FOR: Duration = Duration::from_secs(120);

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
    let id = heirloom_engine::core::ids::ConnectionId(connection);
    let drafts = state.engine.drafts(id).await?;
    Ok(drafts.iter().map(|note| convert::draft_summary(connection, note)).collect())
}

/// Plans a change, on what GitLab has now.
#[tauri::command]
#[specta::specta]
pub async fn make_plan(state: State<'_, AppState>, request: ChangeRequest) -> Answer<Plan> {
    let (id, request) = convert::request(request)?;
    Ok(convert::plan(state.engine.plan(id, request).await?))
}

/// Applies a plan, once. A changed default is then followed into what inherits it.
#[tauri::command]
#[specta::specta]
pub async fn apply_plan(
    state: State<'_, AppState>,
    plan: String,
    secrets: Vec<SecretInput>,
    remember: bool,
    typed_count: Option<u32>,
) -> Answer<Run> {
    let secrets = convert::secrets(secrets, remember);
    let number = convert::run_id(&plan)?;
    let run = state.engine.apply(number, secrets, typed_count).await?;
    if run.outcomes.iter().any(|outcome| outcome.scope.listed.key.level == Level::Group) {
        let engine = state.engine.clone();
        tauri::async_runtime::spawn(async move {
            if let Err(error) = engine.follow(number, FOLLOWED_FOR).await {
                tracing::warn!(%error, "what inherits could not be read again");
            }
        });
    }
    Ok(convert::run(run))
}

/// Throws a plan away.
#[tauri::command]
#[specta::specta]
pub async fn discard_plan(state: State<'_, AppState>, plan: String) -> Answer<()> {
    Ok(state.engine.discard_plan(convert::run_id(&plan)?).await?)
}
