//! The stores that are not the keychain, and clearing any store.

#![expect(clippy::expect_used, reason = "a test's own tools may fail loudly")]

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_secrets::{
    Error, Failing, Memory, SecretName, SecretOwner, SecretStore, clear_everything,
};
use secrecy::{ExposeSecret, SecretString};

fn owner(connection: u32) -> SecretOwner {
    SecretOwner::new("test-folder", ConnectionId(connection)).expect("an owner")
}

fn field(connection: u32, field: &str) -> SecretName {
    let slug = Slug::new("jira").expect("a slug");
    SecretName::field(&owner(connection), ScopeKey::project(7), &slug, field).expect("a name")
}

#[tokio::test]
async fn memory_keeps_replaces_and_forgets() {
    let store: &dyn SecretStore = &Memory::new();
    let name = SecretName::token(&owner(1));
    store.check().await.expect("memory is always there");
    assert!(store.get(&name).await.expect("an answer").is_none(), "nothing at first");
    for text in ["one", "two"] {
        store.set(&name, &SecretString::from(text)).await.expect("kept");
        let found = store.get(&name).await.expect("an answer").expect("a secret");
        assert_eq!(found.expose_secret(), text, "the last one kept");
    }
    store.delete(&name).await.expect("forgotten");
    store.delete(&name).await.expect("forgetting twice does no harm");
    assert!(store.get(&name).await.expect("an answer").is_none(), "nothing is left");
}

#[tokio::test]
async fn memory_never_prints_what_it_holds() {
    let memory = Memory::new();
    let name = SecretName::token(&owner(1));
    memory.set(&name, &SecretString::from("canary")).await.expect("kept");
    assert!(!format!("{memory:?}").contains("canary"), "{memory:?}");
}

#[tokio::test]
async fn clearing_takes_all_of_one_connection_and_nothing_of_another() {
    let memory = Memory::new();
    let secret = SecretString::from("x");
    let index =
        [field(1, "password"), field(1, "token"), field(2, "password"), field(11, "password")];
    for name in index.iter().chain([&SecretName::token(&owner(1)), &SecretName::token(&owner(2))]) {
        memory.set(name, &secret).await.expect("kept");
    }
    clear_everything(&memory, &owner(1), &index).await.expect("cleared");
    let mut left = vec![field(2, "password"), field(11, "password"), SecretName::token(&owner(2))];
    left.sort();
    assert_eq!(memory.names(), left, "the others' secrets stay");
    clear_everything(&memory, &owner(1), &index).await.expect("clearing twice does no harm");
}

#[tokio::test]
async fn what_could_not_be_cleared_is_named() {
    let store = Failing(Error::Locked);
    let index = [field(1, "password"), field(2, "password")];
    let left = clear_everything(&store, &owner(1), &index).await.expect_err("it is locked");
    assert_eq!(left.names, [SecretName::token(&owner(1)), field(1, "password")], "to try again");
    assert_eq!(left.first, Error::Locked, "and why");
}

#[tokio::test]
async fn failing_fails_every_call_in_its_way() {
    for why in [
        Error::NoKeychain { detail: "no bus".to_owned() },
        Error::Locked,
        Error::Denied,
        Error::Failed("disk".to_owned()),
    ] {
        let store = Failing(why.clone());
        let name = SecretName::token(&owner(1));
        assert_eq!(store.get(&name).await.err(), Some(why.clone()), "get");
        assert_eq!(store.set(&name, &SecretString::from("x")).await, Err(why.clone()), "set");
        assert_eq!(store.delete(&name).await, Err(why.clone()), "delete");
        assert_eq!(store.check().await, Err(why), "check");
    }
}

#[test]
fn every_failure_says_what_to_do_in_its_own_words() {
    let errors = [
        (Error::NoKeychain { detail: "x".to_owned() }, "start Heirloom again"),
        (Error::Locked, "unlock it"),
        (Error::Denied, "allow Heirloom"),
        (Error::TooLong { limit: 1280 }, "1280"),
        (Error::Failed("the disk is full".to_owned()), "the disk is full"),
    ];
    for (error, hint) in errors {
        assert!(error.to_string().contains(hint), "“{hint}” should be in: {error}");
    }
}
