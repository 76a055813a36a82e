//! What a sync will ask, counted beforehand: the requests it makes if GitLab has what it had.

use std::collections::BTreeSet;

use heirloom_core::ids::{Level, ScopeKey};
use heirloom_gitlab::{requests_by_id, requests_by_number};
use heirloom_store::Store;
use heirloom_store::cache::census::Place;
use heirloom_store::cache::unfinished::Aim;
use jiff::Timestamp;

use super::cost::{Requests, rows_of_unread};
use super::estate::Estate;
use super::left_over;
use super::listing::Tree;

/// Requests by kind, but for those about the account.
pub(super) fn foretell(
    store: &Store,
    aim: Aim,
    group_api: bool,
    now: Timestamp,
) -> heirloom_store::Result<Requests> {
    let Aim { connection: id, root, full } = aim;
    let before = left_over(store, aim, now)?;
    let since = before.map_or(now, |before| before.started_at);
    let tree = Tree::of(store, id, root, &BTreeSet::new(), &BTreeSet::new())?;
    let mut requests = match before {
        Some(before) if before.tree_known => Requests::new(),
        _ => listing(root, &tree),
    };
    let unlisted: Vec<&Place> = tree.unlisted(group_api, since).collect();
    requests.push(("integrations", number(unlisted.len())));
    // Where the last reading failed, nothing says that the next one will not.
    let readable = || unlisted.iter().filter(|place| !place.failed);
    let never = |level| {
        let such = readable().filter(|it| it.key.level == level && it.listed_at.is_none());
        number(such.count())
    };
    let guessed = rows_of_unread(never(Level::Group), never(Level::Project));
    let keys: BTreeSet<ScopeKey> = readable().map(|place| place.key).collect();
    let mut estate = Estate::load(store, id, root, since)?;
    let whole = root == ScopeKey::INSTANCE;
    let rows = number(estate.foresee((store, id), &keys, (full, whole))?);
    requests.push(("integration", rows.saturating_add(guessed)));
    Ok(requests)
}

/// Pages of groups and projects.
fn listing(root: ScopeKey, tree: &Tree) -> Requests {
    let listed = |level| {
        tree.places
            .iter()
            .filter(move |place| place.key.level == level && !place.placeholder)
            .filter(|place| place.key != root)
            .map(|place| place.key.id.0)
    };
    let groups = requests_by_number(listed(Level::Group).count());
    match root.level {
        Level::Instance => {
            let ids: BTreeSet<u64> = listed(Level::Project).collect();
            vec![("groups", number(groups)), ("projects", number(requests_by_id(&ids)))]
        }
        Level::Group => {
            let projects = requests_by_number(listed(Level::Project).count());
            vec![("group", 1), ("groups", number(groups)), ("projects", number(projects))]
        }
        Level::Project => vec![("project", 1)],
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
