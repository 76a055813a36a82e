use heirloom_engine::core::ids::{Level, ScopeKey};
use heirloom_engine::core::row::State;
use heirloom_gitlab::{BaseUrl, Client, ClientOptions, PlainHttp, Problem};
use heirloom_it::Lab;
use secrecy::SecretString;
use serde_json::Value as Json;

use super::values::{Filled, SERVER};
use super::{Case, Servers};

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
    client
        .delete_integration(scope, &case.slug())
        .await
        .unwrap_or_else(|why| panic!("{slug}: {why}"));
    let after = case.stored(scope);
    assert!(!after.active, "{slug} is off");
    assert_eq!(
        (after.id, &after.events),
        (before.id, &before.events),
        "{slug}: row and events stay"
    );
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
