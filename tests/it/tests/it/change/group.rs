use heirloom_engine::change::Confirm;
use heirloom_engine::core::row::State;
use heirloom_engine::core::value::Value;
use heirloom_engine::{Error, Outcome};
use heirloom_it::Lab;

use super::{apply, outcome, plan_custom, secrets, text};

/// Contract, section 8: what inherits is handed the new default, a moment later.
#[tokio::test]
async fn a_changed_default_reaches_what_inherits_it_and_the_plan_counted_them() {
    let lab = Lab::synced().await;
    let path = "acme/platform/checkout";
    let fields = [("external_wiki_url", text("https://wiki.acme.example/new"))];
    let plan = plan_custom(&lab, path, "external-wiki", &fields, &[]).await.expect("a plan");
    assert_eq!(plan.confirm, Confirm::Dialog, "few enough for a button");
    let world = lab.simulator.world();
    let row = lab.row(path, "external-wiki").expect("the default");
    let inheritors = world
        .projects()
        .into_iter()
        .filter_map(|id| world.row(heirloom_simulator::Level::Project, id, "external-wiki"))
        .filter(|own| own.inherit_from == Some(row.id))
        .count();
    assert_eq!(plan.blast.change.count as usize, inheritors, "those that inherit from here");
    assert_eq!(plan.blast.keep.count, 1, "the archived project with its own wiki keeps it");
    let (ended, why) = outcome(&apply(&lab, &plan, &[]).await);
    assert_eq!(ended, Outcome::Applied, "{why}");
    lab.simulator.propagated().await;
    lab.sync().await;
    let found = lab.compare("acme/platform/checkout/cart-service", "external-wiki").await;
    assert_eq!(found.item.known.state(), State::Inherited, "in line with the new default");
    let wiki = lab.row("acme/platform/checkout/cart-service", "external-wiki").expect("its row");
    assert_eq!(wiki.fields["external_wiki_url"], "https://wiki.acme.example/new", "on the server");
}

#[tokio::test]
async fn a_change_that_touches_many_wants_their_number_typed() {
    let lab = Lab::synced().await;
    let fields = [("channel", text("#platform-new"))];
    let typed = ["webhook"];
    let webhook = [("webhook", "https://hooks.slack.example/services/NEW")];
    let plan = || async {
        plan_custom(&lab, "acme/platform", "slack", &fields, &typed).await.expect("a plan")
    };
    let first = plan().await;
    let Confirm::TypeCount(count) = first.confirm else {
        panic!("dozens inherit from here: {:?}", first.confirm);
    };
    let mark = lab.mark();
    for wrong in [None, Some(count + 1)] {
        let plan = plan().await;
        let refused = lab.engine.apply(plan.id, secrets(&webhook), wrong).await;
        assert!(matches!(refused, Err(Error::PlanOutdated(_))), "{wrong:?} is not {count}");
    }
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
    let run = lab.engine.apply(first.id, secrets(&webhook), Some(count)).await.expect("a run");
    assert_eq!(outcome(&run).0, Outcome::Applied, "with the number it goes");
}

/// Contract, section 8: servers before the change do not hand a PUT on a group down. Nothing is
/// claimed then.
#[tokio::test]
async fn where_nothing_is_handed_down_the_inheritors_are_seen_to_differ() {
    let config = heirloom_simulator::Config { group_put_propagates: false, ..Default::default() };
    let lab = Lab::connected_at(config).await;
    lab.sync().await;
    let path = "acme/platform/checkout";
    let fields = [("external_wiki_url", text("https://wiki.acme.example/new"))];
    let plan = plan_custom(&lab, path, "external-wiki", &fields, &[]).await.expect("a plan");
    assert_eq!(outcome(&apply(&lab, &plan, &[]).await).0, Outcome::Applied, "the group's row is");
    lab.sync().await;
    let item = lab.item("acme/platform/checkout/cart-service", "external-wiki").await;
    assert_eq!(item.known.state(), State::InheritedDiffers, "older than its source, and read");
    let own = item.kept.and_then(|kept| kept.fields).expect("its own values");
    assert_eq!(
        own["external_wiki_url"],
        Value::Text("https://wiki.acme.example/checkout".into()),
        "still the old one"
    );
}
