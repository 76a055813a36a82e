use heirloom_engine::change::{Bulk, Secrets, Wish};
use heirloom_engine::core::plan::Action;
use heirloom_engine::core::settings::Settings;
use heirloom_engine::core::value::Value;
use heirloom_engine::{Outcome, RunState};
use heirloom_it::Lab;
use heirloom_simulator::{Level, RowEdit};

use super::{all_secrets, apply, estate, everything_below, most_overridden, push_defaults, rows};

/// The admins' loudest complaint: after a default changed, hundreds of projects stay on their own.
#[tokio::test]
async fn defaults_are_pushed_onto_every_override_and_nothing_else_moves() {
    let lab = estate(120).await;
    let (slug, custom) = most_overridden(&lab);
    let before = rows(&lab, &slug);
    let mark = lab.mark();
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    assert_eq!(lab.simulator.requests_after(mark), [], "planned from the local copy alone");
    assert_eq!(plan.total as usize + plan.skipped_total as usize, custom, "every override");
    let run = apply(&lab, &plan, Secrets::default()).await;
    assert_eq!(run.state, RunState::Ended);
    assert_eq!(run.counts.applied, plan.total, "{:?}", run.counts);
    for (id, row) in rows(&lab, &slug) {
        let was = before.iter().find(|(other, _)| *other == id).expect("the same").1.clone();
        let own = was.as_ref().is_some_and(|row| row.inherit_from.is_none());
        let now = row.expect("a row");
        if own {
            let source = now.inherit_from.expect("linked to a default");
            assert!(source > 0, "project {id} uses its default");
        } else {
            assert_eq!(Some(now.fields), was.map(|row| row.fields), "project {id} is as it was");
        }
    }
    let writes = lab.writes_since(mark);
    assert_eq!(writes.len() as u32, plan.total, "one PUT each");
    let requests = run.requests as u32;
    assert!(requests <= plan.requests, "{requests} of {} foretold", plan.requests);
    // What was planned is what the local copy has now, and a sync finds nothing else.
    let again = push_defaults(&lab, &slug).await.expect_err("nothing is left to do");
    assert!(again.to_string().contains("Nothing to do"), "{again}");
}

#[tokio::test]
async fn settings_are_set_on_many_and_their_secrets_asked_for_once() {
    let lab = Lab::synced().await;
    let slug = "slack".parse().expect("a slug");
    let settings = Settings {
        fields: [("username".to_owned(), Value::Text("Heirloom".into()))].into(),
        ..Settings::default()
    };
    let wish = Wish::SetCustom { settings, typed: Vec::new() };
    let below = everything_below(vec![lab.key("acme/platform/checkout")]);
    let plan = lab.engine.plan_many(lab.id(), Bulk { slug, wish, selection: below }).await;
    let plan = plan.expect("a plan");
    assert_eq!(plan.secrets, ["webhook"], "one secret for all of them");
    assert!(plan.skipped.iter().any(|it| it.why.contains("archived")), "archived ones are listed");
    let without = apply(&lab, &plan, Secrets::default()).await;
    assert_eq!(without.counts.failed, plan.total, "without it, none can go: {:?}", without.counts);
    assert!(
        without.outcomes[0].why.as_ref().is_some_and(|why| why.contains("Webhook was not entered")),
        "and each says so: {:?}",
        without.outcomes[0].why
    );
}

#[tokio::test]
async fn settings_are_copied_from_one_scope_to_others() {
    let lab = Lab::synced().await;
    let slug: heirloom_engine::core::ids::Slug = "external-wiki".parse().expect("a slug");
    let from = lab.key("acme/platform/checkout");
    let to = vec![lab.key("acme/platform/web/storefront"), lab.key("acme/platform/platform-docs")];
    let bulk = Bulk {
        slug: slug.clone(),
        wish: Wish::CopyFrom { scope: from, typed: Vec::new() },
        selection: heirloom_engine::change::Selection { scopes: to, ..Default::default() },
    };
    let plan = lab.engine.plan_many(lab.id(), bulk).await.expect("a plan");
    assert_eq!(plan.total, 2, "{:?}", plan.skipped);
    let run = apply(&lab, &plan, all_secrets(&plan, "unused")).await;
    assert_eq!(run.counts.applied, 2, "{:?}", run.outcomes);
    let theirs = lab.row("acme/platform/checkout", slug.as_str()).expect("the default").fields;
    for path in ["acme/platform/web/storefront", "acme/platform/platform-docs"] {
        assert_eq!(lab.row(path, slug.as_str()).expect("a row").fields, theirs, "{path}");
    }
}

/// Contract, section 2: one active issue tracker per project.
#[tokio::test]
async fn a_second_tracker_is_not_sent_where_one_is_on() {
    let lab = Lab::synced().await;
    let settings = Settings {
        fields: ["project_url", "issues_url", "new_issue_url"]
            .into_iter()
            .map(|name| (name.to_owned(), Value::Text("https://redmine.acme.example/:id".into())))
            .collect(),
        ..Settings::default()
    };
    let selection = heirloom_engine::change::Selection {
        scopes: vec![lab.key("acme/platform/checkout/payments-api")],
        ..Default::default()
    };
    let wish = Wish::SetCustom { settings, typed: Vec::new() };
    let bulk = Bulk { slug: "redmine".parse().expect("a slug"), wish, selection };
    let mark = lab.mark();
    let refused = lab.engine.plan_many(lab.id(), bulk).await.expect_err("Jira is on there");
    assert!(refused.to_string().contains("Jira"), "it says which: {refused}");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
}

/// Another administrator at work meanwhile.
#[tokio::test]
async fn rows_that_moved_since_are_left_alone_and_the_others_are_done() {
    let lab = estate(60).await;
    let (slug, _) = most_overridden(&lab);
    let plan = push_defaults(&lab, &slug).await.expect("a plan");
    let world = lab.simulator.world();
    let moved: Vec<u64> = plan.steps.iter().step_by(3).map(|it| it.step.scope.id.0).collect();
    for id in &moved {
        let edit = RowEdit { active: Some(false), ..RowEdit::default() };
        world.overwrite(Level::Project, *id, slug.as_str(), &edit).expect("written");
    }
    let run = apply(&lab, &plan, Secrets::default()).await;
    assert_eq!(run.counts.conflicts as usize, moved.len(), "{:?}", run.counts);
    assert_eq!(run.counts.applied as usize, plan.total as usize - moved.len(), "the others");
    for step in &run.outcomes {
        let touched = moved.contains(&step.scope.listed.key.id.0);
        assert_eq!(step.outcome == Some(Outcome::Conflict), touched, "{step:?}");
        let said = step.why.as_ref().is_some_and(|why| why.contains("switched on or off"));
        assert_eq!(said, touched, "what moved is said: {:?}", step.why);
    }
}

#[tokio::test]
async fn off_is_off_and_on_again() {
    let lab = estate(30).await;
    let (slug, _) = most_overridden(&lab);
    let select = |states| heirloom_engine::change::Selection {
        filter: heirloom_engine::change::Filter { states, ..Default::default() },
        ..everything_below(vec![heirloom_engine::core::ids::ScopeKey::INSTANCE])
    };
    let all = select(Vec::new());
    let off = Bulk { slug: slug.clone(), wish: Wish::Disable, selection: all };
    let plan = lab.engine.plan_many(lab.id(), off).await.expect("a plan");
    assert!(plan.steps.iter().all(|it| it.step.action == Action::Disable));
    let run = apply(&lab, &plan, Secrets::default()).await;
    assert_eq!(run.counts.applied, plan.total, "{:?}", run.outcomes.first());
    lab.simulator.propagated().await;
    for (id, row) in rows(&lab, &slug) {
        let left_out = plan.skipped.iter().any(|it| it.scope.id.0 == id);
        assert!(left_out || row.is_none_or(|row| !row.active), "project {id} is off");
    }
}
