//! `undo`.

use heirloom_engine::RunId;

use super::apply::{secrets, with_plan};
use super::show;
use crate::args::{Common, Undoing};
use crate::desk;
use crate::exit::{Exit, Result};

pub async fn run(common: &Common, arguments: Undoing) -> Result {
    let engine = desk::engine(common)?;
    let connection = desk::online(&engine, common).await?;
    let only = (!arguments.step.is_empty()).then_some(arguments.step);
    let plan = engine.plan_undo(RunId(arguments.run), only).await?;
    if let Some(path) = &arguments.output {
        show::save(&engine, plan.id, path).await?;
        show::text(&plan)?;
        show::secrets(&engine, plan.id).await?;
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
