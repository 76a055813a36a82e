//! An estate of 100,000 projects, as a sync would have left it: written through the store itself,
//! so that no server has to serve it first.

use std::path::Path;

use heirloom_core::ids::{ScopeKey, Slug};
use heirloom_store::Store;
use heirloom_store::app::connections::{Access, Details, Safety};
use heirloom_store::app::history::Cause;
use heirloom_store::cache::integrations::{Flags, ListRead};
use heirloom_store::cache::scopes::Listed;
use heirloom_store::cache::syncs::SyncEnd;
use jiff::Timestamp;

/// Groups at the top, each with as many projects as the next.
pub const GROUPS: u64 = 10;

/// All projects.
pub const PROJECTS: u64 = 100_000;

/// Lists written at once.
const AT_ONCE: usize = 2_000;

/// The path of a project, by its place in the tree's order.
pub fn path(number: u64) -> String {
    format!("{}/{}", group(group_of(number)), name(number))
}

/// The path of a group.
pub fn group(number: u64) -> String {
    format!("team-{number:02}")
}

fn name(number: u64) -> String {
    format!("svc-{number:06}")
}

fn group_of(project: u64) -> u64 {
    (project - 1) / (PROJECTS / GROUPS) + 1
}

/// Writes it to a data folder. Nothing listens at its address: the app has to show it offline.
pub fn write(folder: &Path, now: Timestamp) -> heirloom_store::Result<()> {
    let store = Store::open(folder)?;
    let id = store.add_connection(details(), now)?.id;
    let run = store.begin_sync(id, true, now)?;
    let cause = Cause::Sync(run);
    store.take_scopes(id, cause, scopes(), true, now)?;
    let keys: Vec<ScopeKey> =
        (1..=GROUPS).map(ScopeKey::group).chain((1..=PROJECTS).map(ScopeKey::project)).collect();
    for chunk in keys.chunks(AT_ONCE) {
        let lists = chunk.iter().map(|scope| list(*scope, now)).collect();
        store.take_lists(id, cause, lists)?;
    }
    let end = SyncEnd { complete: true, failed: 0, requests: 0, stopped: None };
    store.end_sync(run, end, now)
}

fn details() -> Details {
    Details {
        name: "Many".into(),
        base_url: "http://127.0.0.1:9".into(),
        version: "18.10.0".into(),
        enterprise: Some(true),
        username: "sana".into(),
        is_admin: true,
        access: Access::Full,
        token_expires_on: None,
        token_kept: true,
        safety: Safety::ConfirmEach,
        ca_pem: None,
        plain_http: false,
        demo: false,
    }
}

fn scopes() -> Vec<Listed> {
    let listed = |key, parent, name: String, path: String| Listed {
        key,
        parent,
        name,
        path,
        visibility: Some("private".into()),
        personal: false,
        archived: false,
        pending_deletion: false,
        placeholder: false,
    };
    let top = "gitlab.example.com".to_owned();
    let instance = listed(ScopeKey::INSTANCE, None, top.clone(), top);
    let groups = (1..=GROUPS).map(|number| {
        let above = Some(ScopeKey::INSTANCE);
        listed(ScopeKey::group(number), above, group(number), group(number))
    });
    let projects = (1..=PROJECTS).map(|number| {
        let above = Some(ScopeKey::group(group_of(number)));
        listed(ScopeKey::project(number), above, name(number), path(number))
    });
    std::iter::once(instance).chain(groups).chain(projects).collect()
}

/// Each has its Jira; one in ten is custom. Every third has Slack besides.
fn list(scope: ScopeKey, at: Timestamp) -> ListRead {
    let row = |slug: &str, custom: bool| Flags {
        slug: slug.parse::<Slug>().expect("a slug"),
        title: slug.to_owned(),
        active: true,
        inherited: Some(!custom),
        updated_at: Some(at),
        events: [("push_events".to_owned(), true)].into(),
    };
    let mut rows = vec![row("jira", scope.id.0.is_multiple_of(10))];
    if scope.id.0.is_multiple_of(3) {
        rows.push(row("slack", false));
    }
    ListRead { scope, at, rows, links: Vec::new() }
}
