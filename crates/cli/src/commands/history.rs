//! `history`.

use heirloom_core::ids::{ConnectionId, Slug};
use heirloom_core::plan::Action;
use heirloom_engine::export::ScopeId;
use heirloom_engine::export::changes::ChangeRecord;
use heirloom_engine::query::drift::{Change, HistoryFilter, kind_label};
use heirloom_engine::{Engine, JournalStep, Outcome};
use jiff::Timestamp;
use serde::Serialize;

use super::changes::{self, cells, end, time, who};
use crate::args::{Common, History};
use crate::desk;
use crate::exit::{Exit, Result};
use crate::output::{self, line};

#[derive(Serialize)]
struct Shape<'a> {
    since: Option<Timestamp>,
    total: u32,
    changes: Vec<Placed<'a>>,
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Placed<'a> {
    scope: ScopeId,
    #[serde(flatten)]
    change: ChangeRecord<'a>,
}

#[derive(Serialize)]
struct Step<'a> {
    run: u32,
    number: u32,
    scope: ScopeId,
    slug: &'a Slug,
    action: Action,
    outcome: Option<&'static str>,
    why: Option<&'a str>,
    at: Timestamp,
    sent_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
}

pub async fn run(common: &Common, arguments: History) -> Result {
    let engine = desk::engine(common)?;
    if arguments.runs {
        let connection = desk::named(&engine, common).await?;
        return super::runs::list(&engine, connection.id, arguments.limit, common.json).await;
    }
    let connection = desk::synced(&engine, common).await?;
    let id = connection.id;
    let subtree = match &arguments.place.path {
        Some(path) => Some(engine.find_scope(id, path, arguments.place.level).await?.listed.key),
        None => None,
    };
    let slug = match &arguments.integration {
        Some(text) => Some(desk::kind(&engine, id, text).await?),
        None => None,
    };
    let since = match &arguments.since {
        Some(since) => Some(since.resolve(&engine, &connection).await?),
        None => None,
    };
    let until = Some(end(engine.now()));
    let filter = HistoryFilter { subtree, slug, since, until, ..HistoryFilter::default() };
    let steps = steps(&engine, id, &filter, arguments.limit).await?;
    let (total, changes) = changes::changes(&engine, id, &filter, arguments.limit).await?;
    if common.json {
        output::json(&Shape {
            since,
            total,
            changes: changes
                .iter()
                .map(|change| Placed {
                    scope: ScopeId::at(change.scope, &change.path),
                    change: ChangeRecord::of(change),
                })
                .collect(),
            steps: steps.iter().map(step).collect(),
        })?;
    } else {
        text(total, &changes, &steps)?;
    }
    Ok(Exit::Done)
}

/// What we did ourselves, latest run first.
async fn steps(
    engine: &Engine,
    id: ConnectionId,
    filter: &HistoryFilter,
    limit: u32,
) -> Result<Vec<JournalStep>> {
    let mut steps = engine.journal_below(id, filter.subtree).await?;
    steps.retain(|step| {
        filter.slug.as_ref().is_none_or(|slug| *slug == step.step.slug)
            && filter.since.is_none_or(|since| step.ended_at.unwrap_or(step.intended_at) >= since)
    });
    steps.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(steps)
}

fn step(step: &JournalStep) -> Step<'_> {
    Step {
        run: step.run.0,
        number: step.number,
        scope: ScopeId::at(step.step.scope, &step.path),
        slug: &step.step.slug,
        action: step.step.action,
        outcome: step.outcome.map(Outcome::name),
        why: step.why.as_deref(),
        at: step.intended_at,
        sent_at: step.sent_at,
        ended_at: step.ended_at,
    }
}

fn text(total: u32, changes: &[Change], steps: &[JournalStep]) -> Result<()> {
    if changes.is_empty() {
        line("No change was noticed")?;
    } else {
        let mut rows =
            vec![["NOTICED", "WHO", "SCOPE", "", "CHANGED", ""].map(String::from).into()];
        for change in changes {
            let [kind, what, sides] = cells(change);
            let path = ScopeId::at(change.scope, &change.path).path;
            rows.push(vec![time(change.at), who(change.by), path, kind, what, sides]);
        }
        for text in output::columns(&rows) {
            line(text)?;
        }
        if usize::try_from(total).is_ok_and(|total| total > changes.len()) {
            output::note(format!("{} of {total} changes; --limit shows more", changes.len()));
        }
    }
    if !steps.is_empty() {
        line("")?;
        line("Heirloom’s own steps")?;
        let rows: Vec<Vec<String>> = steps.iter().map(step_cells).collect();
        for text in output::columns(&rows) {
            line(text)?;
        }
    }
    Ok(())
}

fn step_cells(step: &JournalStep) -> Vec<String> {
    let outcome = match (step.outcome, step.sent_at) {
        (Some(outcome), _) => outcome.name(),
        (None, Some(_)) => "not known how it ended",
        (None, None) => "not sent",
    };
    vec![
        time(step.ended_at.unwrap_or(step.intended_at)),
        format!("run {}, step {}", step.run.0, step.number),
        ScopeId::at(step.step.scope, &step.path).path,
        kind_label(&step.step.slug).to_owned(),
        step.step.action.label().into(),
        outcome.into(),
        step.why.clone().unwrap_or_default(),
    ]
}
