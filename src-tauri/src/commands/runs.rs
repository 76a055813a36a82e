//! Plans of many scopes, and runs: looked at a window at a time, applied in the background.

use heirloom_engine::change::{Begun, FOLLOWED_FOR, Plan};
use heirloom_engine::core::catalog;
use heirloom_engine::core::ids::ConnectionId;
use heirloom_engine::{Engine, RunId, StepGroup as Group};
use tauri::{AppHandle, State};

use super::Answer;
use super::export::choose;
use crate::convert;
use crate::dto::{
    Along, AsidePage, BulkRequest, ChosenSteps, PlanReview, PlanSums, RunPage, RunView,
    SecretInput, SecretWanted, StepDetail, StepGroup, StepPage, StepQuery, Touch, Tray,
};
use crate::state::AppState;

/// Plans one change of many scopes, from the local copy; returns the plan's number.
#[tauri::command]
#[specta::specta]
pub async fn plan_many(state: State<'_, AppState>, request: BulkRequest) -> Answer<u32> {
    let id = ConnectionId(request.connection);
    let bulk = convert::bulk(&state.engine, request).await?;
    Ok(number(&state.engine.plan_many(id, bulk).await?))
}

/// Plans to take a run back, or some of its steps; returns the plan's number.
#[tauri::command]
#[specta::specta]
pub async fn plan_undo(
    state: State<'_, AppState>,
    run: u32,
    steps: Option<Vec<u32>>,
) -> Answer<u32> {
    Ok(number(&state.engine.plan_undo(RunId(run), steps).await?))
}

/// Plans again what did not simply work, or some of it; returns the plan's number.
#[tauri::command]
#[specta::specta]
pub async fn plan_again(
    state: State<'_, AppState>,
    run: u32,
    steps: Option<Vec<u32>>,
) -> Answer<u32> {
    Ok(number(&state.engine.plan_again(RunId(run), steps).await?))
}

const fn number(plan: &Plan) -> u32 {
    plan.id.0
}

/// Leaves steps that did not simply work as GitLab has them.
#[tauri::command]
#[specta::specta]
pub async fn keep_steps(state: State<'_, AppState>, run: u32, steps: Vec<u32>) -> Answer<()> {
    Ok(state.engine.keep_steps(RunId(run), steps).await?)
}

/// Plans not yet applied and runs not yet over.
#[tauri::command]
#[specta::specta]
pub async fn tray(state: State<'_, AppState>, connection: u32) -> Answer<Tray> {
    Ok(convert::tray(&state.engine.tray(ConnectionId(connection)).await?))
}

/// A window of the runs that are over, latest first.
#[tauri::command]
#[specta::specta]
pub async fn past_runs(
    state: State<'_, AppState>,
    connection: u32,
    offset: u32,
    limit: u32,
) -> Answer<RunPage> {
    let id = ConnectionId(connection);
    let (total, found) = state.engine.past_runs(id, offset, limit).await?;
    Ok(RunPage { total, rows: found.iter().map(convert::summary).collect() })
}

/// A plan or run as it stands.
#[tauri::command]
#[specta::specta]
pub async fn run_view(state: State<'_, AppState>, run: u32) -> Answer<RunView> {
    let (engine, run) = (&state.engine, RunId(run));
    let view = engine.run_view(run).await?;
    let idle = view.status.is_none() && view.elsewhere.is_none();
    if idle && view.following.is_some_and(|it| !it.over) {
        go_on_following(engine.clone(), run);
    }
    let paused = engine.server_pause(view.summary.note.connection);
    // While it runs, it is looked at often, and neither moves.
    let (kept, reasons) = if view.status.is_some() {
        (Vec::new(), Vec::new())
    } else {
        (engine.kept_secrets(run).await?, engine.skip_reasons(run).await?)
    };
    Ok(convert::run_view(&view, engine.now(), paused, &kept, reasons))
}

/// A plan, to be looked at.
#[tauri::command]
#[specta::specta]
pub async fn plan_review(state: State<'_, AppState>, run: u32) -> Answer<PlanReview> {
    let run = RunId(run);
    let plan = state.engine.show_plan(run).await?;
    let view = state.engine.run_view(run).await?;
    let command = state.engine.plan_command(run).await?;
    let reasons = state.engine.skip_reasons(run).await?;
    Ok(convert::review(&view, &plan, command, reasons))
}

/// What all steps of a plan come to, setting by setting.
#[tauri::command]
#[specta::specta]
pub async fn plan_sums(state: State<'_, AppState>, run: u32) -> Answer<PlanSums> {
    Ok(convert::sums(&state.engine.plan_sums(RunId(run)).await?))
}

/// Leaves steps out of a plan, or takes them in again; says which others went along.
#[tauri::command]
#[specta::specta]
pub async fn leave_out(
    state: State<'_, AppState>,
    run: u32,
    which: ChosenSteps,
    out: bool,
) -> Answer<Along> {
    let which = convert::chosen(which);
    Ok(convert::along(state.engine.leave_out(RunId(run), which, out).await?))
}

/// Takes from the keychain what a run gave it to remember.
#[tauri::command]
#[specta::specta]
pub async fn forget_secrets(state: State<'_, AppState>, run: u32) -> Answer<()> {
    Ok(state.engine.forget_secrets(RunId(run)).await?)
}

/// The secret fields of an integration, which a copy does not bring along.
#[tauri::command]
#[specta::specta]
pub async fn secret_fields(slug: String) -> Answer<Vec<SecretWanted>> {
    Ok(catalog::find(&convert::slug(&slug)?).map(convert::secret_fields).unwrap_or_default())
}

/// Asks where to, and writes a plan there, to be reviewed and applied by heirloomctl. Says where it
/// is; nothing where nobody chose a place.
#[tauri::command]
#[specta::specta]
pub async fn export_plan(
    app: AppHandle,
    state: State<'_, AppState>,
    run: u32,
) -> Answer<Option<String>> {
    let name = format!("heirloom-plan-{run}");
    let Some(path) = choose(&app, &name, "json").await? else { return Ok(None) };
    state.engine.write_plan_to(RunId(run), path.clone()).await?;
    Ok(Some(path.display().to_string()))
}

/// Reads those who may be switched on by a plan, so that it says of each what will become of it.
#[tauri::command]
#[specta::specta]
pub async fn ask_maybe(state: State<'_, AppState>, run: u32) -> Answer<()> {
    state.engine.ask_maybe(RunId(run), |_, _| {}).await?;
    Ok(())
}

/// Ends looking up those who may be switched on; what was read stays known.
#[tauri::command]
#[specta::specta]
pub async fn cancel_ask(state: State<'_, AppState>, connection: u32) -> Answer<()> {
    state.engine.cancel_ask(ConnectionId(connection));
    Ok(())
}

/// How many of a plan's or run's steps do what.
#[tauri::command]
#[specta::specta]
pub async fn step_groups(
    state: State<'_, AppState>,
    run: u32,
    query: StepQuery,
) -> Answer<Vec<StepGroup>> {
    let found = state.engine.step_groups(RunId(run), convert::step_filter(&query)).await?;
    let groups = found.into_iter();
    let group = |it: Group| StepGroup {
        action: convert::action(it.action),
        steps: it.steps,
        left_out: it.left_out,
    };
    Ok(groups.map(group).collect())
}

/// A window of a plan's or run's steps.
#[tauri::command]
#[specta::specta]
pub async fn run_steps(
    state: State<'_, AppState>,
    run: u32,
    query: StepQuery,
    offset: u32,
    limit: u32,
) -> Answer<StepPage> {
    let filter = convert::step_filter(&query);
    let (total, found) = state.engine.step_lines(RunId(run), filter, offset, limit).await?;
    Ok(StepPage { total, rows: found.iter().map(convert::step_row).collect() })
}

/// One step of a plan or run.
#[tauri::command]
#[specta::specta]
pub async fn run_step(state: State<'_, AppState>, run: u32, step: u32) -> Answer<StepDetail> {
    Ok(convert::step_detail(&state.engine.step(RunId(run), step).await?))
}

/// A window of the scopes that a plan leaves out.
#[tauri::command]
#[specta::specta]
pub async fn plan_skipped(
    state: State<'_, AppState>,
    run: u32,
    text: String,
    offset: u32,
    limit: u32,
) -> Answer<AsidePage> {
    Ok(convert::skipped(state.engine.find_skipped(RunId(run), text, offset, limit).await?))
}

/// A window of the scopes that a plan touches in one way.
#[tauri::command]
#[specta::specta]
pub async fn plan_touched(
    state: State<'_, AppState>,
    run: u32,
    how: Touch,
    text: String,
    offset: u32,
    limit: u32,
) -> Answer<AsidePage> {
    let how = convert::touch(how);
    Ok(convert::touched(state.engine.find_touched(RunId(run), how, text, offset, limit).await?))
}

/// Begins to apply a plan, once. Returns when nothing stops it any more; how it goes on is in its
/// view.
#[tauri::command]
#[specta::specta]
pub async fn begin_run(
    state: State<'_, AppState>,
    run: u32,
    secrets: Vec<SecretInput>,
    remember: bool,
    typed_count: Option<u32>,
) -> Answer<()> {
    let secrets = convert::secrets(secrets, remember);
    let begun = state.engine.begin_run(RunId(run), secrets, typed_count).await?;
    go_on(state.engine.clone(), RunId(run), begun);
    Ok(())
}

/// Goes on with a run that was paused or interrupted, as [`begin_run`] does.
#[tauri::command]
#[specta::specta]
pub async fn resume_run(
    state: State<'_, AppState>,
    run: u32,
    secrets: Vec<SecretInput>,
    remember: bool,
) -> Answer<()> {
    let secrets = convert::secrets(secrets, remember);
    let begun = state.engine.begin_again(RunId(run), secrets).await?;
    go_on(state.engine.clone(), RunId(run), begun);
    Ok(())
}

/// Applies it in the background; a changed default is then followed into what inherits it.
fn go_on(engine: Engine, run: RunId, begun: Begun) {
    tauri::async_runtime::spawn(async move {
        if let Err(error) = begun.finish().await {
            tracing::warn!(%error, run = run.0, "a run was paused");
        }
        if let Err(error) = engine.follow(run, FOLLOWED_FOR).await {
            tracing::warn!(%error, run = run.0, "what inherits could not be read again");
        }
    });
}

/// Follows in the background what a run changed, where the program that did so ended before it was
/// through.
fn go_on_following(engine: Engine, run: RunId) {
    tauri::async_runtime::spawn(async move {
        if let Err(error) = engine.follow_on(run).await {
            tracing::warn!(%error, run = run.0, "what inherits could not be read again");
        }
    });
}

/// Holds what is being applied after the steps under way; it can go on later.
#[tauri::command]
#[specta::specta]
pub async fn pause_run(state: State<'_, AppState>, connection: u32) -> Answer<()> {
    state.engine.pause_apply(ConnectionId(connection));
    Ok(())
}

/// Ends what is being applied after the steps under way; the others stay undone.
#[tauri::command]
#[specta::specta]
pub async fn cancel_run(state: State<'_, AppState>, connection: u32) -> Answer<()> {
    state.engine.cancel_apply(ConnectionId(connection));
    Ok(())
}

/// Ends a run that is paused or was interrupted: its open steps stay undone.
#[tauri::command]
#[specta::specta]
pub async fn close_run(state: State<'_, AppState>, run: u32) -> Answer<()> {
    Ok(state.engine.close_run(RunId(run)).await?)
}
