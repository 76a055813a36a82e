//! What is said of an inheritor holds for the source as it is now, or is said to be older.

use std::collections::BTreeMap;

use heirloom_engine::core::ids::ScopeKey;
use heirloom_engine::core::row::{Agrees, Known, Link, Row, State};
use heirloom_engine::core::settings::Side;
use heirloom_engine::core::value::Value;
use heirloom_it::{Lab, changing_under_faults, differences};
use heirloom_simulator::{Fault, Form, Level, RowEdit};
use serde_json::{Value as Json, json};

const GROUP: &str = "acme/platform";
const HEIR: &str = "acme/platform/web/storefront";
const ELSEWHERE: &str = "acme/platform/web/search-ui";

fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, Json> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
}

/// Saves the group's Harbor as in the web form, and waits until it is handed down.
async fn hand_down(lab: &Lab, project_name: &str) {
    let form = Form { fields: fields(&[("project_name", project_name)]), ..Form::default() };
    let group = lab.key(GROUP).id.0;
    lab.simulator.world().save(Level::Group, group, "harbor", &form).expect("saved");
    lab.simulator.propagated().await;
}

async fn agrees(lab: &Lab, path: &str) -> Agrees {
    match lab.item(path, "harbor").await.known {
        Known::Row(Row { link: Link::Inherited { agrees, .. }, .. }) => agrees,
        other => panic!("{path} inherits: {other:?}"),
    }
}

async fn shown(lab: &Lab, path: &str) -> Option<Side> {
    let pairs = lab.compare(path, "harbor").await.pairs;
    pairs.into_iter().find(|pair| pair.name == "project_name").map(|pair| pair.sides.own)
}

fn text(value: &str) -> Option<Side> {
    Some(Side::Value(Value::Text(value.into())))
}

#[tokio::test]
async fn a_refreshed_scope_is_shown_with_what_its_source_has_now() {
    for full in [false, true] {
        let lab = Lab::synced().await;
        for path in [HEIR, ELSEWHERE] {
            assert_eq!(agrees(&lab, path).await, Agrees::Yes, "{path} at first");
        }
        hand_down(&lab, "platform-2").await;
        let root = Some(lab.key(HEIR));
        let before = lab.engine.now();
        let summary = lab.engine.sync(lab.id(), root, full).await.expect("one scope");
        assert!(summary.complete, "{:?}", summary.failed);
        assert_eq!(agrees(&lab, HEIR).await, Agrees::Yes, "full: {full}");
        assert_eq!(shown(&lab, HEIR).await, text("platform-2"), "the new value, full: {full}");
        let read_at = lab.item(HEIR, "harbor").await.read_at;
        assert!(read_at >= Some(before), "and it was read just now");
        // Its sibling was not asked: whether it was given the new values nobody knows.
        assert_eq!(agrees(&lab, ELSEWHERE).await, Agrees::Unread, "no more than that is known");
        let read_at = lab.item(ELSEWHERE, "harbor").await.read_at;
        assert!(read_at < Some(before), "and it is as old as its own row");
    }
}

/// A group that is linked keeps its own values, and newer servers hand those down (contract,
/// section 8): what inherits below it is newer than the default, has its flags, and other values.
#[tokio::test]
async fn what_a_group_handed_down_that_differs_itself_is_read_and_not_taken_for_the_default() {
    for synced_before in [false, true] {
        let lab = Lab::connected().await;
        if synced_before {
            assert!(lab.sync().await.complete, "everything can be read");
        }
        let world = lab.simulator.world();
        let own = || RowEdit { fields: fields(&[("project_name", "own")]), ..RowEdit::default() };
        let between = lab.key("acme/platform/web").id.0;
        world.overwrite(Level::Group, between, "harbor", &own()).expect("a row");
        world.overwrite(Level::Project, lab.key(HEIR).id.0, "harbor", &own()).expect("a row");
        let summary = lab.sync().await;
        assert!(summary.complete, "{:?}", summary.failed);
        assert_eq!(agrees(&lab, HEIR).await, Agrees::No, "known before: {synced_before}");
        assert_eq!(shown(&lab, HEIR).await, text("own"), "with what it has");
        assert_eq!(agrees(&lab, ELSEWHERE).await, Agrees::Yes, "it was not handed that");
        assert!(lab.sync().await.complete, "everything can be read");
        assert_eq!(agrees(&lab, HEIR).await, Agrees::No, "and so it stays");
    }
}

#[tokio::test]
async fn where_the_source_could_not_be_read_agreement_is_not_claimed() {
    let lab = Lab::synced().await;
    let before = lab.engine.now();
    hand_down(&lab, "platform-2").await;
    let list = format!("/groups/{}/integrations", lab.key(GROUP).id);
    lab.simulator.fail(Fault::on(list).answer(500, r#"{"message":"500 Internal Server Error"}"#));
    let summary = lab.sync().await;
    assert!(!summary.complete, "the group's list failed");
    for path in [HEIR, ELSEWHERE] {
        assert_eq!(agrees(&lab, path).await, Agrees::Unread, "{path}: its source was not seen");
        let read_at = lab.item(path, "harbor").await.read_at;
        assert!(read_at < Some(before), "{path}: the values shown are as old as the source's");
    }
    lab.simulator.heal();
    assert!(lab.sync().await.complete, "the next sync mends it");
    assert_eq!(agrees(&lab, HEIR).await, Agrees::Yes, "now it was seen");
    assert_eq!(shown(&lab, HEIR).await, text("platform-2"), "with its values");
    let wrong = differences(&lab.export().await, &lab.simulator.world(), &Default::default());
    let wrong: Vec<_> = wrong.iter().filter(|it| it.starts_with("harbor of acme/plat")).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_full_sync_reads_inheritors_too() {
    let lab = Lab::synced().await;
    let id = lab.key(HEIR).id.0;
    let edit = RowEdit {
        fields: fields(&[("project_name", "slipped")]),
        keep_time: true,
        linked: Some(true),
        ..RowEdit::default()
    };
    lab.simulator.world().overwrite(Level::Project, id, "harbor", &edit).expect("written");
    lab.sync().await;
    let state = async || lab.item(HEIR, "harbor").await.known.state();
    assert_eq!(state().await, State::Inherited, "nothing moved that a list would tell");
    let full = lab.engine.sync(lab.id(), None, true).await.expect("a full sync");
    assert!(full.complete, "{:?}", full.failed);
    assert_eq!(state().await, State::InheritedDiffers, "read by name, it is seen");
    assert_eq!(shown(&lab, HEIR).await, text("slipped"), "with its own value");
    lab.sync().await;
    assert_eq!(state().await, State::InheritedDiffers, "and it stays so");
}

/// Trackers keep their values beside the row: what was read of an inheritor once does not tell what
/// it was given since.
#[tokio::test]
async fn an_inheriting_tracker_that_was_read_once_is_read_again_when_its_source_changes() {
    let lab = Lab::synced().await;
    lab.engine.sync(lab.id(), None, true).await.expect("a full sync");
    let path = "acme/platform/checkout/cart-service";
    let state = async || lab.item(path, "jira").await.known;
    assert!(
        matches!(
            state().await,
            Known::Row(Row { link: Link::Inherited { agrees: Agrees::Yes, .. }, .. })
        ),
        "read by name: {:?}",
        state().await
    );
    let form =
        Form { fields: fields(&[("url", "https://jira-2.acme.example")]), ..Form::default() };
    let group = lab.key(GROUP).id.0;
    lab.simulator.world().save(Level::Group, group, "jira", &form).expect("saved");
    lab.simulator.propagated().await;
    lab.sync().await;
    let said = state().await;
    assert_eq!(said.state(), State::Inherited, "it was handed down: {said:?}");
    let wrong = differences(&lab.export().await, &lab.simulator.world(), &Default::default());
    let wrong: Vec<_> = wrong.iter().filter(|it| it.contains("jira of acme/platform")).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_default_that_is_off_is_asked_again_as_long_as_something_inherits_it() {
    let lab = Lab::connected().await;
    let world = lab.simulator.world();
    let group = lab.key("acme/mobile").id.0;
    let off = RowEdit { active: Some(false), ..RowEdit::default() };
    world.overwrite(Level::Group, group, "jira", &off).expect("the group's own Jira");
    lab.sync().await;
    lab.sync().await;
    let below = lab.item("acme/mobile/design-tokens", "jira").await;
    assert_eq!(below.known.state(), State::InheritedDiffers, "on here, off at its source");
    let id = ScopeKey::group(group);
    let on = RowEdit { active: Some(true), ..RowEdit::default() };
    world.overwrite(Level::Group, id.id.0, "jira", &on).expect("on again");
    lab.sync().await;
    let below = lab.item("acme/mobile/design-tokens", "jira").await;
    assert_eq!(below.known.state(), State::Inherited, "both are on");
}

/// The world changes between two syncs and the second one runs into faults. Whatever could not be
/// read may be old, but nothing is said to agree that does not.
#[tokio::test]
async fn under_faults_nothing_is_claimed_to_agree_that_does_not() {
    for seed in 1..=2 {
        let wrong = changing_under_faults(seed).await;
        assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
    }
}
