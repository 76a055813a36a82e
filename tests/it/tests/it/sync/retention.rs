use heirloom_engine::core::ids::Slug;
use heirloom_engine::query::drift::HistoryFilter;
use heirloom_it::Lab;
use heirloom_simulator::{Form, Level};
use jiff::SignedDuration;
use serde_json::json;

const PATH: &str = "acme/platform/checkout/payments-api";

/// Changes a channel on the server, syncs, and says how many changes the history holds.
async fn changed(lab: &Lab, channel: &str) -> u32 {
    let form = Form { fields: [("channel".to_owned(), json!(channel))].into(), ..Form::default() };
    let id = lab.key(PATH).id.0;
    lab.simulator.world().save(Level::Project, id, "slack", &form).expect("saved on the server");
    assert!(lab.sync().await.complete, "read");
    let filter = HistoryFilter {
        slug: Some(Slug::new("slack").expect("a slug")),
        ..HistoryFilter::default()
    };
    lab.engine.drift(lab.id(), filter, 0, 100).await.expect("the history").0
}

#[tokio::test]
async fn history_is_kept_for_as_long_as_was_set() {
    let lab = Lab::synced().await;
    assert_eq!(lab.engine.history_kept_days().await.expect("days"), 365, "a year by itself");
    assert_eq!(changed(&lab, "#one").await, 1, "a change");
    lab.clock.shift(SignedDuration::from_hours(40 * 24));
    assert_eq!(changed(&lab, "#two").await, 2, "it is there after forty days");
    assert!(lab.engine.keep_history_days(6).await.is_err(), "less than a week is refused");
    lab.engine.keep_history_days(30).await.expect("set");
    assert_eq!(changed(&lab, "#three").await, 2, "and gone where thirty were to be kept");
    lab.clock.shift(SignedDuration::from_hours(400 * 24));
    lab.engine.keep_history_days(3650).await.expect("set");
    assert_eq!(changed(&lab, "#four").await, 3, "or ten years");
}
