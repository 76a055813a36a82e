//! `apply`.

use std::fs::File;
use std::io;
use std::time::Duration;

use heirloom_core::ids::ConnectionId;
use heirloom_engine::change::{Confirm, Followed, Plan, Run, Secrets};
use heirloom_engine::{Connection, Engine, Error, RunId, RunNote, RunState, Safety};
use serde::Serialize;

use super::given::{from_file, from_stdin};
use super::show;
use crate::args::{Applying, Common, Given};
use crate::desk;
use crate::exit::{Exit, Failure, Result};
use crate::output;
use crate::stop::Stop;

/// How long a changed default is followed into what inherits it.
const FOLLOWED_FOR: Duration = Duration::from_secs(60);

#[derive(Serialize)]
struct Progress {
    phase: &'static str,
    done: u32,
    total: u32,
}

pub async fn run(common: &Common, arguments: Applying) -> Result {
    let engine = desk::engine(common)?;
    let connection = desk::online(&engine, common).await?;
    if let Some(number) = arguments.resume {
        return resume(common, &engine, &connection, RunId(number), &arguments.given).await;
    }
    let secrets = secrets(&engine, connection.id, &arguments.given).await?;
    let file = arguments
        .plan
        .ok_or_else(|| Failure::Usage("say which plan file, or --resume RUN".into()))?;
    let cannot = |why: io::Error| Failure::Usage(format!("{}: {why}", file.display()));
    let plan = match engine.read_plan(&connection, File::open(&file).map_err(cannot)?).await {
        Err(Error::File { source, .. }) => return Err(cannot(source)),
        plan => plan?,
    };
    with_plan(common, &engine, &connection, plan, secrets, &arguments.given).await
}

/// Goes on with a run, or shows how far it is.
async fn resume(
    common: &Common,
    engine: &Engine,
    connection: &Connection,
    run: RunId,
    given: &Given,
) -> Result {
    let note = of_connection(engine, connection, run).await?;
    let following = engine.following(run).await?;
    let standing = Run {
        id: run,
        state: note.state,
        counts: note.counts,
        outcomes: Vec::new(),
        requests: 0,
        took: Duration::ZERO,
        stopped: None,
        not_remembered: None,
    };
    if given.dry_run {
        let followed = following.map(|it| it.followed);
        show::result(engine, &standing, followed, common.json).await?;
        if let Some(followed) = followed {
            output::note(reached(followed));
        }
        return Ok(Exit::Done);
    }
    // Over, but what it changed may still be on its way.
    if note.state == RunState::Ended && following.is_some() {
        return finish(common, engine, &standing).await;
    }
    let secrets = secrets(engine, connection.id, given).await?;
    let job = engine.resume(run, secrets);
    let done = attend(common, engine, connection.id, job).await?;
    finish(common, engine, &done).await
}

/// A run, which must be one of the connection's: numbers are counted over all of them.
pub(super) async fn of_connection(
    engine: &Engine,
    connection: &Connection,
    run: RunId,
) -> Result<RunNote> {
    let note = engine.run(run).await?;
    if note.connection == connection.id {
        return Ok(note);
    }
    let other = engine.connection(note.connection).await?;
    Err(Failure::Usage(format!(
        "run {} is of “{}”, not of “{}”: say --instance {}",
        run.0, other.details.name, connection.details.name, other.id
    )))
}

/// Shows a plan and, unless only that was asked for, applies it.
pub(super) async fn with_plan(
    common: &Common,
    engine: &Engine,
    connection: &Connection,
    plan: Plan,
    secrets: Secrets,
    given: &Given,
) -> Result {
    if given.dry_run {
        if common.json {
            show::json(engine, plan.id).await?;
        } else {
            show::text(&plan)?;
            show::secrets(engine, plan.id).await?;
        }
        engine.discard_plan(plan.id).await?;
        return Ok(Exit::Done);
    }
    if let Some(why) = unfit(&plan, connection, given) {
        engine.discard_plan(plan.id).await?;
        return Err(Failure::Usage(why));
    }
    let job = engine.apply(plan.id, secrets, given.confirm);
    let run = match attend(common, engine, connection.id, job).await {
        Ok(run) => run,
        Err(failure) => {
            // Of a run that was begun this throws nothing away.
            engine.discard_plan(plan.id).await?;
            return Err(failure);
        }
    };
    finish(common, engine, &run).await
}

/// What stands against applying a plan with what was typed.
fn unfit(plan: &Plan, connection: &Connection, given: &Given) -> Option<String> {
    let wanted = match plan.confirm {
        Confirm::TypeCount(count) => Some(count),
        // The window asks with a button; here its number is all that can be asked for.
        Confirm::Dialog if connection.details.safety == Safety::ConfirmEach => Some(plan.total),
        Confirm::Dialog => None,
    };
    if let Some(count) = wanted
        && given.confirm != wanted
    {
        return Some(format!("this touches {count} scopes: confirm it with --confirm {count}"));
    }
    let unused = given.secret_stdin.iter().find(|name| !plan.secrets.contains(name))?;
    Some(format!("no step takes a new {unused}: name it with --secret-stdin when the plan is made"))
}

async fn finish(common: &Common, engine: &Engine, run: &Run) -> Result {
    if let Some(why) = &run.not_remembered {
        output::note(format!("Not every secret is remembered: {why}"));
    }
    if common.json {
        let followed = follow(engine, run.id).await?;
        return show::result(engine, run, Some(followed), true).await;
    }
    let exit = show::result(engine, run, None, false).await?;
    let followed = follow(engine, run.id).await?;
    if followed != Followed::default() {
        output::note(reached(followed));
    }
    Ok(exit)
}

/// How far changed defaults came, of all to whom they are handed down.
fn reached(Followed { inherit, read, matching, maybe }: Followed) -> String {
    let mut said = Vec::new();
    if inherit > 0 && read < inherit {
        said.push(format!(
            "It is handed down to {inherit} scopes, of which the first {read} were read: {matching} \
             have the new settings. Sync to see the others"
        ));
    } else if inherit > 0 {
        said.push(format!(
            "{matching} of {inherit} scopes to which it is handed down have the new settings"
        ));
    }
    if maybe.count > 0 {
        said.push(format!(
            "Of {} more that it may reach {} were looked at: {} have the new settings",
            maybe.count, maybe.read, maybe.matching
        ));
    }
    if matching < read {
        said.push(
            "GitLab hands them down later, or not at all: sync to look again, and send those \
             that still differ back with plan use-default --recursive --state inherited_differs"
                .to_owned(),
        );
    }
    said.join(". ")
}

/// Follows changed defaults, until it is over or somebody has seen enough.
async fn follow(engine: &Engine, run: RunId) -> Result<Followed> {
    let mut stop = Stop::listen().map_err(|error| Failure::Other(error.to_string()))?;
    tokio::select! {
        followed = engine.follow(run, FOLLOWED_FOR) => Ok(followed?),
        () = stop.asked() => {
            output::note(format!(
                "What inherits was not read to the end: look again with heirloomctl apply --resume {}",
                run.0
            ));
            Ok(Followed::default())
        }
    }
}

pub(super) async fn secrets(engine: &Engine, id: ConnectionId, given: &Given) -> Result<Secrets> {
    let mut secrets = Secrets::default();
    from_stdin(&mut secrets, &given.secret_stdin)?;
    if let Some(file) = &given.secrets_from {
        from_file(engine, id, &mut secrets, file).await?;
    }
    Ok(if given.remember_secrets { secrets.remembered() } else { secrets })
}

/// Waits for a run, shows how far it is, and cancels it when asked to.
async fn attend(
    common: &Common,
    engine: &Engine,
    id: ConnectionId,
    job: impl Future<Output = heirloom_engine::Result<Run>>,
) -> Result<Run> {
    let mut stop = Stop::listen().map_err(|error| Failure::Other(error.to_string()))?;
    let mut job = std::pin::pin!(job);
    let mut pace = tokio::time::interval(Duration::from_millis(250));
    let mut shown = None;
    loop {
        tokio::select! {
            ended = &mut job => return Ok(ended?),
            _ = pace.tick() => {
                let status = engine.apply_status(id);
                let done = status.counts.steps - status.counts.open();
                if status.run.is_some() && shown != Some(done) {
                    shown = Some(done);
                    let total = status.counts.steps;
                    if common.json {
                        output::json(&Progress { phase: "apply", done, total })?;
                    } else {
                        output::note(format!("{done} of {total}"));
                    }
                }
            }
            () = stop.asked() => {
                output::note("Pausing: steps under way are still ended");
                engine.pause_apply(id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use heirloom_engine::change::Looked;

    use super::*;

    #[test]
    fn a_part_that_was_read_is_never_told_as_all_that_inherit() {
        let said = |inherit, read, matching| {
            reached(Followed { inherit, read, matching, ..Followed::default() })
        };
        let part = said(5_000, 1_000, 1_000);
        assert!(part.contains("5000 scopes") && part.contains("first 1000 were read"), "{part}");
        assert!(part.contains("Sync to see the others"), "and how to see them: {part}");
        let all = said(19, 19, 19);
        assert!(all.starts_with("19 of 19 scopes"), "{all}");
        assert!(!all.contains("not at all"), "nothing is missing: {all}");
        assert!(said(19, 19, 4).contains("later, or not at all"), "some GitLabs hand nothing down");
    }

    #[test]
    fn who_may_be_reached_is_told_apart_and_never_missed() {
        let maybe = Looked { count: 9, read: 9, matching: 2 };
        let said = reached(Followed { maybe, ..Followed::default() });
        assert!(said.starts_with("Of 9 more that it may reach 9 were looked at: 2"), "{said}");
        assert!(!said.contains("not at all"), "nothing was promised of the others: {said}");
    }
}
