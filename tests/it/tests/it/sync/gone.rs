use heirloom_engine::Error;
use heirloom_engine::core::row::State;
use heirloom_it::Lab;
use heirloom_simulator::{Fault, Level, ProjectSpec};

#[tokio::test]
async fn a_renamed_project_stays_the_same_scope() {
    let lab = Lab::synced().await;
    let old = "acme/platform/checkout/payments-api";
    let key = lab.key(old);
    lab.simulator.world().rename(Level::Project, key.id.0, "payments").expect("renamed");
    lab.sync().await;
    let found = lab.engine.find_scope(lab.id(), "acme/platform/checkout/payments", None).await;
    assert_eq!(found.expect("the new path").listed.key, key, "the id is the key, not the path");
    let gone = lab.engine.find_scope(lab.id(), old, None).await;
    assert!(matches!(gone, Err(Error::NotFound(_))), "nothing answers to the old path: {gone:?}");
}

#[tokio::test]
async fn a_deleted_project_is_marked_gone_and_spoils_no_later_sync() {
    let lab = Lab::synced().await;
    // The smallest id among the inheritors of an instance default stands for it.
    let path = "acme/handbook";
    let key = lab.key(path);
    let rows = |export: &serde_json::Value| {
        let rows = export["rows"].as_array().expect("rows").iter();
        rows.filter(|row| row["path"] == path).count()
    };
    assert!(rows(&lab.export().await) > 0, "it has rows at first");
    lab.simulator.world().delete(Level::Project, key.id.0).expect("deleted");
    for full in [false, true] {
        let summary = lab.engine.sync(lab.id(), None, full).await.expect("a sync");
        assert!(
            summary.complete,
            "what is gone is no failure (full: {full}): {:?}",
            summary.failed
        );
    }
    assert_eq!(rows(&lab.export().await), 0, "it is no row that GitLab stores");
    let counts = lab.sync().await;
    assert_eq!(
        counts.rows as usize,
        lab.export().await["rows"].as_array().expect("rows").len(),
        "and is not counted"
    );
    let still = lab
        .engine
        .compare(
            lab.id(),
            heirloom_engine::core::ids::ScopeKey::INSTANCE,
            "git-guardian".parse().expect("a slug"),
        )
        .await;
    assert!(still.expect("the instance").item.kept.is_some(), "others stand for the instance now");
}

#[tokio::test]
async fn a_new_project_appears_with_what_it_inherits() {
    let lab = Lab::synced().await;
    let group = lab.key("acme/platform").id.0;
    let spec = ProjectSpec { group, path: "brand-new".into(), name: None };
    lab.simulator.world().create_project(&spec).expect("made");
    lab.sync().await;
    let item = lab.item("acme/platform/brand-new", "slack").await;
    assert_eq!(item.known.state(), State::Inherited, "GitLab gave it the group's default");
}

#[tokio::test]
async fn an_integration_switched_off_on_the_server_is_off_here() {
    let lab = Lab::synced().await;
    let path = "acme/platform/checkout/payments-api";
    let id = lab.key(path).id.0;
    let edit = heirloom_simulator::RowEdit { active: Some(false), ..Default::default() };
    lab.simulator.world().overwrite(Level::Project, id, "jenkins", &edit).expect("written");
    lab.sync().await;
    assert_eq!(lab.item(path, "jenkins").await.known.state(), State::Off, "absent from the list");
}

/// What GitLab, or a proxy before it, answers where there is no such route (contract, section 2).
const NO_ROUTE: &str = r#"{"error":"404 Not Found"}"#;

#[tokio::test]
async fn a_route_that_is_not_there_makes_no_scope_gone() {
    let lab = Lab::synced().await;
    let before = lab.sync().await;
    for (path, full) in [("/integrations", false), ("/integrations/", true)] {
        let fault = Fault::on(path).answer(404, NO_ROUTE);
        lab.simulator.fail(fault.header("content-type", "application/json"));
        let summary = lab.engine.sync(lab.id(), None, full).await.expect("a sync");
        assert!(!summary.complete, "{path}: nothing could be read, and it says so");
        let why = &summary.failed.first().expect("scopes that could not be read").why;
        assert!(why.contains("does not offer"), "{path}: and why: {why}");
        let kept = (summary.groups, summary.projects, summary.rows);
        assert_eq!(kept, (before.groups, before.projects, before.rows), "{path}: all is kept");
        lab.simulator.heal();
    }
    assert_eq!(lab.drift().await, [], "nothing changed");
}

#[tokio::test]
async fn a_scope_that_gitlab_says_is_not_there_is_gone() {
    let lab = Lab::synced().await;
    let before = lab.sync().await.projects;
    let (gone, odd) = (lab.key("acme/handbook").id, lab.key("acme/platform/web/storefront").id);
    for (id, said) in [(gone, "404 Project Not Found"), (odd, "404 Group Not Found")] {
        let body = serde_json::json!({ "message": said }).to_string();
        let fault = Fault::on(format!("/projects/{id}/integrations")).answer(404, body);
        lab.simulator.fail(fault.header("content-type", "application/json"));
    }
    let summary = lab.sync().await;
    assert_eq!(summary.projects, before - 1, "deleted since it was listed");
    let failed: Vec<&str> = summary.failed.iter().map(|it| it.path.as_str()).collect();
    assert!(
        !failed.is_empty()
            && failed.iter().all(|it| it.starts_with("acme/platform/web/storefront")),
        "an answer about something else proves nothing of a project: {failed:?}"
    );
}
