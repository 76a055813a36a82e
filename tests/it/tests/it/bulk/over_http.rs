//! Small random plans over HTTP: what is foretold for each scope is what the server has.

use std::collections::BTreeSet;

use heirloom_engine::change::{Bulk, Plan, Selection, Wish};
use heirloom_engine::core::catalog::{self, Integration};
use heirloom_engine::core::ids::{ScopeKey, Slug};
use heirloom_engine::core::plan::Step;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_engine::{Error, Outcome, RunId};
use heirloom_it::{Lab, differences};
use heirloom_simulator::{Config, Even, Level, RowView, WorldSpec};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value as Json;

use super::as_before::{AsBefore, Back, Reaching, archive_some, rows};
use super::{all_secrets, apply};

/// Plans over the same server, one after another; each begins where the last one ended.
const PLANS: u32 = 256;

/// A change of a kind that the scope has, at a few projects.
fn bulk(lab: &Lab, dice: &mut StdRng) -> Bulk {
    let world = lab.simulator.world();
    let projects = world.projects();
    let first = *projects.choose(dice).expect("a project");
    let slug = *world.slugs(Level::Project, first).choose(dice).expect("a row");
    let slug: Slug = slug.parse().expect("a slug");
    let wish = match dice.random_range(0..5) {
        0 => Wish::UseDefault,
        1 => Wish::Disable,
        2 => Wish::Enable,
        3 => Wish::CopyFrom { scope: ScopeKey::project(first), typed: Vec::new() },
        _ => {
            let kind = catalog::find(&slug).expect("known");
            let events = kind.events.iter().filter(|event| event.rest);
            let events = events.map(|event| (event.name.to_owned(), dice.random())).collect();
            let settings = Settings { events, ..Settings::default() };
            Wish::SetCustom { settings, typed: Vec::new() }
        }
    };
    let scopes = projects.choose_multiple(dice, 3).map(|id| ScopeKey::project(*id)).collect();
    Bulk { slug, wish, selection: Selection { scopes, ..Selection::default() } }
}

/// Whether a row that the server stores is what a step foretold.
pub(super) fn is_as_planned(kind: &Integration, step: &Step, row: Option<&RowView>) -> bool {
    let Settings { fields, events } = step.after.settings();
    row.is_some_and(|row| {
        row.inherit_from.is_some() == step.after.inherited()
            && row.active == step.after.active()
            && events.iter().all(|(name, on)| row.events.get(name).unwrap_or(&false) == on)
            && fields.iter().all(|(name, value)| {
                let field = kind.field(name).expect("a known field");
                let stored = row.fields.get(name).unwrap_or(&Json::Null);
                Value::from_json(field.field_type, stored).same_setting(value)
            })
    })
}

/// Where the server is not what a plan said.
async fn wrong_after(lab: &Lab, plan: &Plan) -> (RunId, Vec<String>) {
    let run = apply(lab, plan, all_secrets(plan, "https://discord.com/api/webhooks/1/a")).await;
    let ended = run.outcomes.iter().filter(|step| {
        !matches!(step.outcome, Some(Outcome::Applied)) || !step.unexpected.is_empty()
    });
    let mut wrong: Vec<_> =
        ended.map(|step| format!("{}: {step:?}", plan.integration.slug)).collect();
    // Not as the product reads it back, but as the server has it.
    let world = lab.simulator.world();
    for planned in &plan.steps {
        let (step, slug) = (&planned.step, plan.integration.slug);
        let row = world.row(Level::Project, step.scope.id.0, slug);
        let right = is_as_planned(plan.integration, step, row.as_ref());
        if !right {
            wrong.push(format!("{slug} {:?}: {:?} and not {row:?}", step.action, step.after));
        }
    }
    (run.id, wrong)
}

#[tokio::test]
async fn what_is_foretold_is_what_the_server_has() {
    let even = Even { groups: 4, projects: 40, active: 6, custom_percent: 50 };
    let lab = Lab::connected_at(Config { world: WorldSpec::Even(even), ..Config::default() }).await;
    let archived = archive_some(&lab);
    assert!(lab.sync().await.complete, "everything that may be read can be");
    let mut dice = StdRng::seed_from_u64(6);
    let (mut steps, mut back, mut nothing, mut wrong) = (0, 0, 0, Vec::new());
    let (mut restored, stale) = (AsBefore::default(), BTreeSet::new());
    for round in 0..PLANS {
        let bulk = bulk(&lab, &mut dice);
        let before = rows(&lab, &bulk.slug);
        match lab.engine.plan_many(lab.id(), bulk).await {
            Ok(plan) => {
                steps += plan.total;
                let (run, found) = wrong_after(&lab, &plan).await;
                wrong.extend(found);
                // Some are taken back: that is foretold as well.
                if round % 4 == 0 {
                    match lab.engine.plan_undo(run, None).await {
                        Ok(undo) => {
                            back += undo.total;
                            let (run, reaches) =
                                (Reaching::of(&lab, &plan).await, Reaching::of(&lab, &undo).await);
                            wrong.extend(wrong_after(&lab, &undo).await.1);
                            let (lab, before, stale) = (&lab, &before, &stale);
                            Back { lab, run, undo: reaches, before, stale }.compare(&mut restored);
                        }
                        Err(Error::NotPossible(_)) => {}
                        Err(other) => wrong.push(other.to_string()),
                    }
                }
            }
            Err(Error::NotPossible(_)) => nothing += 1,
            Err(other) => wrong.push(other.to_string()),
        }
    }
    println!(
        "{PLANS} plans: {steps} steps as foretold, {nothing} with nothing to do, {back} taken back"
    );
    println!("{restored:?}");
    lab.simulator.propagated().await;
    wrong.extend(restored.wrong.iter().map(|it| format!("taken back: {it}")));
    // Where what is in an archived group comes from is not to be seen.
    let hidden = |it: &str| archived.iter().any(|group| it.contains(&format!(" of {group}/")));
    let left = differences(&lab.export().await, &lab.simulator.world(), &archived);
    let left = left.into_iter().filter(|it| !(hidden(it) && it.contains("it says ")));
    wrong.extend(left.map(|it| format!("the local copy: {it}")));
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(steps > 256 && nothing < PLANS / 2, "enough to do: {steps}, {nothing}");
    assert!(back > 32, "and to take back: {back}");
    let (same, not) = (restored.concerned, restored.not.values().sum::<u32>());
    assert!(same > 24 && not < same, "most are exactly as they were: {restored:?}");
}
