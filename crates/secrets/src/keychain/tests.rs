use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use heirloom_core::ids::ConnectionId;
use secrecy::{ExposeSecret, SecretString};

use super::Keychain;
use super::ring::Ring;
use super::worker::Worker;
use crate::{Error, Result, SecretName, SecretOwner, SecretStore};

const SOON: Duration = Duration::from_millis(50);

type Entries = Arc<Mutex<BTreeMap<SecretName, String>>>;

/// A keychain that hangs in one kind of call, as locked ones do, until it is let go on.
struct Hanging {
    entries: Entries,
    /// In which call it hangs.
    at: &'static str,
    entered: Sender<()>,
    go_on: Receiver<()>,
}

impl Hanging {
    fn passes(&self, call: &str) {
        if call == self.at {
            self.entered.send(()).expect("the test waits for it");
            // An error means that the test is over: go on, too.
            let _ = self.go_on.recv();
        }
    }
}

impl Ring for Hanging {
    fn get(&self, name: &SecretName) -> Result<Option<SecretString>> {
        self.passes("get");
        Ok(self.entries.lock().expect("no panic").get(name).cloned().map(SecretString::from))
    }

    fn set(&self, name: &SecretName, secret: &SecretString) -> Result<()> {
        self.passes("set");
        let text = secret.expose_secret().to_owned();
        self.entries.lock().expect("no panic").insert(name.clone(), text);
        Ok(())
    }

    fn delete(&self, name: &SecretName) -> Result<()> {
        self.passes("delete");
        self.entries.lock().expect("no panic").remove(name);
        Ok(())
    }
}

struct Stage {
    keychain: Keychain,
    entries: Entries,
    entered: Receiver<()>,
    go_on: Option<Sender<()>>,
}

fn hanging_at(at: &'static str) -> Stage {
    let entries = Entries::default();
    let (tell_entered, entered) = channel();
    let (go_on, wait) = channel();
    let ring = Hanging { entries: Arc::clone(&entries), at, entered: tell_entered, go_on: wait };
    let keychain = Keychain { worker: Arc::new(Worker::over(ring)), limit: SOON };
    Stage { keychain, entries, entered, go_on: Some(go_on) }
}

impl Stage {
    fn held(&self, name: &SecretName) -> Option<String> {
        self.entries.lock().expect("no panic").get(name).cloned()
    }

    /// Nothing hangs any more, neither what does so now nor what would.
    fn unlock(&mut self) {
        self.go_on = None;
    }

    /// Waits until the thread has nothing left to do: it takes its calls one after the other.
    async fn settled(&self) {
        let patient = self.keychain.with_limit(Duration::from_secs(60));
        while patient.worker.call(patient.limit, |_, _| Ok(())).await.is_err() {
            tokio::task::yield_now().await;
        }
    }
}

fn token() -> SecretName {
    let owner = SecretOwner::new("test-folder", ConnectionId(1)).expect("an owner");
    SecretName::token(&owner)
}

fn other() -> SecretName {
    let owner = SecretOwner::new("test-folder", ConnectionId(2)).expect("an owner");
    SecretName::token(&owner)
}

#[tokio::test]
async fn a_call_that_hangs_is_given_up_as_locked() {
    let stage = hanging_at("get");
    let start = Instant::now();
    let answer = stage.keychain.get(&token()).await;
    assert_eq!(answer.err(), Some(Error::Locked), "a keychain that does not answer is locked");
    assert!(start.elapsed() >= SOON, "it was given its time");
}

#[tokio::test]
async fn while_one_call_hangs_others_fail_at_once_and_work_again_after_it() {
    let mut stage = hanging_at("get");
    stage.keychain.get(&token()).await.expect_err("it hangs");
    let patient = stage.keychain.with_limit(Duration::from_secs(600));
    let start = Instant::now();
    let secret = SecretString::from("x");
    assert_eq!(patient.set(&other(), &secret).await, Err(Error::Locked), "no use in waiting");
    assert_eq!(patient.delete(&other()).await, Err(Error::Locked), "no use in waiting");
    assert_eq!(patient.check().await, Err(Error::Locked), "no use in waiting");
    assert!(start.elapsed() < Duration::from_secs(60), "they did not wait out their limit");
    stage.unlock();
    stage.settled().await;
    patient.delete(&other()).await.expect("unlocked: it works again");
}

#[tokio::test]
async fn a_secret_whose_keeping_was_given_up_is_not_kept_later() {
    let mut stage = hanging_at("set");
    let secret = SecretString::from("late");
    let answer = stage.keychain.set(&token(), &secret).await;
    assert_eq!(answer, Err(Error::Locked), "the caller was told that it failed");
    stage.unlock();
    stage.settled().await;
    assert_eq!(stage.held(&token()), None, "so it must not turn up in the keychain");
}

#[tokio::test]
async fn a_replacement_that_was_given_up_leaves_the_old_secret() {
    let mut stage = hanging_at("set");
    stage.entries.lock().expect("no panic").insert(token(), "old".to_owned());
    let secret = SecretString::from("new");
    stage.keychain.set(&token(), &secret).await.expect_err("it hangs");
    stage.unlock();
    stage.settled().await;
    assert_eq!(stage.held(&token()).as_deref(), Some("old"), "a failed call changes nothing");
}

#[tokio::test]
async fn a_call_still_waiting_for_its_turn_is_dropped_with_its_caller() {
    let mut stage = hanging_at("get");
    let name = token();
    let patient = stage.keychain.with_limit(Duration::from_secs(600));
    let hanging =
        tokio::spawn(async move { patient.get(&name).await.map(|found| found.is_some()) });
    while stage.entered.try_recv().is_err() {
        tokio::task::yield_now().await;
    }
    let secret = SecretString::from("x");
    let queued = stage.keychain.set(&other(), &secret).await;
    assert_eq!(queued, Err(Error::Locked), "its turn never came");
    stage.unlock();
    let found = hanging.await.expect("no panic").expect("the patient one gets its answer");
    assert!(!found, "there is no such secret");
    stage.keychain.worker.call(SOON * 100, |_, _| Ok(())).await.expect("nothing hangs any more");
    assert!(stage.entries.lock().expect("no panic").is_empty(), "the queued write never ran");
}

#[tokio::test]
async fn a_driver_that_panics_is_an_error_and_not_the_end() {
    let stage = hanging_at("nowhere");
    let panics = stage.keychain.worker.call::<()>(SOON * 100, |_, _| panic!("driver bug")).await;
    assert!(matches!(panics, Err(Error::Failed(_))), "{panics:?}");
    stage.keychain.check().await.expect("the next call works");
    assert!(stage.entries.lock().expect("no panic").is_empty(), "the probe was removed");
}

#[tokio::test]
async fn a_keychain_that_forgets_does_not_pass_the_check() {
    struct Forgetful;
    impl Ring for Forgetful {
        fn get(&self, _: &SecretName) -> Result<Option<SecretString>> {
            Ok(None)
        }
        fn set(&self, _: &SecretName, _: &SecretString) -> Result<()> {
            Ok(())
        }
        fn delete(&self, _: &SecretName) -> Result<()> {
            Ok(())
        }
    }
    let keychain = Keychain { worker: Arc::new(Worker::over(Forgetful)), limit: SOON * 100 };
    assert!(matches!(keychain.check().await, Err(Error::Failed(_))), "it keeps nothing");
}
