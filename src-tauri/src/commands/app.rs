//! The app itself, and GitLab's pages in the browser.

use heirloom_engine::core::ids::{ConnectionId, Level, ScopeKey};
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt as _;

use super::Answer;
use crate::convert::scope_key;
use crate::dto::{AppInfo, ErrorCode, IpcError, ScopeRef};
use crate::state::AppState;

/// What the app says about itself.
#[tauri::command]
#[specta::specta]
pub async fn app_info(state: State<'_, AppState>) -> Answer<AppInfo> {
    Ok(AppInfo { version: env!("CARGO_PKG_VERSION").to_owned(), demo: state.demo_only })
}

/// For how many days history is kept, of all connections.
#[tauri::command]
#[specta::specta]
pub async fn history_kept_days(state: State<'_, AppState>) -> Answer<u32> {
    Ok(state.engine.history_kept_days().await?)
}

/// Sets for how many days history is kept. What is older goes with the next sync.
#[tauri::command]
#[specta::specta]
pub async fn keep_history_days(state: State<'_, AppState>, days: u32) -> Answer<()> {
    Ok(state.engine.keep_history_days(days).await?)
}

/// Opens a scope's integrations page, or one integration's, in the browser.
#[tauri::command]
#[specta::specta]
pub async fn open_in_gitlab(
    app: AppHandle,
    state: State<'_, AppState>,
    connection: u32,
    scope: ScopeRef,
    slug: Option<String>,
) -> Answer<()> {
    open(&app, &page_of(&state, connection, &scope, slug.as_deref()).await?)
}

/// The address of a scope's integrations page in GitLab, or one integration's: to be copied.
#[tauri::command]
#[specta::specta]
pub async fn gitlab_page(
    state: State<'_, AppState>,
    connection: u32,
    scope: ScopeRef,
    slug: Option<String>,
) -> Answer<String> {
    page_of(&state, connection, &scope, slug.as_deref()).await
}

/// Opens GitLab's page where personal access tokens are made.
#[tauri::command]
#[specta::specta]
pub async fn open_token_page(app: AppHandle, url: String) -> Answer<()> {
    let url = url.trim().trim_end_matches('/');
    let url = if url.contains("://") { url.to_owned() } else { format!("https://{url}") };
    let web = url.starts_with("https://") || url.starts_with("http://");
    if !web || url.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
        return Err(IpcError {
            code: ErrorCode::InvalidInput,
            message: "Enter the address of your GitLab first".into(),
            hint: None,
        });
    }
    let page = "-/user_settings/personal_access_tokens?name=Heirloom&scopes=api";
    open(&app, &format!("{url}/{page}"))
}

async fn page_of(
    state: &AppState,
    connection: u32,
    scope: &ScopeRef,
    slug: Option<&str>,
) -> Answer<String> {
    let id = ConnectionId(connection);
    let key = scope_key(scope)?;
    let base = state.engine.connection(id).await?.details.base_url;
    let path = if key == ScopeKey::INSTANCE {
        String::new()
    } else {
        let lineage = state.engine.tree_path(id, key).await?;
        lineage.last().map(|node| node.scope.listed.path.clone()).unwrap_or_default()
    };
    Ok(settings_page(&base, key.level, &path, slug))
}

/// GitLab's own page for this (contract, section 12): slugs are underscored there.
fn settings_page(base: &str, level: Level, path: &str, slug: Option<&str>) -> String {
    let list = match level {
        Level::Instance => format!("{base}/admin/application_settings/integrations"),
        Level::Group => format!("{base}/groups/{path}/-/settings/integrations"),
        Level::Project => format!("{base}/{path}/-/settings/integrations"),
    };
    match slug {
        Some(slug) => format!("{list}/{}/edit", slug.replace('-', "_")),
        None => list,
    }
}

fn open(app: &AppHandle, url: &str) -> Answer<()> {
    app.opener().open_url(url, None::<&str>).map_err(|error| IpcError {
        code: ErrorCode::Failed,
        message: format!("The browser could not be opened: {error}"),
        hint: Some(format!("Open {url} yourself")),
    })
}

#[cfg(test)]
mod tests {
    use super::{Level, settings_page};

    #[test]
    fn pages_are_gitlabs_own() {
        let page = |level, path, slug| settings_page("https://git.example/sub", level, path, slug);
        assert_eq!(
            page(Level::Project, "a/b", Some("emails-on-push")),
            "https://git.example/sub/a/b/-/settings/integrations/emails_on_push/edit",
            "a project's page, with the slug underscored"
        );
        assert_eq!(
            page(Level::Group, "a", None),
            "https://git.example/sub/groups/a/-/settings/integrations",
            "a group's list"
        );
        assert_eq!(
            page(Level::Instance, "", None),
            "https://git.example/sub/admin/application_settings/integrations",
            "the instance's list"
        );
    }
}
