//! What the tests of the window stand on has to hold by itself: the desktop is private, its
//! keychain is a real one, and nothing outlives it.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use heirloom_e2e::{Desktop, Error, Keychain, until};

const SIZE: (u32, u32) = (640, 480);
const ATTRIBUTES: [(&str, &str); 2] = [("service", "heirloom-harness"), ("username", "ada")];

async fn desktop(keychain: Keychain) -> Desktop {
    Desktop::start(SIZE, keychain).await.expect("a private desktop")
}

/// Stores a secret as any other program would.
async fn store(desktop: &Desktop, secret: &str) {
    let mut command = desktop.command("sh");
    command
        .args(["-c", "printf %s \"$SECRET\" | secret-tool store --label Harness service heirloom-harness username ada"])
        .env("SECRET", secret);
    let status = tokio::process::Command::from(command).status().await.expect("secret-tool");
    assert!(status.success(), "an open keychain takes a secret: {status}");
}

#[tokio::test]
async fn the_keychain_is_real_and_belongs_to_one_desktop() {
    let desktop = desktop(Keychain::Unlocked).await;
    let other = self::desktop(Keychain::Unlocked).await;
    store(&desktop, "s3cret").await;
    let found = desktop.keychain_lookup(&ATTRIBUTES).await.expect("an answer");
    assert_eq!(found.as_deref(), Some("s3cret"), "what one program stores, another finds");
    let found = other.keychain_lookup(&ATTRIBUTES).await.expect("an answer");
    assert_eq!(found, None, "another desktop has a keychain of its own");
}

#[tokio::test]
async fn a_locked_keychain_asks_a_person_and_an_open_one_still_has_the_secret() {
    let mut desktop = desktop(Keychain::Unlocked).await;
    store(&desktop, "s3cret").await;
    desktop.lock_keychain().await.expect("a locked keychain");
    let asked = until("a prompt for the password", Duration::from_secs(20), async || {
        Ok(desktop.runs("gcr-prompter").then_some(()))
    });
    tokio::select! {
        asked = asked => asked.expect("somebody is asked for the password"),
        found = desktop.keychain_lookup(&ATTRIBUTES) => {
            panic!("a locked keychain must not answer by itself: {found:?}")
        }
    }
    desktop.end_keychain();
    desktop.start_keychain().await.expect("an open keychain");
    let found = desktop.keychain_lookup(&ATTRIBUTES).await.expect("an answer");
    assert_eq!(found.as_deref(), Some("s3cret"), "the keychain is kept on disk");
}

#[tokio::test]
async fn without_a_keychain_the_question_fails_instead_of_waiting() {
    let desktop = desktop(Keychain::Absent).await;
    let found = desktop.keychain_lookup(&ATTRIBUTES).await;
    assert!(matches!(found, Err(Error::Program { .. })), "no keychain is no answer: {found:?}");
}

#[tokio::test]
async fn the_display_has_the_size_asked_for() {
    let desktop = desktop(Keychain::Absent).await;
    let picture = desktop.folder().join("display.png");
    desktop.photograph((100_000, 100_000), &picture).await.expect("a picture");
    let png = fs::read(&picture).expect("the picture's file");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    assert_eq!((number(16), number(20)), SIZE, "a picture of the whole display");
}

#[tokio::test]
async fn nothing_outlives_the_desktop() {
    let desktop = desktop(Keychain::Unlocked).await;
    let mut command = desktop.command("sh");
    command.args(["-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!"]).stdin(Stdio::null());
    let output = tokio::process::Command::from(command).output().await.expect("a shell");
    let orphan = String::from_utf8(output.stdout).expect("a pid").trim().to_owned();
    let runs = || fs::read_link(format!("/proc/{orphan}/exe")).is_ok();
    assert!(runs(), "the program goes on after the shell that started it");
    let folder = desktop.folder().to_owned();

    drop(desktop);

    until("the end of the orphan", Duration::from_secs(10), async || Ok((!runs()).then_some(())))
        .await
        .expect("the orphan ends with the desktop");
    assert!(!folder.exists(), "the folder goes too");
}
