use heirloom_engine::core::row::{Agrees, Known, Link, Row, State};
use heirloom_engine::core::settings::{Side, Verdict};
use heirloom_engine::core::value::Value;
use heirloom_it::Lab;
use heirloom_simulator::{Form, Level, RowEdit};
use serde_json::{Value as Json, json};

fn fields(pairs: &[(&str, Json)]) -> std::collections::BTreeMap<String, Json> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// A row that was once read because it differed, and that GitLab has mended since, must not go on
/// being shown with the old values.
#[tokio::test]
async fn a_mended_inheritor_is_shown_with_its_sources_values() {
    let lab = Lab::synced().await;
    let path = "acme/platform/checkout/fraud-rules-engine";
    assert_eq!(lab.item(path, "harbor").await.known.state(), State::InheritedDiffers, "at first");
    let world = lab.simulator.world();
    let group = lab.key("acme/platform").id.0;
    let form = Form { fields: fields(&[("project_name", json!("platform-2"))]), ..Form::default() };
    world.save(Level::Group, group, "harbor", &form).expect("saved as in the web form");
    lab.simulator.propagated().await;
    lab.sync().await;

    let found = lab.compare(path, "harbor").await;
    assert_eq!(found.item.known.state(), State::Inherited, "it was handed the new default");
    let differing: Vec<&str> = found
        .pairs
        .iter()
        .filter(|pair| pair.verdict == Verdict::Differs)
        .map(|pair| pair.name.as_str())
        .collect();
    assert!(differing.is_empty(), "nothing differs any more, and {differing:?} says it does");
    let name = found.pairs.iter().find(|pair| pair.name == "project_name").expect("the field");
    assert_eq!(name.sides.own, Side::Value(Value::Text("platform-2".into())), "the new value");
    let export = lab.export().await;
    let row = export["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["path"] == path && row["slug"] == "harbor");
    assert_eq!(row.expect("its row")["fields"]["project_name"], "platform-2", "exported as well");
}

/// An inheritor that agreed when it was read stays agreeing only as long as nothing moved.
#[tokio::test]
async fn an_inheritor_that_stays_behind_is_noticed_by_its_time() {
    let lab = Lab::synced().await;
    let path = "acme/platform/web/storefront";
    assert_eq!(lab.item(path, "harbor").await.known.state(), State::Inherited, "at first");
    let world = lab.simulator.world();
    let group = lab.key("acme/platform").id.0;
    // Saved without being handed down, as older servers do (contract, section 8).
    let edit = RowEdit {
        fields: fields(&[("url", json!("https://new.acme.example"))]),
        ..RowEdit::default()
    };
    world.overwrite(Level::Group, group, "harbor", &edit).expect("written");
    lab.sync().await;
    let item = lab.item(path, "harbor").await;
    assert_eq!(
        item.known.state(),
        State::InheritedDiffers,
        "it is older than its source, so it was read"
    );
}

/// Contract, section 8: trackers keep their values beside the row, so no time moves when an
/// inheritor of theirs is out of step; that cannot be seen without reading, and is not claimed.
#[tokio::test]
async fn where_time_proves_nothing_agreement_is_not_claimed() {
    let lab = Lab::synced().await;
    let item = lab.item("acme/platform/checkout/cart-service", "jira").await;
    let Known::Row(Row { link: Link::Inherited { agrees, .. }, .. }) = item.known else {
        panic!("it inherits: {:?}", item.known);
    };
    assert_eq!(agrees, Agrees::Unread, "nothing suggests that it differs, and no more is said");
}

#[tokio::test]
async fn a_full_sync_reads_again_what_seems_unchanged() {
    let lab = Lab::synced().await;
    let path = "acme/platform/checkout/payments-api";
    let edit = RowEdit {
        fields: fields(&[("channel", json!("#quiet"))]),
        keep_time: true,
        ..RowEdit::default()
    };
    let id = lab.key(path).id.0;
    lab.simulator.world().overwrite(Level::Project, id, "slack", &edit).expect("written");
    let channel = |pairs: Vec<heirloom_engine::core::settings::Pair>| {
        pairs.into_iter().find(|pair| pair.name == "channel").map(|pair| pair.sides.own)
    };
    lab.sync().await;
    let quiet = Some(Side::Value(Value::Text("#quiet".into())));
    assert_ne!(channel(lab.compare(path, "slack").await.pairs), quiet, "no time moved: not seen");
    let full = lab.engine.sync(lab.id(), None, true).await.expect("a full sync");
    assert!(full.complete, "{:?}", full.failed);
    assert_eq!(channel(lab.compare(path, "slack").await.pairs), quiet, "read again, and seen");
}

#[tokio::test]
async fn a_second_sync_finds_the_same() {
    let lab = Lab::synced().await;
    let values = |mut rows: Json| {
        for row in rows.as_array_mut().expect("rows") {
            row.as_object_mut().expect("a row").remove("read_at");
        }
        rows
    };
    let first = values(lab.export().await["rows"].clone());
    lab.sync().await;
    let second = values(lab.export().await["rows"].clone());
    for (was, is) in first.as_array().expect("rows").iter().zip(second.as_array().expect("rows")) {
        assert_eq!(was, is, "nothing moved on the server");
    }
}
