use std::collections::BTreeMap;

use heirloom_engine::core::ids::{Level, ScopeKey};
use heirloom_engine::core::row::State;
use heirloom_gitlab::{BaseUrl, Client, ClientOptions, PlainHttp, Problem};
use heirloom_it::Lab;
use secrecy::SecretString;
use serde_json::Value as Json;

use super::defaults::save_on_the_page;
use super::values::{Filled, SERVER};
use super::{Case, Servers, applied};

fn client(lab: &Lab) -> Client {
    let base = BaseUrl::parse(&lab.simulator.url(), PlainHttp::LoopbackOnly).expect("an address");
    let token = SecretString::from(lab.simulator.token());
    Client::new(base, &token, ClientOptions::default()).expect("a client")
}

/// Contract, section 2: DELETE blanks the fields and switches off; row, events and link stay.
async fn disable(case: Case<'_>, scope: ScopeKey) {
    let slug = case.kind.slug;
    let client = client(case.lab);
    let before = case.stored(scope);
    let plan = case.plan_disable(scope).await.unwrap_or_else(|why| panic!("{slug}: {why}"));
    applied(slug, &case.apply(&plan, &BTreeMap::default()).await);
    let after = case.stored(scope);
    assert!(!after.active, "{slug} is off");
    assert_eq!(after.id, before.id, "{slug}: the row stays");
    assert_eq!(after.inherit_from, None, "{slug}: and nothing fills it again");
    if before.inherit_from.is_none() {
        assert_eq!(after.events, before.events, "{slug}: its events stay");
    }
    for field in case.kind.fields.iter().filter(|field| field.secret && field.rest) {
        assert_eq!(after.fields.get(field.name), Some(&Json::Null), "{slug}: no secret is left");
    }
    let back = client.integration(scope, &case.slug()).await.expect("an answer");
    let back = back.unwrap_or_else(|| panic!("{slug}: the row can be read"));
    assert!(!back.row.active, "{slug} is read as off");
    let listed = client.integrations(scope).await.expect("the list");
    assert!(
        listed.iter().all(|row| row.slug != case.slug()),
        "{slug}: the list has active ones only"
    );
    // Twice is as good as once.
    client
        .delete_integration(scope, &case.slug())
        .await
        .unwrap_or_else(|why| panic!("{slug}: {why}"));
}

#[tokio::test]
async fn every_kind_can_be_switched_off_and_its_row_stays() {
    let servers = Servers::start("18.10.2-ee").await.open().await;
    let mut off = Vec::new();
    for case in servers.cases().filter(|case| case.kind.supports_delete) {
        for (level, scope) in [(Level::Project, case.project("own")), (Level::Group, case.group())]
        {
            if !case.kind.levels.contains(level) {
                continue;
            }
            if !case.kind.creatable {
                case.install(scope);
            }
            case.save(scope, &Filled::whole(case.kind, level, SERVER, 1)).await;
            disable(case, scope).await;
            off.push((case, scope));
        }
    }
    for lab in servers.labs() {
        assert!(lab.sync().await.complete, "rows that are off are no failure");
    }
    for (case, scope) in &off {
        let found = case.lab.engine.compare(case.lab.id(), *scope, case.slug()).await;
        let state = found.expect("the scope").item.known.state();
        assert!(matches!(state, State::Off | State::Disabled), "{}: {state:?}", case.kind.slug);
        if case.kind.creatable {
            // And on again, through the engine: it knows what it saves over.
            case.save(*scope, &Filled::whole(case.kind, scope.level, SERVER, 2)).await;
            assert!(case.stored(*scope).active, "{} is on again", case.kind.slug);
        }
    }
    println!("switched off and on again at {} places", off.len());
}

/// Contract, section 2: the link is cut first, with stand-ins for secrets that pass GitLab's checks
/// and every event off.
#[tokio::test]
async fn every_kind_that_is_inherited_can_be_switched_off_for_good() {
    let servers = Servers::start_apart("18.10.2-ee").await;
    let inheritable = |case: &Case<'_>| {
        case.kind.supports_delete && case.kind.supports_inherit && case.kind.levels.group
    };
    for case in servers.cases().filter(inheritable) {
        let filled = Filled::whole(case.kind, Level::Group, SERVER, 1);
        save_on_the_page(case, case.group(), &filled);
    }
    for lab in servers.labs() {
        lab.simulator.propagated().await;
    }
    let servers = servers.open().await;
    let mut off = 0;
    for case in servers.cases().filter(inheritable) {
        let project = case.project("other");
        let inherits = case.row(project).and_then(|row| row.inherit_from);
        assert!(inherits.is_some(), "{} was handed down", case.kind.slug);
        disable(case, project).await;
        off += 1;
    }
    println!("inherited, and switched off for good: {off} kinds");
}

/// Contract, section 2: 422 “You cannot disable the GitLab for Jira Cloud app …”.
#[tokio::test]
async fn an_app_that_is_switched_off_elsewhere_says_so() {
    let servers = Servers::start("18.10.2-ee").await.open().await;
    let mut seen = 0;
    for case in servers.cases().filter(|case| !case.kind.supports_delete) {
        case.install(case.project("own"));
        let refused = client(case.lab).delete_integration(case.project("own"), &case.slug()).await;
        let Err(heirloom_gitlab::Error { problem: Problem::Refused { message, .. }, .. }) = refused
        else {
            panic!("{}: {refused:?}", case.kind.slug)
        };
        assert!(message.contains(case.kind.title), "GitLab's words name it: {message}");
        assert!(case.stored(case.project("own")).active, "{} is still on", case.kind.slug);
        seen += 1;
    }
    assert_eq!(seen, 1, "jira-cloud-app alone");
}
