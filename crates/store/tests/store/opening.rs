use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use heirloom_core::ids::ScopeKey;
use heirloom_store::app::history::Cause;
use heirloom_store::{Error, Store, Unusable};

use crate::folder::{ONE, at, details, folder, listed, open};

/// A folder with something in both files, closed again.
fn filled() -> tempfile::TempDir {
    let folder = folder();
    let store = open(folder.path());
    store.add_connection(details("kept"), at(0)).unwrap();
    let scopes = (1..200).map(|id| listed(ScopeKey::project(id), Some(ScopeKey::INSTANCE), "p"));
    let instance = listed(ScopeKey::INSTANCE, None, "i");
    store
        .take_scopes(ONE, Cause::Reading, scopes.chain([instance]).collect(), true, at(1))
        .unwrap();
    drop(store);
    folder
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn files_belong_to_their_owner_alone() {
    let parent = folder();
    let path = parent.path().join("new/data");
    let store = open(&path);
    store.add_connection(details("a"), at(0)).unwrap();
    assert_eq!(mode(&path), 0o700, "the folder");
    let mut found = 0;
    for file in fs::read_dir(&path).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        found += 1;
    }
    assert!(found >= 4, "both databases with their side files");
    drop(store);
    fs::set_permissions(path.join("app.sqlite"), fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    drop(open(&path));
    assert_eq!(mode(&path.join("app.sqlite")), 0o600, "put right when opened");
    assert_eq!(mode(&path), 0o700, "the folder, too");
}

#[test]
fn what_was_kept_is_there_when_opened_again() {
    let folder = filled();
    for name in ["app.sqlite-wal", "cache.sqlite-wal"] {
        assert!(!folder.path().join(name).exists(), "{name}: a clean end leaves one file each");
    }
    let store = open(folder.path());
    assert_eq!(store.connections().unwrap()[0].details.name, "kept", "app.sqlite");
    assert_eq!(store.scopes(ONE).unwrap().len(), 200, "cache.sqlite");
    assert!(store.rebuilt().is_none(), "nothing was wrong");
    assert!(store.integrity().unwrap().iter().all(|(_, said)| said == "ok"), "SQLite agrees");
    let mark = store.folder_mark().unwrap();
    drop(store);
    assert_eq!(open(folder.path()).folder_mark().unwrap(), mark, "keychain entries stay found");
    let other = crate::folder::folder();
    assert_ne!(open(other.path()).folder_mark().unwrap(), mark, "no two folders share one");
}

#[test]
fn an_app_database_from_a_newer_version_is_left_untouched() {
    for wal in ["WAL", "DELETE"] {
        let folder = filled();
        let path = folder.path().join("app.sqlite");
        let file = rusqlite::Connection::open(&path).unwrap();
        file.pragma_update(None, "user_version", 99).unwrap();
        file.pragma_update(None, "journal_mode", wal).unwrap();
        drop(file);
        let before = fs::read(&path).unwrap();
        match Store::open(folder.path()) {
            Err(Error::Newer { found: 99, .. }) => {}
            other => panic!("{wal}: expected a refusal, got {:?}", other.err()),
        }
        assert_eq!(fs::read(&path).unwrap(), before, "{wal}: not a byte changed");
    }
}

#[test]
fn a_damaged_app_database_is_refused_and_left_untouched() {
    let folder = filled();
    let path = folder.path().join("app.sqlite");
    let good = fs::read(&path).unwrap();
    let torn = |from: usize, length: usize| {
        let mut bytes = good.clone();
        bytes[from..from + length].fill(0xa5);
        bytes
    };
    let cases = [
        ("no database at all", b"this is no database, only some text that is long enough".to_vec()),
        ("its header is torn", torn(0, 100)),
        ("a page within is torn", torn(4096, 4096)),
        ("its end is missing", good[..good.len() / 2].to_vec()),
    ];
    for (what, bytes) in cases {
        fs::write(&path, &bytes).unwrap();
        match Store::open(folder.path()) {
            Err(error @ Error::Damaged { .. }) => {
                assert!(error.to_string().contains("untouched"), "{what}: says so");
            }
            other => panic!("{what}: expected a refusal, got {:?}", other.err()),
        }
        assert_eq!(fs::read(&path).unwrap(), bytes, "{what}: not a byte changed");
    }
    fs::write(&path, &good).unwrap();
    assert_eq!(open(folder.path()).connections().unwrap().len(), 1, "a backup put back works");
}

#[test]
fn a_cache_that_cannot_be_used_is_set_aside_and_rebuilt() {
    let folder = filled();
    let path = folder.path().join("cache.sqlite");
    let good = fs::read(&path).unwrap();
    let mut torn = good.clone();
    torn[4096..].fill(0xa5);
    for (number, bytes) in [b"text".repeat(50), torn].into_iter().enumerate() {
        fs::write(&path, &bytes).unwrap();
        let store = open(folder.path());
        let aside = store.rebuilt().expect("it says that the cache is new").to_owned();
        assert_eq!(aside.why, Unusable::Damaged, "{number}: and why");
        assert_eq!(store.set_aside().unwrap().len(), number + 1, "{number}: all are known");
        assert_eq!(fs::read(&aside.path).unwrap(), bytes, "{number}: the old one can be looked at");
        assert!(store.scopes(ONE).unwrap().is_empty(), "{number}: the new one is empty");
        assert_eq!(store.connections().unwrap().len(), 1, "{number}: connections are elsewhere");
        store
            .take_scopes(
                ONE,
                Cause::Reading,
                vec![listed(ScopeKey::INSTANCE, None, "i")],
                true,
                at(2),
            )
            .unwrap();
        drop(store);
        let store = open(folder.path());
        assert!(store.rebuilt().is_none(), "{number}: said once");
        assert_eq!(store.scopes(ONE).unwrap().len(), 1, "{number}: the new one keeps");
    }
    let file = rusqlite::Connection::open(&path).unwrap();
    file.pragma_update(None, "user_version", 99).unwrap();
    drop(file);
    assert!(open(folder.path()).rebuilt().is_some(), "a newer format is no reason to stop");
}

#[test]
fn many_may_open_a_new_folder_at_once() {
    for _ in 0..10 {
        let folder = folder();
        let all = std::sync::Barrier::new(6);
        std::thread::scope(|scope| {
            for number in 0..6 {
                let (all, path) = (&all, folder.path());
                scope.spawn(move || {
                    all.wait();
                    let store = open(path);
                    assert!(store.rebuilt().is_none(), "another's new file is not damaged");
                    store.add_connection(details(&format!("c{number}")), at(0)).unwrap();
                });
            }
        });
        assert_eq!(open(folder.path()).connections().unwrap().len(), 6, "nothing was lost");
    }
}

/// Connections are numbered from 1 in every `app.sqlite`.
#[test]
fn another_app_database_never_takes_over_a_cache() {
    let folder = filled();
    let app = folder.path().join("app.sqlite");
    fs::remove_file(&app).unwrap();
    let store = open(folder.path());
    let aside = store.rebuilt().expect("it says that the cache is new").to_owned();
    assert_eq!(aside.why, Unusable::Foreign, "and why");
    assert!(aside.path.exists(), "the old one can be looked at");
    assert_eq!(store.add_connection(details("other"), at(0)).unwrap().id, ONE, "the same number");
    assert!(store.scopes(ONE).unwrap().is_empty(), "and nothing of the other server");
    drop(store);
    assert!(open(folder.path()).rebuilt().is_none(), "said once");

    let other = filled();
    fs::copy(other.path().join("app.sqlite"), &app).unwrap();
    let store = open(folder.path());
    let aside = store.rebuilt().expect("neither is one put in its place trusted").to_owned();
    assert_eq!(aside.why, Unusable::Foreign, "they were never together");
    assert!(store.scopes(ONE).unwrap().is_empty(), "nothing of the other server");
    assert_eq!(store.set_aside().unwrap().len(), 2, "both are kept");
}

#[test]
fn an_app_database_put_back_from_a_backup_keeps_its_cache() {
    let folder = filled();
    let app = folder.path().join("app.sqlite");
    let backup = fs::read(&app).unwrap();
    open(folder.path()).add_connection(details("later"), at(9)).unwrap();
    fs::write(&app, backup).unwrap();
    let store = open(folder.path());
    assert!(store.rebuilt().is_none(), "it is the same installation");
    assert_eq!(store.scopes(ONE).unwrap().len(), 200, "and its cache");
}

#[test]
fn an_empty_app_database_beside_what_it_lost_is_refused() {
    let folder = filled();
    let app = folder.path().join("app.sqlite");
    let log = folder.path().join("app.sqlite-wal");
    let cache = fs::read(folder.path().join("cache.sqlite")).unwrap();
    let refused = |what: &str| match Store::open(folder.path()) {
        Err(error @ Error::Damaged { .. }) => {
            assert!(error.to_string().contains("is empty"), "{what}: says why: {error}");
        }
        other => panic!("{what}: expected a refusal, got {:?}", other.err()),
    };
    fs::write(&app, b"").unwrap();
    refused("a cache beside it");
    assert_eq!(fs::read(&app).unwrap(), b"", "nothing is made in its place");
    assert_eq!(fs::read(folder.path().join("cache.sqlite")).unwrap(), cache, "nor the cache moved");
    fs::write(&log, b"what was not folded in yet").unwrap();
    fs::remove_file(folder.path().join("cache.sqlite")).unwrap();
    refused("a log beside it");
    fs::remove_file(&app).unwrap();
    refused("a log that is left alone");
    assert!(log.exists(), "it is left for whoever mends it");
}
