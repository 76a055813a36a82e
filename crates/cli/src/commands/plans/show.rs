//! Showing plans and what came of them.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use heirloom_core::plan::Skip;
use heirloom_core::settings::Side;
use heirloom_core::value::Value;
use heirloom_engine::change::{
    Confirm, Followed, NeededSecret, Plan, PlannedStep, Run, StepOutcome, unasked,
};
use heirloom_engine::export::path_of;
use heirloom_engine::json::Rows;
use heirloom_engine::{Engine, Error, Outcome, RunId, RunState};
use serde::Serialize;

use super::besides;
use crate::exit::{Exit, Failure, Result};
use crate::output;

/// Steps asked for at once.
const WINDOW: u32 = 64;

/// Data older than this is said to be old.
const FRESH: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// Which GitLabs do so is nowhere told (contract, section 8).
const HANDED_DOWN: &str = "GitLab hands a group's settings down by itself, some GitLabs later or \
    not at all: after the change what inherits is read again, and counted";

/// Steps that are shown in words; more are in the file and in JSON.
const SHOWN: usize = 50;

/// Writes a plan as a file that only its owner can read.
pub async fn save(engine: &Engine, run: RunId, path: &Path) -> Result<()> {
    match engine.write_plan_to(run, path.to_owned()).await {
        Ok(()) => {}
        Err(Error::File { source, .. }) => {
            return Err(Failure::Other(format!("cannot write {}: {source}", path.display())));
        }
        Err(error) => return Err(error.into()),
    }
    output::note(format!("Written to {}", path.display()));
    Ok(())
}

/// A plan as other programs read it.
pub async fn json(engine: &Engine, run: RunId) -> Result<()> {
    match engine.print_plan(run, BufWriter::new(io::stdout())).await {
        Ok(_) => Ok(()),
        Err(Error::File { source, .. }) => Err(source.into()),
        Err(error) => Err(error.into()),
    }
}

/// A plan for people.
pub fn text(plan: &Plan) -> Result<()> {
    for step in plan.steps.iter().take(SHOWN) {
        lines(step)?;
    }
    let shown = u32::try_from(plan.steps.len().min(SHOWN)).unwrap_or(u32::MAX);
    if plan.total > shown {
        output::line(format!("… and {} more", plan.total - shown))?;
    }
    let not_asked = Skip::NotAsked.to_string();
    for skipped in plan.skipped.iter().filter(|it| it.why != not_asked).take(SHOWN) {
        output::line(format!("no step for {}: {}", skipped.path, skipped.why))?;
    }
    for (count, what) in [
        (plan.blast.change.count, "inherit from here and are to change"),
        (plan.blast.switch_on.count, "have nothing yet and are to be switched on"),
        (
            plan.blast.maybe.count,
            "may change or be switched on: not looked up (--ask does, a request each)",
        ),
        (plan.blast.keep.count, "keep their custom settings"),
        (plan.blast.unseen.count, "cannot be seen"),
    ] {
        if count > 0 {
            output::line(format!("{count} {what}"))?;
        }
    }
    if plan.blast.change.count + plan.blast.switch_on.count > 0 {
        output::line(HANDED_DOWN)?;
    }
    if plan.unasked > 0 {
        output::line(unasked(plan.unasked))?;
    }
    output::line(format!(
        "{} steps, {} as wanted already, {} left out by you, {} without a step; {} requests{}",
        plan.total,
        plan.same,
        plan.left_out,
        plan.skipped_total,
        plan.requests,
        plan.seconds.map(takes).unwrap_or_default()
    ))?;
    if plan.made_at.duration_since(plan.read_from) > FRESH {
        output::note(format!(
            "It rests on what was read at {}, over a day ago: sync first, then plan again. apply \
             takes nothing older than settings --plan-data says",
            plan.read_from
        ));
    }
    if let Confirm::TypeCount(count) = plan.confirm {
        output::note(format!("It touches many: apply it with --confirm {count}"));
    }
    Ok(())
}

/// How long a plan takes, where that is known.
fn takes(seconds: u32) -> String {
    format!(": {seconds} s or more, as fast as GitLab answered last")
}

/// Which secrets a plan needs, and which of them come from the keychain. GitLab gives none back.
pub async fn secrets(engine: &Engine, run: RunId) -> Result<()> {
    for need in engine.secret_needs(run).await?.fields {
        let NeededSecret { field, steps, remembered } = need;
        output::note(match remembered {
            0 => format!("Secret to give: --secret-stdin {field} ({steps} steps need it)"),
            all if all == steps => format!("{field}: in the keychain for all {steps} steps"),
            some => format!(
                "{field}: in the keychain for {some} of {steps} steps. Give the others with \
                 --secrets-from: what is given for every step goes before the keychain"
            ),
        });
    }
    Ok(())
}

fn lines(step: &PlannedStep) -> Result<()> {
    let path = path_of(step.scope.listed.key, step.scope.listed.path.clone());
    let changes = step.step.changes(step.integration);
    output::line(format!(
        "{:>5}  {path}: {}, {} settings change",
        step.number,
        step.step.action.label(),
        changes.len()
    ))?;
    for pair in changes {
        output::line(format!(
            "         {}: {} → {}",
            pair.name,
            side(&pair.sides.default),
            side(&pair.sides.own)
        ))?;
    }
    for besides in &step.step.besides {
        if let Some(sentence) = besides::sentence(step.integration, besides) {
            output::line(format!("         besides: {sentence}"))?;
        }
    }
    Ok(())
}

fn side(side: &Side) -> String {
    match side {
        Side::Flag(on) => on.to_string(),
        Side::Value(Value::Unset) => "not set".into(),
        Side::Value(Value::Empty) => "blank".into(),
        Side::Value(Value::Bool(on)) => on.to_string(),
        Side::Value(Value::Integer(whole)) => whole.to_string(),
        Side::Value(Value::Text(text)) => text.clone(),
        Side::Value(Value::List(items)) => items.join(", "),
        Side::Hidden => "hidden".into(),
        Side::Unread => "not read".into(),
        Side::Absent => "nothing".into(),
    }
}

#[derive(Serialize)]
struct Shape<O> {
    run: RunId,
    applied: u32,
    already: u32,
    conflicts: u32,
    refused: u32,
    failed: u32,
    unknown: u32,
    remaining: u32,
    requests: u64,
    seconds: f64,
    stopped: Option<String>,
    /// How far changed defaults came to those who inherit them; null: none was changed.
    followed: Option<Following>,
    outcomes: O,
}

#[derive(Serialize)]
struct Following {
    inherit: u32,
    read: u32,
    matching: u32,
    /// Those of whom the plan could not tell.
    maybe: Looked,
}

#[derive(Serialize)]
struct Looked {
    count: u32,
    read: u32,
    matching: u32,
}

#[derive(Serialize)]
struct StepShape {
    id: u32,
    level: &'static str,
    path: String,
    slug: String,
    outcome: Option<Outcome>,
    why: Option<String>,
}

/// What came of a run.
pub async fn result(
    engine: &Engine,
    run: &Run,
    followed: Option<Followed>,
    as_json: bool,
) -> Result {
    let counts = run.counts;
    let slug = engine.run(run.id).await?.slug.map(|slug| slug.to_string()).unwrap_or_default();
    let shown = run.clone();
    let said = engine.all_outcomes(run.id, move |next| {
        let (mut in_part, mut past) = (false, 0);
        // Numbers have gaps where steps were left out.
        let steps = |_| {
            let window = next(past, WINDOW)?;
            past = window.last().map_or(past, |it| it.number);
            in_part |= window.iter().any(|it| it.in_part);
            let shapes = window.into_iter().map(|it| step_shape(it, &slug));
            Ok::<_, Error>(shapes.collect::<Vec<_>>())
        };
        if as_json {
            output::json(&shape(&shown, followed, Rows::new(steps)))?;
        } else {
            lines_of(steps)?;
        }
        Ok::<_, Failure>(in_part)
    });
    let in_part = said.await??;
    if !as_json {
        output::line(format!(
            "Run {}: {} applied, {} already so, {} conflicts, {} refused, {} failed, {} unknown, \
             {} remaining; {} requests in {:.1} s",
            run.id.0,
            counts.applied,
            counts.already,
            counts.conflicts,
            counts.refused,
            counts.failed,
            counts.unknown,
            counts.open(),
            run.requests,
            run.took.as_secs_f64()
        ))?;
        if let Some(why) = &run.stopped {
            output::note(why);
        }
        if run.state == RunState::Paused {
            output::note(format!("Go on with heirloomctl apply --resume {}", run.id.0));
        }
    }
    io::stdout().flush()?;
    let done = counts.applied + counts.already;
    Ok(match (done, done == counts.steps) {
        (_, true) => Exit::Done,
        (0, false) if !in_part => Exit::Nothing,
        _ => Exit::Partly,
    })
}

fn shape<O>(run: &Run, followed: Option<Followed>, outcomes: O) -> Shape<O> {
    let counts = run.counts;
    Shape {
        run: run.id,
        applied: counts.applied,
        already: counts.already,
        conflicts: counts.conflicts,
        refused: counts.refused,
        failed: counts.failed,
        unknown: counts.unknown,
        remaining: counts.open(),
        requests: run.requests,
        seconds: run.took.as_secs_f64(),
        stopped: run.stopped.clone(),
        followed: followed.filter(|it| *it != Followed::default()).map(|it| Following {
            inherit: it.inherit,
            read: it.read,
            matching: it.matching,
            maybe: Looked {
                count: it.maybe.count,
                read: it.maybe.read,
                matching: it.maybe.matching,
            },
        }),
        outcomes,
    }
}

/// What there is to be said of single steps.
fn lines_of(mut next: impl FnMut(u32) -> std::result::Result<Vec<StepShape>, Error>) -> Result<()> {
    loop {
        let window = next(0)?;
        if window.is_empty() {
            return Ok(());
        }
        for step in window.iter().filter(|step| step.why.is_some()) {
            let outcome = step.outcome.map_or("open", Outcome::name);
            let why = step.why.as_deref().unwrap_or_default();
            output::line(format!("{outcome:>9}  {}: {why}", step.path))?;
        }
    }
}

fn step_shape(step: StepOutcome, slug: &str) -> StepShape {
    let listed = step.scope.listed;
    StepShape {
        id: step.number,
        level: listed.key.level.name(),
        path: path_of(listed.key, listed.path),
        slug: slug.to_owned(),
        outcome: step.outcome,
        why: step.why,
    }
}
