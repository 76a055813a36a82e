//! A data folder for one test, and short ways to say what goes into it.

use std::collections::BTreeMap;
use std::path::Path;

use heirloom_core::ids::{ConnectionId, ScopeKey, Slug};
use heirloom_store::Store;
use heirloom_store::app::connections::{Access, Details, Safety};
use heirloom_store::cache::integrations::{Flags, ListRead};
use heirloom_store::cache::scopes::Listed;
use jiff::Timestamp;
use proptest::prelude::ProptestConfig;

pub const ONE: ConnectionId = ConnectionId(1);

pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

pub fn open(folder: &Path) -> Store {
    Store::open(folder).unwrap()
}

/// With the connection that tests write for.
pub fn connected(folder: &Path) -> Store {
    let store = open(folder);
    if store.connections().unwrap().is_empty() {
        assert_eq!(store.add_connection(details("one"), at(0)).unwrap().id, ONE, "the first");
    }
    store
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

pub fn details(name: &str) -> Details {
    Details {
        name: name.into(),
        base_url: format!("https://{name}.example.com"),
        version: "18.10.0".into(),
        enterprise: Some(true),
        username: "sana".into(),
        is_admin: true,
        access: Access::Full,
        token_expires_on: None,
        safety: Safety::ConfirmEach,
        ca_pem: None,
        plain_http: false,
        demo: false,
        token_kept: true,
    }
}

pub fn listed(key: ScopeKey, parent: Option<ScopeKey>, name: &str) -> Listed {
    Listed {
        key,
        parent,
        name: name.into(),
        path: name.into(),
        visibility: None,
        personal: false,
        archived: false,
        pending_deletion: false,
        placeholder: false,
    }
}

pub fn slug(name: &str) -> Slug {
    name.parse().unwrap()
}

pub fn flags(name: &str, inherited: Option<bool>, active: bool, moved: i64) -> Flags {
    Flags {
        slug: slug(name),
        title: name.into(),
        active,
        inherited,
        updated_at: Some(at(moved)),
        events: BTreeMap::from([("push_events".to_owned(), true)]),
    }
}

pub fn list(scope: ScopeKey, second: i64, rows: Vec<Flags>) -> ListRead {
    ListRead { scope, at: at(second), rows, links: Vec::new() }
}

/// So many cases; a failing one is not kept in a file.
pub fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        max_shrink_time: 20_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
