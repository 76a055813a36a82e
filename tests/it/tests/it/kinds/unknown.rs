use heirloom_engine::Error;
use heirloom_engine::change::Request;
use heirloom_engine::core::ids::ScopeKey;
use heirloom_engine::core::row::State;
use heirloom_engine::core::settings::{Settings, Side};
use heirloom_engine::core::value::Value;
use heirloom_it::{Lab, with_added_rows};
use heirloom_simulator::{Config, Level, RowEdit, WorldSpec};
use serde_json::{Value as Json, json};

use super::{OWNER, place};

const PRIVATE: &str = "s3cr3t-behind-the-api";

fn row(id: u64, slug: &str, title: &str, properties: &Json) -> Json {
    json!({
        "id": id, "title": title, "slug": slug, "active": true, "inherited": false,
        "created_at": "2026-01-05T08:00:00.000Z", "updated_at": "2026-02-05T08:00:00.000Z",
        "push_events": true, "quantum_events": true, "comment_on_event_enabled": false,
        "properties": properties,
    })
}

/// Rows of kinds that are gone, that only developers have, and that nobody has heard of.
fn rows() -> Vec<Json> {
    let prometheus = json!({
        "manual_configuration": true, "api_url": "https://prometheus.acme.example",
        "google_iap_service_account_json": PRIVATE,
    });
    let invented = json!({
        "endpoint": "https://bridge.acme.example", "entanglement": 7, "strict": true,
        "regions": ["eu", "us"], "spare": null, "nested": { "api_token": PRIVATE },
        "bridge_token": PRIVATE, "signing_key": PRIVATE,
    });
    vec![
        row(9_001, "prometheus", "Prometheus", &prometheus),
        row(9_002, "mock-ci", "MockCI", &json!({ "mock_service_url": "http://localhost:4004" })),
        row(9_003, "mock-monitoring", "MockMonitoring", &json!({})),
        row(9_004, "quantum-bridge", "Quantum Bridge", &invented),
    ]
}

/// A server with those rows everywhere, and ZenTao at its group.
async fn lab() -> (Lab, ScopeKey, ScopeKey) {
    let world = WorldSpec::Sized { groups: 1, projects: 1 };
    let mut lab = Lab::empty_at(Config { world, ..Config::default() }).await;
    let world = lab.simulator.world();
    let (group, project) = (world.groups()[0], world.projects()[0]);
    world.set_access(OWNER, Level::Group, group, 50).expect("the owner's account");
    let zentao = RowEdit {
        active: Some(true),
        fields: [
            ("url".to_owned(), json!("https://zentao.acme.example")),
            ("zentao_product_xid".to_owned(), json!("42")),
            ("api_token".to_owned(), json!(PRIVATE)),
        ]
        .into(),
        ..RowEdit::default()
    };
    world.overwrite(Level::Group, group, "zentao", &zentao).expect("a row");
    let url = with_added_rows(&lab.simulator.url(), rows()).await;
    let token = lab.simulator.token().to_owned();
    lab.connect_through(&url, &token).await;
    let summary = lab.sync().await;
    assert!(summary.complete, "kinds nobody knows are no failure: {:?}", summary.failed);
    (lab, ScopeKey::group(group), ScopeKey::project(project))
}

async fn shown(lab: &Lab, scope: ScopeKey, slug: &str) -> (String, State, Settings) {
    let slug = slug.parse().expect("a slug");
    let found = lab.engine.compare(lab.id(), scope, slug).await.expect("the scope");
    for pair in &found.pairs {
        assert!(
            !matches!(&pair.sides.own, Side::Value(Value::Text(text)) if text.contains(PRIVATE)),
            "no secret is shown: {pair:?}"
        );
    }
    let settings = found.item.kept.as_ref().and_then(heirloom_engine::Kept::settings);
    (found.item.title.clone(), found.item.known.state(), settings.expect("its values were read"))
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

#[tokio::test]
async fn a_kind_nobody_knows_is_shown_with_title_state_and_values() {
    let (lab, group, project) = lab().await;
    for scope in [group, project] {
        let (title, state, settings) = shown(&lab, scope, "quantum-bridge").await;
        assert_eq!((title.as_str(), state), ("Quantum Bridge", State::Custom), "GitLab's title");
        assert_eq!(settings.fields["endpoint"], text("https://bridge.acme.example"), "a text");
        assert_eq!(settings.fields["entanglement"], text("7"), "a number, as text");
        assert_eq!(settings.fields["regions"], text("eu,us"), "a list, as text");
        for name in ["bridge_token", "signing_key", "nested"] {
            assert!(!settings.fields.contains_key(name), "{name} may be a secret");
        }
        assert!(settings.events["push_events"], "its events");
    }
    let listed = lab.engine.scope_items(lab.id(), project).await.expect("the project").items;
    let item = listed.iter().find(|item| item.title == "Quantum Bridge").expect("in the list");
    assert!(item.integration.is_none(), "nothing is claimed to be known of it");
    let found = heirloom_it::find_bytes(&lab.folder(), PRIVATE.as_bytes());
    assert_eq!(found, [] as [std::path::PathBuf; 0], "no secret is on disk");
    assert!(!lab.export().await.to_string().contains(PRIVATE), "nor in an export");
}

#[tokio::test]
async fn kinds_that_are_gone_or_of_developers_are_shown_where_they_are() {
    let (lab, group, project) = lab().await;
    for scope in [group, project] {
        let (title, state, settings) = shown(&lab, scope, "prometheus").await;
        assert_eq!((title.as_str(), state), ("Prometheus", State::Custom), "shown");
        assert_eq!(settings.fields["api_url"], text("https://prometheus.acme.example"), "values");
        let (_, state, settings) = shown(&lab, scope, "mock-ci").await;
        assert_eq!(state, State::Custom, "shown");
        assert_eq!(settings.fields["mock_service_url"], text("http://localhost:4004"), "values");
        assert_eq!(shown(&lab, scope, "mock-monitoring").await.1, State::Custom, "shown");
    }
    let (title, state, settings) = shown(&lab, group, "zentao").await;
    assert_eq!((title.as_str(), state), ("ZenTao", State::Custom), "shown");
    assert_eq!(settings.fields["zentao_product_xid"], text("42"), "values");
    assert!(!settings.fields.contains_key("api_token"), "no secret");
}

#[tokio::test]
async fn what_is_not_known_well_enough_is_never_written() {
    let (lab, group, project) = lab().await;
    for slug in ["quantum-bridge", "prometheus", "zentao"] {
        for scope in [group, project] {
            let at = place(scope);
            let slug: heirloom_engine::core::ids::Slug = slug.parse().expect("a slug");
            let settings = Settings {
                fields: [("endpoint".to_owned(), text("https://elsewhere.example"))].into(),
                ..Settings::default()
            };
            let mark = lab.mark();
            let custom = Request::SetCustom {
                scope,
                slug: slug.clone(),
                settings: Some(settings),
                typed: Vec::new(),
            };
            for request in [custom, Request::UseDefault { scope, slug: slug.clone() }] {
                let refused = lab.engine.plan(lab.id(), request).await.expect_err("read-only");
                assert!(matches!(refused, Error::NotPossible(_)), "{slug} at {at:?}: {refused}");
            }
            assert_eq!(lab.writes_since(mark), [], "{slug}: nothing was sent");
        }
    }
}
