//! `plan`.

use heirloom_core::ids::{ConnectionId, Level, ScopeKey, Slug};
use heirloom_engine::Engine;
use heirloom_engine::change::{Bulk, Filter, Plan, Selection, Steps, Wish};

use super::given::{kind, paths, secret_names, settings};
use super::show;
use crate::args::{Common, Planning, What};
use crate::desk;
use crate::exit::{Exit, Failure, Result};
use crate::output;

/// Paths looked up at once.
const TOGETHER: usize = 1_000;

pub async fn run(common: &Common, arguments: Planning) -> Result {
    let engine = desk::engine(common)?;
    let connection = desk::online(&engine, common).await?;
    let id = connection.id;
    let mut typed = arguments.places;
    let slug = typed.pop().ok_or_else(|| Failure::Usage("say which integration".into()))?;
    let (slug, integration) = kind(&slug)?;
    let mut scopes = Vec::new();
    let mut paths = paths(&typed, arguments.paths_from.as_deref())?;
    loop {
        let some = paths.by_ref().take(TOGETHER).collect::<Result<Vec<_>>>()?;
        if some.is_empty() {
            break;
        }
        scopes.extend(engine.find_scopes(id, some, arguments.level).await?);
    }
    let wish = match arguments.what {
        What::UseDefault => Wish::UseDefault,
        What::Disable => Wish::Disable,
        What::Enable => Wish::Enable,
        What::Set => Wish::SetCustom {
            settings: settings(integration, &arguments.field)?,
            typed: secret_names(integration, &arguments.secret_stdin)?,
        },
        What::Copy => {
            let from = arguments
                .from
                .ok_or_else(|| Failure::Usage("copy from where: give --from PATH".into()))?;
            Wish::CopyFrom {
                scope: engine.find_scope(id, &from, None).await?.listed.key,
                typed: secret_names(integration, &arguments.secret_stdin)?,
            }
        }
    };
    let filter = Filter {
        states: arguments.state,
        level: arguments.only,
        visibility: arguments.visibility,
        text: arguments.name,
        value: arguments.value,
        archived: arguments.archived,
    };
    if arguments.ask && arguments.recursive && matches!(wish, Wish::UseDefault | Wish::Enable) {
        ask_off(&engine, id, &scopes, &slug).await?;
    }
    let selection = Selection { scopes, below: arguments.recursive, filter };
    let mut plan = engine.plan_many(id, Bulk { slug, wish, selection }).await?;
    let maybe = plan.blast.maybe.count;
    if arguments.ask && maybe > 0 {
        if arguments.dry_run {
            output::note(format!("{maybe} scopes would be asked about: a request each"));
        } else {
            output::note(format!("Asking about {maybe} scopes: a request each"));
            plan = engine.ask_maybe(plan.id, |_, _| ()).await?;
        }
    }
    if !arguments.leave_out.is_empty() {
        plan = leave_out(&engine, plan, &arguments.leave_out, arguments.level).await?;
    }
    if let Some(path) = arguments.output.filter(|_| !arguments.dry_run) {
        show::save(&engine, plan.id, &path).await?;
    }
    if common.json {
        show::json(&engine, plan.id).await?;
    } else {
        show::text(&plan)?;
        show::secrets(&engine, plan.id).await?;
    }
    // It is in the file, or was only to be seen.
    engine.discard_plan(plan.id).await?;
    Ok(Exit::Done)
}

/// Asks by name who lists no active row: a row that is off may stand there, and go back or on.
async fn ask_off(engine: &Engine, id: ConnectionId, roots: &[ScopeKey], slug: &Slug) -> Result<()> {
    for root in roots {
        let asked = engine.deep_scan_cost(id, *root, slug).await?.requests;
        if asked > 0 {
            output::note(format!(
                "Asking {asked} scopes whose lists do not show it: a request each"
            ));
            engine.deep_scan(id, *root, slug).await?;
        }
    }
    Ok(())
}

/// Takes the steps of single scopes out of a plan, and says which others went with them.
async fn leave_out(
    engine: &Engine,
    plan: Plan,
    paths: &[String],
    level: Option<Level>,
) -> Result<Plan> {
    let mut scopes = Vec::new();
    for path in paths {
        let scope = engine.find_scope(plan.connection, path, level).await?.listed.key;
        if !engine.has_step(plan.id, scope).await? {
            engine.discard_plan(plan.id).await?;
            return Err(Failure::Usage(format!("--leave-out {path}: the plan has no step there")));
        }
        scopes.push(scope);
    }
    let along = engine.leave_out(plan.id, Steps::Of(scopes), true).await?;
    if let Some(first) = along.first.first() {
        output::note(format!("{} more left out, which need one of these ({first} …)", along.steps));
    }
    let plan = engine.show_plan(plan.id).await?;
    if plan.total == 0 {
        engine.discard_plan(plan.id).await?;
        return Err(Failure::Usage("--leave-out leaves nothing to do".into()));
    }
    Ok(plan)
}
