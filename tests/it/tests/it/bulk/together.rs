//! Groups and what is below them in one plan.

use std::collections::BTreeSet;

use heirloom_engine::change::{Bulk, Wish};
use heirloom_engine::core::ids::ScopeKey;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_simulator::Level;

use super::{all_secrets, apply, estate, everything_below, rows};

/// Contract, section 8: newer servers hand a group's settings down as soon as they are saved. What
/// is below it is to be on its own by then.
#[tokio::test]
async fn groups_and_what_is_below_them_are_set_in_one_plan() {
    let lab = estate(120).await;
    let settings = Settings {
        fields: [("recipients".to_owned(), Value::Text("ops@acme.example".into()))].into(),
        ..Settings::default()
    };
    let slug: heirloom_engine::core::ids::Slug = "pipelines-email".parse().expect("a slug");
    let bulk = Bulk {
        slug: slug.clone(),
        wish: Wish::SetCustom { settings, typed: Vec::new() },
        selection: everything_below(vec![ScopeKey::INSTANCE]),
    };
    let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
    let levels: BTreeSet<_> = plan.steps.iter().map(|it| it.step.scope.level).collect();
    assert_eq!(levels.len(), 2, "groups and projects");
    let run = apply(&lab, &plan, all_secrets(&plan, "https://secret.example/s")).await;
    assert_eq!(run.counts.conflicts, 0, "no step is in another's way: {:?}", run.counts);
    assert_eq!(run.counts.applied, plan.total, "{:?}", run.counts);
    lab.simulator.propagated().await;
    for (project, row) in rows(&lab, &slug) {
        let row = row.expect("a row");
        assert!(row.inherit_from.is_none(), "project {project} has its own");
        assert_eq!(row.fields["recipients"], "ops@acme.example", "project {project}");
    }
    let world = lab.simulator.world();
    let group = *world.groups().first().expect("a group");
    let row = world.row(Level::Group, group, slug.as_str()).expect("a row");
    assert_eq!(row.fields["recipients"], "ops@acme.example", "and groups theirs");
}
