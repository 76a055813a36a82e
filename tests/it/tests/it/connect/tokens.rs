use heirloom_engine::connect::TokenState;
use heirloom_engine::connect::reach::Reach;
use heirloom_engine::core::ids::ScopeKey;
use heirloom_engine::{Access, Error};
use heirloom_it::{Lab, find_bytes, input};
use heirloom_simulator::Fault;
use secrecy::SecretString;

use super::{nothing_stays, refusal};

#[tokio::test]
async fn each_token_that_cannot_be_used_has_its_own_message() {
    let lab = Lab::empty().await;
    let tokens = lab.simulator.tokens().clone();
    let cases = [
        (tokens.expired.as_str(), "This token has expired"),
        (tokens.revoked.as_str(), "This token was revoked"),
        ("glpat-nobodyhasthisone", "GitLab does not know this token"),
        (tokens.blocked.as_str(), "GitLab refuses this account"),
        ("two words", "Not a token"),
    ];
    for (token, title) in cases {
        let said = refusal(&lab.engine, input(&lab.simulator.url(), token)).await;
        assert!(said.starts_with(title), "expected “{title}”, and it says: {said}");
        nothing_stays(&lab, &lab.engine, token).await;
    }
}

/// Contract, section 2: 403 `insufficient_scope`. Such a token may ask who it is, not `/metadata`.
#[tokio::test]
async fn a_token_whose_scopes_are_too_small_is_told_apart_from_a_wrong_address() {
    let lab = Lab::empty().await;
    let body = r#"{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api read_api"}"#;
    lab.simulator
        .fail(Fault::on("/metadata").answer(403, body).header("content-type", "application/json"));
    let said = refusal(&lab.engine, input(&lab.simulator.url(), lab.simulator.token())).await;
    assert!(said.starts_with("This token’s scopes are too small"), "what to change: {said}");
    nothing_stays(&lab, &lab.engine, &lab.simulator.url()).await;
}

#[tokio::test]
async fn read_api_alone_makes_a_review_only_connection() {
    let mut lab = Lab::empty().await;
    let token = lab.simulator.tokens().read_api.clone();
    lab.connect(&token).await;
    let made = lab.engine.connection(lab.id()).await.expect("the connection");
    assert_eq!(made.details.access, Access::ReviewOnly, "it may look");
    assert!(lab.sync().await.complete, "and sees everything it would see with api");
}

#[tokio::test]
async fn the_same_account_on_the_same_gitlab_is_one_connection() {
    let lab = Lab::connected().await;
    let again = lab.engine.connect(input(&lab.simulator.url(), lab.simulator.token())).await;
    let said = again.expect_err("there is one already").to_string();
    assert!(said.contains("“lab”"), "it names the one that is there: {said}");
    assert_eq!(lab.engine.connections().await.expect("a list").len(), 1, "and stays the only one");
}

#[tokio::test]
async fn a_replaced_token_takes_effect_at_once_and_the_old_one_is_gone() {
    let lab = Lab::connected().await;
    let old = lab.simulator.token().to_owned();
    lab.simulator.world().revoke(&old).expect("the owner's token");
    assert_eq!(
        lab.engine.recheck(lab.id()).await.expect("an answer"),
        Reach::TokenRefused,
        "a revoked token is noticed"
    );
    let connection = lab.engine.connection(lab.id()).await.expect("the connection");
    assert_eq!(lab.engine.token_state(&connection).await, TokenState::Refused, "and said");

    let new = SecretString::from(lab.simulator.tokens().read_api.as_str());
    let replaced = lab.engine.replace_token(lab.id(), new).await.expect("another token");
    assert_eq!(replaced.details.access, Access::ReviewOnly, "its own scopes count from now on");
    assert_eq!(lab.engine.recheck(lab.id()).await.expect("an answer"), Reach::Online, "it works");
    assert_eq!(lab.keychain.names().len(), 1, "there is one token, not two");
    assert!(lab.sync().await.complete, "and everything goes on with it");
}

#[tokio::test]
async fn another_accounts_token_does_not_replace_ones_own() {
    let lab = Lab::connected().await;
    let other = SecretString::from(lab.simulator.tokens().admin.as_str());
    let said = lab.engine.replace_token(lab.id(), other).await.expect_err("another account");
    assert!(said.to_string().contains("@root"), "it says whose it is: {said}");
    assert_eq!(
        lab.engine.recheck(lab.id()).await.expect("an answer"),
        Reach::Online,
        "the old token is still there"
    );
    let expired = SecretString::from(lab.simulator.tokens().expired.as_str());
    lab.engine.replace_token(lab.id(), expired).await.expect_err("an expired one");
    assert_eq!(
        lab.engine.recheck(lab.id()).await.expect("an answer"),
        Reach::Online,
        "and still is"
    );
}

#[tokio::test]
async fn removing_a_connection_leaves_nothing_of_it() {
    let lab = Lab::synced().await;
    let (id, url) = (lab.id(), lab.simulator.url());
    assert!(
        !find_bytes(&lab.folder(), b"payments-api").is_empty(),
        "before, the local copy knows the company's projects"
    );
    lab.engine.remove_connection(id).await.expect("removed");
    assert!(lab.keychain.names().is_empty(), "the token is out of the keychain");
    for trace in [url.as_bytes(), b"payments-api", b"jira-old.acme.example", b"d.whitfield"] {
        let found = find_bytes(&lab.folder(), trace);
        let trace = String::from_utf8_lossy(trace);
        assert!(found.is_empty(), "“{trace}” is still in {found:?}");
    }
    let gone = lab.engine.scope_items(id, ScopeKey::INSTANCE).await;
    assert!(matches!(gone, Err(Error::Store(_))), "and no question is answered: {gone:?}");
}
