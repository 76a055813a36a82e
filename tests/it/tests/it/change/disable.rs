use heirloom_engine::Outcome;
use heirloom_engine::change::Request;
use heirloom_engine::core::plan::Besides;
use heirloom_engine::core::row::State;
use heirloom_it::Lab;
use heirloom_simulator::{Level, RowEdit};

use super::{PAYMENTS, apply, outcome};

const CART: &str = "acme/platform/checkout/cart-service";

async fn plan(
    lab: &Lab,
    path: &str,
    slug: &str,
) -> heirloom_engine::Result<heirloom_engine::change::Plan> {
    let request = Request::Disable { scope: lab.key(path), slug: slug.parse().expect("a slug") };
    lab.engine.plan(lab.id(), request).await
}

/// Contract, section 2: DELETE blanks the fields and leaves the row and its events.
#[tokio::test]
async fn custom_settings_are_blanked_and_the_plan_says_so() {
    let lab = Lab::synced().await;
    let made = plan(&lab, PAYMENTS, "jira").await.expect("a plan");
    let step = &made.steps[0].step;
    assert!(step.besides.contains(&Besides::Blanks), "what is lost is said: {:?}", step.besides);
    let names: Vec<_> = step.changes(made.steps[0].integration);
    assert!(names.iter().any(|pair| pair.name == "url"), "each blanked setting is listed");
    let mark = lab.mark();
    let run = apply(&lab, &made, &[]).await;
    assert_eq!(outcome(&run), (Outcome::Applied, String::new()), "{run:?}");
    let writes = lab.writes_since(mark);
    assert_eq!(writes.len(), 1, "one DELETE: {writes:?}");
    let stored = lab.row(PAYMENTS, "jira").expect("the row stays");
    assert!(!stored.active && stored.inherit_from.is_none(), "off, and its own");
    let item = lab.item(PAYMENTS, "jira").await;
    assert_eq!(item.known.state(), State::Disabled, "known at once, without a sync");
    let again = plan(&lab, PAYMENTS, "jira").await.expect_err("off already");
    assert!(again.to_string().contains("off already"), "{again}");
}

/// Contract, section 2: a blanked row that still inherits is filled and switched on again by the
/// default's next save.
#[tokio::test]
async fn an_inheriting_project_is_cut_off_so_that_it_stays_off() {
    let lab = Lab::synced().await;
    let made = plan(&lab, CART, "slack").await.expect("a plan");
    let step = &made.steps[0].step;
    for said in [Besides::BecomesCustom, Besides::EventsOff, Besides::Blanks] {
        assert!(step.besides.contains(&said), "{said:?} is said: {:?}", step.besides);
    }
    let run = apply(&lab, &made, &[]).await;
    assert_eq!(outcome(&run), (Outcome::Applied, String::new()), "{run:?}");
    let stored = lab.row(CART, "slack").expect("the row stays");
    assert!(!stored.active && stored.inherit_from.is_none(), "off and cut");
    let group = lab.key("acme/platform").id.0;
    let world = lab.simulator.world();
    let form = heirloom_simulator::Form {
        fields: [("channel".to_owned(), "#elsewhere".into())].into(),
        ..heirloom_simulator::Form::default()
    };
    world.save(Level::Group, group, "slack", &form).expect("saved");
    lab.simulator.propagated().await;
    assert!(!lab.row(CART, "slack").expect("a row").active, "nothing switches it on again");
}

#[tokio::test]
async fn a_groups_default_is_blanked_and_what_inherits_keeps_what_it_has() {
    let lab = Lab::synced().await;
    let path = "acme/platform/checkout";
    let made = plan(&lab, path, "external-wiki").await.expect("a plan");
    let left = made.steps[0].step.besides.iter().find_map(|said| match said {
        Besides::LeavesInheritors { inherit } => Some(*inherit),
        _ => None,
    });
    let below = "acme/platform/checkout/cart-service";
    let before = lab.row(below, "external-wiki").expect("it inherits");
    let default = lab.row(path, "external-wiki").expect("the default").id;
    let world = lab.simulator.world();
    let inheritors = world
        .projects()
        .into_iter()
        .filter_map(|id| world.row(Level::Project, id, "external-wiki"))
        .filter(|row| row.inherit_from == Some(default))
        .count();
    assert_eq!(left.map(|n| n as usize), Some(inheritors), "with their count");
    assert_eq!(outcome(&apply(&lab, &made, &[]).await), (Outcome::Applied, String::new()), "done");
    lab.simulator.propagated().await;
    assert_eq!(
        lab.row(below, "external-wiki").expect("it inherits").fields,
        before.fields,
        "no DELETE is handed down"
    );
}

/// Contract, section 8: newer servers hand down what the PUT that cuts the link carries.
#[tokio::test]
async fn a_group_that_inherits_is_not_cut_with_placeholders() {
    let lab = Lab::synced().await;
    let mark = lab.mark();
    let refused = plan(&lab, "acme/platform/checkout", "slack").await.expect_err("it inherits");
    assert!(refused.to_string().contains("GitLab’s own"), "it says what can: {refused}");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
}

#[tokio::test]
async fn a_row_that_moved_after_the_plan_is_left_alone() {
    let lab = Lab::synced().await;
    let made = plan(&lab, PAYMENTS, "jira").await.expect("a plan");
    let project = lab.key(PAYMENTS).id.0;
    let edit = RowEdit {
        fields: [("url".to_owned(), "https://jira.moved.example".into())].into(),
        ..RowEdit::default()
    };
    lab.simulator.world().overwrite(Level::Project, project, "jira", &edit).expect("written");
    let mark = lab.mark();
    assert_eq!(outcome(&apply(&lab, &made, &[]).await).0, Outcome::Conflict, "shown, not blanked");
    assert_eq!(lab.writes_since(mark), [], "nothing was sent");
}
