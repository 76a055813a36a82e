//! `undo` and `again`: new plans made from a run.

use heirloom_engine::RunId;

use super::apply::{of_connection, secrets, with_plan};
use super::show;
use crate::args::{Common, OfRun};
use crate::desk;
use crate::exit::{Exit, Result};

/// What is made of a run.
#[derive(Clone, Copy)]
enum From {
    /// What takes it back.
    Done,
    /// What it did not do.
    NotDone,
}

pub async fn undo(common: &Common, arguments: OfRun) -> Result {
    plan(common, arguments, From::Done).await
}

pub async fn again(common: &Common, arguments: OfRun) -> Result {
    plan(common, arguments, From::NotDone).await
}

async fn plan(common: &Common, arguments: OfRun, from: From) -> Result {
    let engine = desk::engine(common)?;
    let connection = desk::online(&engine, common).await?;
    let only = (!arguments.step.is_empty()).then_some(arguments.step);
    let run = RunId(arguments.run);
    of_connection(&engine, &connection, run).await?;
    let plan = match from {
        From::Done => engine.plan_undo(run, only).await?,
        From::NotDone => engine.plan_again(run, only).await?,
    };
    if let Some(path) = &arguments.output {
        show::save(&engine, plan.id, path).await?;
        if common.json {
            show::json(&engine, plan.id).await?;
        } else {
            show::text(&plan)?;
            show::secrets(&engine, plan.id).await?;
        }
        engine.discard_plan(plan.id).await?;
        return Ok(Exit::Done);
    }
    if !common.json && !arguments.given.dry_run {
        show::text(&plan)?;
        show::secrets(&engine, plan.id).await?;
    }
    let secrets = secrets(&engine, connection.id, &arguments.given).await?;
    with_plan(common, &engine, &connection, plan, secrets, &arguments.given).await
}
