use heirloom_engine::Kind;
use heirloom_engine::connect::TokenState;
use heirloom_engine::secrets::{Answer, Error, Failing, Memory, SecretName, SecretStore};
use heirloom_it::{Lab, find_bytes, input};
use secrecy::SecretString;

use super::{nothing_stays, refusal};

/// A keychain that passes its check and then refuses to keep anything.
struct Turncoat(Memory);

impl SecretStore for Turncoat {
    fn get<'a>(&'a self, name: &'a SecretName) -> Answer<'a, Option<SecretString>> {
        self.0.get(name)
    }

    fn set<'a>(&'a self, _: &'a SecretName, _: &'a SecretString) -> Answer<'a, ()> {
        Box::pin(std::future::ready(Err(Error::Locked)))
    }

    fn delete<'a>(&'a self, name: &'a SecretName) -> Answer<'a, ()> {
        self.0.delete(name)
    }

    fn check(&self) -> Answer<'_, ()> {
        self.0.check()
    }
}

#[tokio::test]
async fn without_a_usable_keychain_nothing_is_saved_and_each_cause_says_what_to_do() {
    let lab = Lab::empty().await;
    let cases = [
        (Error::NoKeychain { detail: "no D-Bus".into() }, "no keychain was found"),
        (Error::Locked, "keychain is locked: unlock it"),
        (Error::Denied, "access to the keychain was denied"),
    ];
    for (error, words) in cases {
        let engine = lab.with_keychain(Failing(error));
        let said = refusal(&engine, input(&lab.simulator.url(), lab.simulator.token())).await;
        assert!(said.to_lowercase().contains(words), "expected “{words}”, and it says: {said}");
        nothing_stays(&lab, &engine, &lab.simulator.url()).await;
    }
}

#[tokio::test]
async fn a_keychain_that_locks_between_check_and_keeping_leaves_no_half_saved_connection() {
    let lab = Lab::empty().await;
    let engine = lab.with_keychain(Turncoat(Memory::new()));
    let given = input(&lab.simulator.url(), lab.simulator.token());
    let refused = engine.connect(given).await.expect_err("the token could not be kept");
    assert_eq!(refused.kind(), Kind::KeychainLocked, "the reason is told apart");
    nothing_stays(&lab, &engine, lab.simulator.token()).await;
}

#[tokio::test]
async fn a_keychain_that_locks_later_is_no_missing_token() {
    let lab = Lab::synced().await;
    let engine = lab.with_keychain(Failing(Error::Locked));
    let refused = engine.sync(lab.id(), None, false).await.expect_err("no token can be had");
    assert_eq!(refused.kind(), Kind::KeychainLocked, "unlocking helps, a new token would not");
    let connection = engine.connection(lab.id()).await.expect("the connection");
    assert_eq!(engine.token_state(&connection).await, TokenState::Unreadable, "and it says so");
    let removed = engine.remove_connection(lab.id()).await.expect_err("the token would stay");
    assert_eq!(removed.kind(), Kind::KeychainLocked, "it does not pretend to have removed it");
    assert_eq!(engine.connections().await.expect("a list").len(), 1, "and everything stays");
}

#[tokio::test]
async fn a_token_for_one_run_needs_no_keychain_and_is_never_kept() {
    let lab = Lab::empty().await;
    let nowhere = Error::NoKeychain { detail: "no D-Bus".into() };
    let engine = lab.with_keychain(Failing(nowhere.clone()));
    let token = lab.simulator.token();
    let given = input(&lab.simulator.url(), token);
    let made = engine.connect_without_token(given).await.expect("a connection");
    let summary = engine.sync(made.id, None, false).await.expect("a sync with the lent token");
    assert!(summary.complete, "the lent token works");
    assert!(find_bytes(&lab.folder(), token.as_bytes()).is_empty(), "and is kept nowhere");
    drop(engine);

    let engine = lab.with_keychain(Failing(nowhere));
    let refused = engine.sync(made.id, None, false).await.expect_err("it was for one run");
    assert_eq!(refused.kind(), Kind::Token, "the next run needs it again");
    engine.lend_token(made.id, &SecretString::from(token)).await.expect("lent again");
    engine.sync(made.id, None, false).await.expect("a sync");
    engine.remove_connection(made.id).await.expect("there is no keychain to clear");
    assert!(engine.connections().await.expect("a list").is_empty(), "and it can be removed");
}
