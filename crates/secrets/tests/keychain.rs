//! The real keychain: gnome-keyring on a D-Bus of its own, in a folder of its own.
//!
//! A process meets one keychain for its whole life, and finds it through its environment. So each
//! test runs itself again in a process that belongs to a desktop session made for it. Needs
//! `dbus-daemon`, `gnome-keyring-daemon` and `secret-tool`; without them the tests fail.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test's own tools may fail loudly")]

mod session;

use std::time::Duration;

use heirloom_core::ids::{ConnectionId, ScopeKey};
use heirloom_secrets::{
    Error, Keychain, SERVICE, SecretName, SecretOwner, SecretStore, clear_everything,
};
use secrecy::{ExposeSecret, SecretString};
use session::{Login, Session};

fn token() -> SecretName {
    let owner = SecretOwner::new("test-folder", ConnectionId(1)).expect("an owner");
    SecretName::token(&owner)
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

/// Long enough for a busy computer; what hangs is tested with a short limit of its own.
fn keychain() -> Keychain {
    Keychain::new().with_limit(Duration::from_secs(60))
}

#[test]
fn an_unlocked_keychain_keeps_replaces_and_forgets() {
    session::inside(
        "an_unlocked_keychain_keeps_replaces_and_forgets",
        Some(Login::Unlocked),
        || async {
            let keychain = keychain();
            keychain.check().await.expect("it is there and unlocked");
            assert!(keychain.get(&token()).await.expect("an answer").is_none(), "nothing at first");
            for text in ["glpat-one", "glpat-two ü"] {
                keychain.set(&token(), &secret(text)).await.expect("kept");
                let found = keychain.get(&token()).await.expect("an answer").expect("a secret");
                assert_eq!(found.expose_secret(), text, "what was kept last");
                assert_eq!(
                    session::witness(SERVICE, token().as_str()),
                    text,
                    "another program sees it"
                );
            }
            keychain.delete(&token()).await.expect("forgotten");
            keychain.delete(&token()).await.expect("forgetting twice does no harm");
            assert!(keychain.get(&token()).await.expect("an answer").is_none(), "nothing is left");
            assert_eq!(session::witness(SERVICE, token().as_str()), "", "another program agrees");
        },
    );
}

#[test]
fn remembered_secrets_are_kept_beside_the_token_and_go_with_the_connection() {
    session::inside(
        "remembered_secrets_are_kept_beside_the_token_and_go_with_the_connection",
        Some(Login::Unlocked),
        || async {
            let keychain = keychain();
            let owner = SecretOwner::new("test-folder", ConnectionId(1)).expect("an owner");
            let slug = "slack".parse().expect("a slug");
            let name =
                |scope| SecretName::field(&owner, scope, &slug, "webhook").expect("a field's name");
            let names = [ScopeKey::INSTANCE, ScopeKey::group(7), ScopeKey::project(7)].map(name);
            keychain.set(&token(), &secret("glpat")).await.expect("kept");
            for (number, name) in names.iter().enumerate() {
                let text = format!("https://hooks.example/{number}");
                keychain.set(name, &secret(&text)).await.expect("kept");
                let seen = session::witness(SERVICE, name.as_str());
                assert_eq!(seen, text, "another program sees it");
            }
            for (number, name) in names.iter().enumerate() {
                let found = keychain.get(name).await.expect("an answer").expect("a secret");
                let text = format!("https://hooks.example/{number}");
                assert_eq!(found.expose_secret(), text, "each scope its own");
            }
            clear_everything(&keychain, &owner, &names).await.expect("cleared");
            for name in names.iter().chain([&token()]) {
                assert_eq!(session::witness(SERVICE, name.as_str()), "", "nothing is left");
            }
        },
    );
}

#[test]
fn many_calls_at_once_all_come_back() {
    session::inside("many_calls_at_once_all_come_back", Some(Login::Unlocked), || async {
        let keychain = keychain();
        let mut calls = tokio::task::JoinSet::new();
        for connection in 1..=20 {
            let keychain = keychain.clone();
            calls.spawn(async move {
                let owner = SecretOwner::new("test-folder", ConnectionId(connection));
                let name = SecretName::token(&owner.expect("an owner"));
                let text = format!("token {connection}");
                keychain.set(&name, &SecretString::from(text.as_str())).await.expect("kept");
                let found = keychain.get(&name).await.expect("an answer").expect("a secret");
                assert_eq!(found.expose_secret(), text, "each gets its own");
            });
        }
        while let Some(call) = calls.join_next().await {
            call.expect("no call panics within an async task");
        }
    });
}

#[test]
fn secrets_outlive_the_process_and_a_locked_keychain_is_told_from_an_empty_one() {
    let name = "secrets_outlive_the_process_and_a_locked_keychain_is_told_from_an_empty_one";
    if session::is_inside() {
        session::run(|| async {
            let keychain = keychain();
            match session::stage().as_str() {
                "keep" => keychain.set(&token(), &secret("kept")).await.expect("kept"),
                "read" => {
                    let found = keychain.get(&token()).await.expect("an answer").expect("a secret");
                    assert_eq!(found.expose_secret(), "kept", "from the process before");
                }
                _ => {
                    let keychain = keychain.with_limit(Duration::from_secs(3));
                    let get = keychain.get(&token()).await.err();
                    assert_eq!(get, Some(Error::Locked), "locked is not “no such secret”");
                    let set = keychain.set(&token(), &secret("other")).await;
                    assert_eq!(set, Err(Error::Locked), "nor can anything be kept");
                    assert_eq!(keychain.check().await, Err(Error::Locked), "and the check says so");
                }
            }
        });
        return;
    }
    let session = Session::start();
    let daemon = session.log_in(Login::Unlocked);
    session.rerun(name, "keep");
    session.rerun(name, "read");
    drop(daemon);
    let daemon = session.log_in(Login::Locked);
    session.rerun(name, "locked");
    drop(daemon);
    let _daemon = session.log_in(Login::Unlocked);
    session.rerun(name, "read");
}

#[test]
fn without_a_secret_service_it_is_said_what_to_install() {
    session::inside("without_a_secret_service_it_is_said_what_to_install", None, || async {
        let error = keychain().check().await.expect_err("nobody offers secrets on this bus");
        assert!(matches!(error, Error::NoKeychain { .. }), "{error:?}");
        assert!(error.to_string().contains("gnome-keyring"), "what to install is said: {error}");
        let get = keychain().get(&token()).await.expect_err("still nobody");
        assert!(matches!(get, Error::NoKeychain { .. }), "no keychain is not “no such secret”");
    });
}

#[test]
fn without_any_bus_it_is_no_keychain_either() {
    let name = "without_any_bus_it_is_no_keychain_either";
    if session::is_inside() {
        session::run(|| async {
            let error = keychain().check().await.expect_err("there is no bus");
            assert!(matches!(error, Error::NoKeychain { .. }), "{error:?}");
        });
        return;
    }
    let session = Session::start();
    session.end_bus();
    session.rerun(name, "");
}
