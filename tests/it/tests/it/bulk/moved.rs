//! Projects that are elsewhere by the time a plan is applied.

use heirloom_engine::Outcome;
use heirloom_engine::change::Secrets;
use heirloom_simulator::{Form, GroupSpec, Level};

use super::{apply, estate, most_overridden, push_defaults};

/// A project's own settings go with it, so that its row tells nothing (contract, section 8).
#[tokio::test]
async fn what_the_local_copy_knows_to_be_elsewhere_is_a_conflict() {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let world = lab.simulator.world();
    let scope = &plan.steps[0].scope.listed;
    let id = scope.key.id.0;
    let parent = scope.parent.expect("a group").id.0;
    let other = world.groups().into_iter().find(|group| *group != parent).expect("another group");
    let before = world.row(Level::Project, id, slug.as_str()).expect("its own settings");
    world.transfer_project(id, other).expect("moved");
    assert!(lab.sync().await.complete, "the local copy knows");
    let mark = lab.mark();
    let run = apply(&lab, &plan, Secrets::default()).await;
    let step = run.outcomes.iter().find(|it| it.number == plan.steps[0].number).expect("the step");
    assert_eq!(step.outcome, Some(Outcome::Conflict), "{step:?}");
    let why = step.why.clone().unwrap_or_default();
    let now = world.path(Level::Project, id).expect("a path");
    assert!(why.contains(&now) && why.contains(&scope.path), "where it was and is: {why}");
    assert!(why.contains("Nothing was sent"), "{why}");
    let row = world.row(Level::Project, id, slug.as_str()).expect("its own settings");
    assert_eq!((row.inherit_from, row.fields), (None, before.fields), "it keeps them");
    assert_eq!(run.counts.applied, plan.total - 1, "the others: {:?}", run.counts);
    let asked = lab.simulator.requests_after(mark);
    let asked = asked.iter().filter(|it| it.path.contains(&format!("/projects/{id}/")));
    assert_eq!(asked.count(), 0, "nothing was asked of it");
}

/// A row's answer names no path, so a transfer since the last sync shows only by what arrives: the
/// default of another group, here one that is off.
#[tokio::test]
async fn what_was_transferred_unseen_is_never_done_without_a_word_where_other_settings_arrive() {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    let world = lab.simulator.world();
    let parent = world.groups().first().copied();
    let spec = GroupSpec { parent, path: "elsewhere".to_owned(), name: None };
    let other = world.create_group(&spec).expect("a group");
    let off = Form { active: Some(false), inherit: Some(false), ..Form::default() };
    world.save(Level::Group, other, slug.as_str(), &off).expect("another default");
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let moved: Vec<u64> = plan.steps.iter().step_by(2).map(|it| it.step.scope.id.0).collect();
    for id in &moved {
        world.transfer_project(*id, other).expect("moved");
    }
    let run = apply(&lab, &plan, Secrets::default()).await;
    for step in &run.outcomes {
        let id = step.scope.listed.key.id.0;
        let why = step.why.clone().unwrap_or_default();
        if moved.contains(&id) {
            let said = why.contains("stored something else than was planned");
            assert!(step.outcome == Some(Outcome::Conflict) || said, "{step:?}");
            let row = world.row(Level::Project, id, slug.as_str()).expect("a row");
            assert!(!row.active, "it has what holds there: {row:?}");
        } else {
            assert_eq!((step.outcome, why.as_str()), (Some(Outcome::Applied), ""), "{step:?}");
        }
    }
    assert_eq!(run.outcomes.len() as u32, plan.total, "each of them");
}
