use std::collections::BTreeMap;

use heirloom_engine::change::Secrets;
use heirloom_engine::core::catalog::Field;
use heirloom_engine::core::plan::is_shown;
use heirloom_engine::core::value::Value;
use heirloom_simulator::{Level, RowEdit};
use serde_json::Value as Json;

use super::{all_secrets, apply, estate, most_overridden, push_defaults, rows};

#[tokio::test]
async fn a_run_is_taken_back_with_the_secrets_that_gitlab_never_gives_back() {
    let lab = estate(60).await;
    let (slug, _) = most_overridden(&lab);
    let before = rows(&lab, &slug);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let done = apply(&lab, &plan, Secrets::default()).await;
    assert_eq!(done.counts.applied, plan.total, "{:?}", done.counts);

    let undo = lab.engine.plan_undo(done.id, None).await.expect("a plan");
    assert_eq!(undo.total, plan.total, "each step: {:?}", undo.skipped);
    let back = apply(&lab, &undo, all_secrets(&undo, "https://secret.example/again")).await;
    assert_eq!(back.counts.applied, undo.total, "{:?}", back.outcomes.first());
    let kind = heirloom_engine::core::catalog::find(&slug).expect("known");
    for ((id, was), (_, now)) in before.into_iter().zip(rows(&lab, &slug)) {
        let (was, now) = (was.expect("a row"), now.expect("a row"));
        assert_eq!(now.inherit_from.is_some(), was.inherit_from.is_some(), "project {id}");
        assert_eq!((now.active, &now.events), (was.active, &was.events), "project {id}");
        let values: BTreeMap<String, Value> = was
            .fields
            .iter()
            .filter_map(|(name, json)| {
                let field = kind.field(name)?;
                Some((name.clone(), Value::from_json(field.field_type, json)))
            })
            .collect();
        for (name, value) in &was.fields {
            // Secrets are new; what a condition hides has no effect and is not sent.
            let apart = |field: &Field| field.secret || !is_shown(field, &values);
            let secret = kind.field(name).is_none_or(apart);
            // Blank is blank, however it is written.
            let plain = |json: &Json| match json {
                Json::Null => String::new(),
                Json::Array(items) if items.is_empty() => String::new(),
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            let found = now.fields.get(name).map(plain);
            assert!(secret || found == Some(plain(value)), "project {id} {name}: {found:?}");
        }
    }
}

#[tokio::test]
async fn what_moved_meanwhile_is_not_taken_back_and_said() {
    let lab = estate(40).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let done = apply(&lab, &plan, Secrets::default()).await;
    let moved = plan.steps[0].step.scope;
    let world = lab.simulator.world();
    let edit = RowEdit { active: Some(false), ..RowEdit::default() };
    world.overwrite(Level::Project, moved.id.0, slug.as_str(), &edit).expect("written");
    lab.sync().await;
    let undo = lab.engine.plan_undo(done.id, None).await.expect("a plan");
    assert_eq!(undo.total, plan.total - 1, "the others");
    let left: Vec<_> = undo.skipped.iter().map(|it| it.scope).collect();
    assert_eq!(left, [moved], "that one is left out");
    assert!(undo.skipped[0].why.contains("changed since"), "and why: {}", undo.skipped[0].why);

    let one = lab.engine.plan_undo(done.id, Some(vec![2])).await.expect("a plan");
    assert_eq!(one.total, 1, "one step alone can be taken back, too");
}
