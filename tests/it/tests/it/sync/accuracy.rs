use std::collections::{BTreeMap, BTreeSet};

use heirloom_engine::core::catalog::{self, FieldType};
use heirloom_engine::core::ids::{ScopeKey, Slug};
use heirloom_engine::core::row::{Agrees, Known, Link, NotRead, Row, State};
use heirloom_engine::core::value::Value;
use heirloom_it::Lab;
use heirloom_simulator::{Level, RowView};
use serde_json::Value as Json;

/// A value as GitLab stores it, by the catalog's type.
fn typed(slug: &str, name: &str, stored: &Json) -> Value {
    let field_type = catalog::find(&Slug::new(slug).expect("a slug"))
        .and_then(|it| it.field(name))
        .map_or(FieldType::String, |field| field.field_type);
    Value::from_json(field_type, stored)
}

fn is_secret(slug: &str, name: &str) -> bool {
    catalog::find(&Slug::new(slug).expect("a slug"))
        .and_then(|it| it.field(name))
        .is_none_or(|field| field.secret)
}

/// Whether two stored rows hold the same, as far as anybody may read them.
fn same(slug: &str, a: &RowView, b: &RowView) -> bool {
    let events = catalog::find(&Slug::new(slug).expect("a slug")).map(|it| it.events);
    a.active == b.active
        && a.fields.iter().filter(|(name, _)| !is_secret(slug, name)).all(|(name, stored)| {
            typed(slug, name, stored).same_setting(&typed(slug, name, &b.fields[name]))
        })
        && events
            .unwrap_or_default()
            .iter()
            .all(|event| a.events.get(event.name) == b.events.get(event.name))
}

fn level(name: &str) -> Level {
    match name {
        "group" => Level::Group,
        "project" => Level::Project,
        _ => Level::Instance,
    }
}

#[tokio::test]
async fn after_a_sync_every_known_row_is_gitlabs_row() {
    let lab = Lab::synced().await;
    let world = lab.simulator.world();
    let export = lab.export().await;
    let rows = export["rows"].as_array().expect("rows");
    assert!(rows.len() > 500, "the demo company has hundreds of rows: {}", rows.len());
    let (mut inherited, mut differing) = (0, 0);
    for row in rows.iter().filter(|row| row["level"] != "instance") {
        let place = format!("{} of {}", row["slug"], row["path"]);
        let (slug, id) =
            (row["slug"].as_str().expect("a slug"), row["id"].as_u64().expect("an id"));
        let level = level(row["level"].as_str().expect("a level"));
        let stored = world.row(level, id, slug);
        let stored = stored.unwrap_or_else(|| panic!("GitLab has no {place}"));
        assert_eq!(row["active"], stored.active, "active, {place}");
        let link = if stored.inherit_from.is_some() { "inherited" } else { "custom" };
        assert_eq!(row["link"], link, "link, {place}");
        for (name, flag) in row["events"].as_object().expect("events") {
            assert_eq!(
                Some(flag),
                stored.events.get(name).map(|on| Json::from(*on)).as_ref(),
                "{name}, {place}"
            );
        }
        for (name, value) in row["fields"].as_object().into_iter().flatten() {
            assert!(!is_secret(slug, name), "{name} is a secret, {place}");
            let value = typed(slug, name, value);
            assert!(
                value.same_setting(&typed(slug, name, &stored.fields[name])),
                "{name} is {value:?} here and {} there, {place}",
                stored.fields[name]
            );
        }
        if let Some((at, id)) = stored.source {
            inherited += 1;
            if row["source"].is_null() {
                assert_eq!(row["agrees"], "unread", "nothing to compare with, {place}");
                let hidden = ["acme/legacy-2019", "vendors", "acme-security"];
                let path = row["path"].as_str().expect("a path");
                assert!(
                    hidden.iter().any(|above| path.starts_with(above)),
                    "only below what may not be read: {place}"
                );
                continue;
            }
            assert_eq!(row["source"]["id"], id, "source, {place}");
            assert_eq!(level_name(at), row["source"]["level"], "level of the source, {place}");
            let origin = world.row(at, id, slug).expect("the source's row");
            let agree = same(slug, &stored, &origin);
            differing += u32::from(!agree);
            let said = row["agrees"].as_str().expect("whether it agrees");
            assert_eq!(said == "no", !agree, "it says {said}, {place}");
            let state = if agree { "inherited" } else { "inherited_differs" };
            if stored.active {
                assert_eq!(row["state"], state, "state, {place}");
            }
        }
    }
    assert!(inherited > 300, "most of them inherit: {inherited}");
    assert!(differing >= 3, "and some are out of step: {differing}");
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Instance => "instance",
        Level::Group => "group",
        Level::Project => "project",
    }
}

#[tokio::test]
async fn nothing_that_is_on_is_missing() {
    let lab = Lab::synced().await;
    let world = lab.simulator.world();
    let export = lab.export().await;
    let known: BTreeSet<(String, u64, String)> = export["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().expect("text").to_owned();
            (text("level"), row["id"].as_u64().expect("an id"), text("slug"))
        })
        .collect();
    let tree = lab.engine.tree_search(lab.id(), String::new(), 500).await.expect("the tree");
    let mut seen = 0;
    for node in tree.nodes.iter().filter(|node| node.scope.listed_at.is_some()) {
        let key = node.scope.listed.key;
        let at = level(key.level.name());
        for slug in world.slugs(at, key.id.0) {
            let on = world.row(at, key.id.0, slug).is_some_and(|row| row.active);
            if on {
                seen += 1;
                assert!(
                    known.contains(&(key.level.name().to_owned(), key.id.0, slug.to_owned())),
                    "{slug} of {} is on, and not known",
                    node.scope.listed.path
                );
            }
        }
    }
    assert!(seen > 500, "hundreds are on: {seen}");
}

/// Every integration at every scope has a state. *Disabled* and *not set* come of asking by name
/// alone, which the demo company needs nowhere: the two tests after this one have them.
#[tokio::test]
async fn the_demo_company_shows_the_states_there_are() {
    let lab = Lab::synced().await;
    let mut found: BTreeMap<&str, u32> = BTreeMap::new();
    let tree = lab.engine.tree_search(lab.id(), String::new(), 500).await.expect("the tree");
    for node in tree.nodes {
        let items = lab.engine.scope_items(lab.id(), node.scope.listed.key).await;
        for item in items.expect("a scope").items {
            *found.entry(item.known.state().name()).or_default() += 1;
        }
    }
    for state in State::ALL {
        if !matches!(state, State::Disabled | State::NotSet) {
            assert!(found.contains_key(state.name()), "no {} among {found:?}", state.name());
        }
    }
}

#[tokio::test]
async fn an_inheritor_with_older_values_inherits_but_differs() {
    let lab = Lab::synced().await;
    let found = lab.compare("acme/platform/checkout/fraud-rules-engine", "harbor").await;
    assert_eq!(found.item.known.state(), State::InheritedDiffers, "the headline of the product");
    let source = lab.key("acme/platform");
    assert_eq!(found.default.row.as_ref().map(|row| row.scope), Some(source), "against its source");
    assert_eq!(found.item.differing, Some((2, 3)), "address and account differ, the project not");
    assert!(!found.own_assumed, "its own values were read");
}

/// Contract, section 2: a group linked through the API keeps its own values.
#[tokio::test]
async fn a_group_linked_without_being_copied_is_noticed() {
    let lab = Lab::synced().await;
    let item = lab.item("acme/platform/web", "slack").await;
    assert_eq!(item.known.state(), State::InheritedDiffers, "linked, with its own channels");
}

#[tokio::test]
async fn an_agreeing_inheritor_is_shown_without_having_been_read() {
    let lab = Lab::synced().await;
    let path = "acme/platform/web/storefront";
    let found = lab.compare(path, "datadog").await;
    assert!(found.own_assumed, "its values are the source's, and said to be so");
    let Known::Row(Row { link: Link::Inherited { agrees, .. }, .. }) = found.item.known else {
        panic!("it inherits: {:?}", found.item.known);
    };
    assert_eq!(agrees, Agrees::Yes, "flags and times agree");
    let id = lab.key(path).id;
    let asked = format!("/projects/{id}/integrations/datadog");
    let requests = lab.simulator.requests();
    assert!(!requests.iter().any(|it| it.path.contains(&asked)), "and no request was spent on it");
}

/// Contract, section 4: no token reaches instance defaults.
#[tokio::test]
async fn instance_defaults_are_inferred_and_never_asked_for() {
    let lab = Lab::synced().await;
    let found = lab
        .engine
        .compare(lab.id(), ScopeKey::INSTANCE, "git-guardian".parse().expect("a slug"))
        .await
        .expect("the instance");
    let kept = found.item.kept.expect("something is known of it");
    assert_eq!(kept.basis, heirloom_engine::core::row::Basis::Inferred, "from what inherits it");
    let world = lab.simulator.world().row(Level::Instance, 0, "git-guardian").expect("a default");
    assert_eq!(kept.events.get("push_events"), world.events.get("push_events"), "and rightly so");
    assert!(
        lab.simulator.requests().iter().all(|it| !it.path.contains("/admin")),
        "no page of the instance was asked"
    );
}

/// Contract, section 1: a Maintainer is refused on a group; the ability is withdrawn in archived
/// groups.
#[tokio::test]
async fn groups_that_may_not_be_read_are_reported_and_the_rest_is_kept() {
    let lab = Lab::synced().await;
    for (path, why) in [("vendors", "Owner in a group"), ("acme/legacy-2019", "archived group")] {
        let item = lab.item(path, "slack").await;
        assert_eq!(item.known, Known::Unknown(NotRead::NoPermission), "{path} cannot be read");
        let said = item.why.unwrap_or_default();
        assert!(said.contains(why), "{path} says why: {said}");
    }
    let legacy = lab.key("acme/legacy-2019").id;
    let asked = format!("/groups/{legacy}/integrations");
    assert!(
        !lab.simulator.requests().iter().any(|it| it.path.contains(&asked)),
        "nobody asks an archived group, which would be refused"
    );
    let below = lab.item("vendors/northstar/label-printing", "redmine").await;
    assert_eq!(below.known.state(), State::Custom, "what is below it is read all the same");
    let inherits = lab.compare("vendors/northstar/tracking-webhooks", "mattermost").await;
    assert!(inherits.default.row.is_none(), "and its source is not visible, rather than guessed");
}

/// Contract, section 2: only GET by name tells a row that is off from none at all.
#[tokio::test]
async fn a_default_that_is_off_is_asked_by_name() {
    let lab = Lab::connected().await;
    let world = lab.simulator.world();
    let group = lab.key("acme/mobile").id.0;
    let off = heirloom_simulator::RowEdit { active: Some(false), ..Default::default() };
    world.overwrite(Level::Group, group, "jira", &off).expect("the group's own Jira");
    lab.sync().await;
    let item = lab.item("acme/mobile", "jira").await;
    assert_eq!(item.known.state(), State::Disabled, "a custom row that is off, not just absent");
    let below = lab.compare("acme/mobile/design-tokens", "jira").await;
    assert_eq!(
        below.default.row.map(|row| row.scope),
        Some(lab.key("acme/mobile")),
        "an inactive default is one all the same"
    );
    assert_eq!(below.item.known.state(), State::InheritedDiffers, "on here, off at its source");
}

/// Contract, section 2: 404 says that nothing is stored.
#[tokio::test]
async fn a_group_on_the_chain_without_a_row_is_asked_once_and_not_set() {
    let lab = Lab::connected().await;
    let world = lab.simulator.world();
    let (above, group) = (lab.key("acme/platform").id.0, lab.key("acme/platform/web").id.0);
    let project = lab.key("acme/platform/web/storefront").id.0;
    // A default that was never handed down, and one project that was linked to it.
    let default = heirloom_simulator::RowEdit { active: Some(true), ..Default::default() };
    world.overwrite(Level::Group, above, "telegram", &default).expect("a default");
    let linked = heirloom_simulator::RowEdit {
        active: Some(true),
        linked: Some(true),
        ..Default::default()
    };
    world.overwrite(Level::Project, project, "telegram", &linked).expect("a linked row");
    lab.sync().await;
    let asked = format!("/groups/{group}/integrations/telegram");
    let count = || lab.simulator.requests().iter().filter(|it| it.path.contains(&asked)).count();
    assert_eq!(count(), 1, "the group in between is asked by name");
    let item = lab.item("acme/platform/web", "telegram").await;
    assert_eq!(item.known, Known::NotSet, "and says that it has none");
    let below = lab.compare("acme/platform/web/storefront", "telegram").await;
    let source = below.default.row.map(|row| row.scope);
    assert_eq!(source, Some(lab.key("acme/platform")), "so the source is known, not guessed");
    lab.sync().await;
    assert_eq!(count(), 1, "once is enough");
}
