use heirloom_engine::Outcome;
use heirloom_engine::change::Plan;
use heirloom_engine::core::plan::Besides;
use heirloom_engine::core::row::State;
use heirloom_engine::core::settings::Side;
use heirloom_it::Lab;
use serde_json::{Value as Json, json};

use super::{PAYMENTS, STOREFRONT, apply, outcome, plan_custom, text};

const SEARCH: &str = "acme/platform/web/component-library";

/// Contract, section 2: without the key an inheriting row keeps inheriting, and GitLab answers 200
/// and ignores every value. So it is always sent.
#[tokio::test]
async fn custom_settings_on_an_inheriting_project_are_sent_with_the_inheritance_flag() {
    let lab = Lab::synced().await;
    assert!(lab.row(SEARCH, "harbor").expect("its row").inherit_from.is_some(), "it inherits");
    let fields = [("project_name", text("components"))];
    let plan = plan_custom(&lab, SEARCH, "harbor", &fields, &["password"]).await.expect("a plan");
    assert!(
        plan.steps[0].step.besides.contains(&Besides::BecomesCustom),
        "the plan says that the link will be cut"
    );
    let mark = lab.mark();
    let run = apply(&lab, &plan, &[("password", "hunter-2-harbor")]).await;
    assert_eq!(outcome(&run), (Outcome::Applied, String::new()), "written and read back");

    let stored = lab.row(SEARCH, "harbor").expect("its row");
    assert_eq!(stored.inherit_from, None, "it is custom on the server");
    assert_eq!(stored.fields["project_name"], "components", "with the new value");
    assert_eq!(stored.fields["url"], "https://harbor.acme.example", "and the rest as it was");
    assert_eq!(stored.fields["password"], "hunter-2-harbor", "and the secret that was typed");
    let methods: Vec<String> =
        lab.simulator.requests_after(mark).into_iter().map(|it| it.method).collect();
    assert_eq!(methods, ["GET", "PUT", "GET"], "looked at, written once, read back");

    let found = lab.compare(SEARCH, "harbor").await;
    assert_eq!(found.item.known.state(), State::Custom, "the local copy has what was read back");
    let name = found.pairs.iter().find(|pair| pair.name == "project_name").expect("the field");
    assert_eq!(name.sides.own, Side::Value(text("components")), "values included");
}

#[tokio::test]
async fn only_what_changes_and_what_gitlab_insists_on_is_sent() {
    let lab = Lab::synced().await;
    let before = lab.row(PAYMENTS, "slack").expect("its row");
    let fields = [("channel", text("#payments-new"))];
    let plan = plan_custom(&lab, PAYMENTS, "slack", &fields, &["webhook"]).await.expect("a plan");
    let body = plan.steps[0].step.body().expect("a PUT");
    let names: Vec<&str> = body.keys().map(String::as_str).collect();
    assert_eq!(names, ["channel", "use_inherited_settings"], "the secret comes with the write");
    assert_eq!(body["use_inherited_settings"], false, "custom");
    apply(&lab, &plan, &[("webhook", "https://hooks.slack.example/services/NEW")]).await;

    let after = lab.row(PAYMENTS, "slack").expect("its row");
    assert_eq!(after.events, before.events, "events that were not touched stay");
    let mut expected = before.fields.clone();
    expected.insert("channel".into(), json!("#payments-new"));
    expected.insert("webhook".into(), json!("https://hooks.slack.example/services/NEW"));
    assert_eq!(after.fields, expected, "and so do fields");
}

/// Contract, section 2: required parameters on every PUT, secrets included, and GitLab never gives
/// them back.
#[tokio::test]
async fn a_required_secret_is_asked_for_before_anything_is_sent() {
    let lab = Lab::synced().await;
    let mark = lab.mark();
    let fields = [("channel", text("#payments-new"))];
    let refused = plan_custom(&lab, PAYMENTS, "slack", &fields, &[]).await.expect_err("no secret");
    assert!(refused.to_string().starts_with("Webhook"), "the field is named: {refused}");

    let plan = plan_custom(&lab, PAYMENTS, "slack", &fields, &["webhook"]).await.expect("a plan");
    let id = plan.id;
    let refused = lab.engine.apply(id, super::secrets(&[("webhook", "")]), None).await;
    assert!(refused.is_err(), "a blank is no secret");
    assert_eq!(lab.writes_since(mark), [], "and nothing was sent");
    assert_eq!(
        lab.row(PAYMENTS, "slack").expect("its row").fields["channel"],
        "#payments",
        "nor changed"
    );
}

/// What a plan says will be dropped, and because of what.
fn dropped(plan: &Plan) -> Option<(String, Vec<String>)> {
    plan.steps[0].step.besides.iter().find_map(|besides| match besides {
        Besides::DropsSecrets { because, secrets } => Some((because.clone(), secrets.clone())),
        _ => None,
    })
}

/// Contract, section 2: changing a field flagged exposes_secrets clears stored secrets.
#[tokio::test]
async fn a_changed_address_drops_the_stored_secret_and_the_plan_says_so() {
    let lab = Lab::synced().await;
    let stored =
        |lab: &Lab| lab.row(PAYMENTS, "jenkins").expect("its row").fields["password"].clone();
    assert_eq!(stored(&lab), "payments-jenkins-password", "at first");

    let same = [("project_name", text("checkout/payments"))];
    let plan = plan_custom(&lab, PAYMENTS, "jenkins", &same, &[]).await.expect("a plan");
    assert_eq!(dropped(&plan), None, "another job keeps the password");
    apply(&lab, &plan, &[]).await;
    assert_eq!(stored(&lab), "payments-jenkins-password", "and it is kept");

    let moved = [("jenkins_url", text("https://jenkins-new.acme.example"))];
    let plan = plan_custom(&lab, PAYMENTS, "jenkins", &moved, &[]).await.expect("a plan");
    let expected = ("jenkins_url".to_owned(), vec!["password".to_owned()]);
    assert_eq!(dropped(&plan), Some(expected), "another address does not");
    let run = apply(&lab, &plan, &[]).await;
    assert_eq!(outcome(&run).0, Outcome::Applied, "it was written as planned");
    assert_eq!(stored(&lab), Json::Null, "and GitLab dropped it");
}

#[tokio::test]
async fn a_secret_sent_with_the_changed_address_stays() {
    let lab = Lab::synced().await;
    let moved = [("jenkins_url", text("https://jenkins-new.acme.example"))];
    let plan = plan_custom(&lab, PAYMENTS, "jenkins", &moved, &["password"]).await.expect("a plan");
    apply(&lab, &plan, &[("password", "typed-again")]).await;
    let stored = lab.row(PAYMENTS, "jenkins").expect("its row");
    assert_eq!(stored.fields["password"], "typed-again", "what was sent is there");
}

/// Contract, section 2: PUT forces active=true.
#[tokio::test]
async fn a_first_row_is_made_and_switched_on() {
    let lab = Lab::synced().await;
    assert!(
        lab.row(STOREFRONT, "emails-on-push").is_some_and(|row| row.inherit_from.is_some()),
        "inherits"
    );
    let path = "d.whitfield/dotfiles";
    assert_eq!(lab.row(path, "emails-on-push"), None, "a personal project has none");
    let fields = [("recipients", text("dana@acme.example"))];
    let plan = plan_custom(&lab, path, "emails-on-push", &fields, &[]).await.expect("a plan");
    assert!(plan.steps[0].step.besides.contains(&Besides::SwitchesOn), "the plan says so");
    assert_eq!(outcome(&apply(&lab, &plan, &[]).await), (Outcome::Applied, String::new()), "done");
    let stored = lab.row(path, "emails-on-push").expect("a row");
    assert!(stored.active, "on");
    assert_eq!(stored.fields["recipients"], "dana@acme.example", "with what was typed");
    assert_eq!(lab.item(path, "emails-on-push").await.known.state(), State::Custom, "and known");
}

#[tokio::test]
async fn a_plan_that_would_change_nothing_is_none() {
    let lab = Lab::synced().await;
    let refused = plan_custom(&lab, PAYMENTS, "jenkins", &[], &[]).await.expect_err("no change");
    assert!(refused.to_string().contains("Nothing would change"), "it says so: {refused}");
}

#[tokio::test]
async fn what_a_draft_holds_wrongly_is_refused_with_the_field() {
    let lab = Lab::synced().await;
    let mark = lab.mark();
    let fields = [("jenkins_url", text("not an address"))];
    let refused = plan_custom(&lab, PAYMENTS, "jenkins", &fields, &[]).await.expect_err("no URL");
    assert!(refused.to_string().contains("URL"), "the field is named: {refused}");
    assert_eq!(lab.writes_since(mark), [], "GitLab was not asked to say it");
}
