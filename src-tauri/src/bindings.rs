//! The commands and events the window may use, and their TypeScript.

use tauri_specta::{Builder, collect_commands, collect_events};

use crate::commands::{
    app, changes, connections, estate, export, find, runs, scopes, sync, window,
};
use crate::events::{Changed, Closing};

/// Everything the window may call.
pub fn builder() -> Builder<tauri::Wry> {
    Builder::new()
        .commands(collect_commands![
            app::app_info,
            app::history_kept_days,
            app::keep_history_days,
            app::open_in_gitlab,
            app::gitlab_page,
            app::open_token_page,
            connections::list_connections,
            connections::check_connection,
            connections::connect,
            connections::check_token,
            connections::replace_token,
            connections::remove_connection,
            connections::rename_connection,
            connections::set_safety,
            connections::start_demo,
            connections::recheck,
            sync::sync_cost,
            sync::start_sync,
            sync::deep_scan_cost,
            sync::start_deep_scan,
            sync::cancel_sync,
            sync::sync_status,
            scopes::tree_children,
            scopes::tree_search,
            scopes::tree_path,
            scopes::scope_view,
            scopes::compare,
            estate::kinds,
            estate::matrix_head,
            estate::matrix_rows,
            estate::matrix_sum,
            estate::kind_view,
            estate::value_groups,
            estate::group_members,
            estate::overview,
            estate::trend,
            estate::drift,
            estate::drift_counts,
            find::suggest,
            export::export_copy,
            export::export_drift,
            changes::edit_form,
            changes::check_draft,
            changes::keep_draft,
            changes::discard_draft,
            changes::list_drafts,
            changes::make_plan,
            changes::plan_drafts,
            changes::bulk_form,
            changes::apply_plan,
            changes::discard_plan,
            runs::plan_many,
            runs::plan_undo,
            runs::plan_again,
            runs::keep_steps,
            runs::tray,
            runs::past_runs,
            runs::run_view,
            runs::plan_review,
            runs::export_plan,
            runs::ask_maybe,
            runs::plan_sums,
            runs::leave_out,
            runs::forget_secrets,
            runs::secret_fields,
            runs::cancel_ask,
            runs::step_groups,
            runs::run_steps,
            runs::run_step,
            runs::plan_skipped,
            runs::plan_touched,
            runs::begin_run,
            runs::resume_run,
            runs::pause_run,
            runs::cancel_run,
            runs::close_run,
            window::read_preferences,
            window::write_preference,
            window::close_window,
            window::stay_open,
        ])
        .events(collect_events![Changed, Closing])
        .disable_serde_phases()
}

#[cfg(test)]
mod tests {
    use specta_typescript::Typescript;

    use super::builder;

    const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/ipc/bindings.gen.ts");

    #[test]
    fn committed_bindings_are_those_of_the_commands() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("bindings.ts");
        builder().export(Typescript::default(), &path).expect("bindings are written");
        let fresh = std::fs::read_to_string(&path).expect("bindings are there");
        if std::env::var_os("HEIRLOOM_WRITE_BINDINGS").is_some() {
            std::fs::write(COMMITTED, fresh).expect("the committed file can be written");
            return;
        }
        let committed = std::fs::read_to_string(COMMITTED).expect("bindings are committed");
        assert!(
            committed == fresh,
            "ui/src/ipc/bindings.gen.ts is not what the commands say: run cargo xtask bindings"
        );
    }
}
