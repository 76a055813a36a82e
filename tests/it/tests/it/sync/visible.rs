//! What a list lacks is not gone for that, and what an account may not see is not either.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use heirloom_engine::core::ids::Level as ScopeLevel;
use heirloom_engine::core::row::State;
use heirloom_it::{Lab, Said, changed, differences};
use heirloom_simulator::{Config, GroupSpec, Level, ProjectSpec, WorldSpec};
use serde_json::Value as Json;

/// A lab behind a front that does something to answers while it is switched on.
async fn behind(
    config: Config,
    admin: bool,
    change: impl Fn(&str, &mut Said) + Send + Sync + 'static,
) -> (Lab, Arc<AtomicBool>) {
    let mut lab = Lab::empty_at(config).await;
    let on = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&on);
    let url = lab.simulator.url();
    let front = changed(&url, move |path, said| {
        if flag.load(Ordering::Relaxed) {
            change(path, said);
        }
    });
    let url = front.await;
    let tokens = lab.simulator.tokens();
    let token = if admin { tokens.admin.clone() } else { tokens.owner.clone() };
    lab.connect_through(&url, &token).await;
    (lab, on)
}

fn small() -> Config {
    let world = WorldSpec::Sized { groups: 12, projects: 60 };
    Config { world, ..Config::default() }
}

/// Takes the nth item out of a list.
fn lose(said: &mut Said, nth: usize) {
    if let Json::Array(list) = &mut said.body
        && list.len() > nth
    {
        list.remove(nth);
    }
}

#[tokio::test]
async fn a_group_that_a_page_lost_is_asked_for_and_stays() {
    for (admin, at_first) in [(true, true), (true, false), (false, false)] {
        let (lab, on) = behind(small(), admin, |path, said| {
            if path.contains("/groups?") {
                lose(said, 3);
            }
        })
        .await;
        if !at_first {
            assert!(lab.sync().await.complete, "nothing is wrong at first");
        }
        on.store(true, Ordering::Relaxed);
        let summary = lab.sync().await;
        assert!(summary.complete, "admin: {admin}: {:?}", summary.failed);
        assert_eq!(summary.groups, 12, "admin: {admin}: none is gone");
        let wrong = differences(&lab.export().await, &lab.simulator.world(), &Default::default());
        assert!(wrong.is_empty(), "admin: {admin}: it was read like the others: {wrong:#?}");
        assert_eq!(lab.drift().await, [], "admin: {admin}: nothing changed");
    }
}

#[tokio::test]
async fn an_empty_list_makes_nothing_gone() {
    for admin in [true, false] {
        let (lab, on) = behind(small(), admin, |path, said| {
            if path.contains("/projects?") {
                said.body = Json::Array(Vec::new());
            }
        })
        .await;
        let before = lab.sync().await;
        assert!(before.complete && before.projects == 60, "{:?}", before.failed);
        on.store(true, Ordering::Relaxed);
        let summary = lab.sync().await;
        assert!(!summary.complete, "admin: {admin}: it says that something is wrong");
        let kept = (summary.projects, summary.rows);
        assert_eq!(kept, (before.projects, before.rows), "admin: {admin}: all is kept");
        assert_eq!(lab.drift().await, [], "admin: {admin}: and nobody is called gone");
        on.store(false, Ordering::Relaxed);
        assert!(lab.sync().await.complete, "admin: {admin}: the next sync mends it");
        assert_eq!(lab.drift().await, [], "admin: {admin}: and nothing came back");
    }
}

/// Contract, section 6: with Admin Mode on, only a token with scope `admin_mode` sees everything.
#[tokio::test]
async fn with_admin_mode_a_plain_token_reads_what_its_account_is_a_member_of() {
    let mut lab = Lab::empty_at(Config { admin_mode: true, ..small() }).await;
    let world = lab.simulator.world();
    let (joined, public) = (*world.groups().last().expect("a group"), world.projects()[5]);
    world.publish(Level::Project, public).expect("public");
    world.set_access("root", Level::Group, joined, 50).expect("a member of one group");
    let token = lab.simulator.tokens().admin.clone();
    lab.connect(&token).await;
    let mark = lab.mark();
    let summary = lab.sync().await;
    assert!(summary.notes.iter().any(|it| it.contains("admin_mode")), "why: {:?}", summary.notes);
    assert_eq!(lab.engine.sync_status(lab.id()).notes, summary.notes, "the window says it, too");
    assert!(summary.complete, "what it sees is read: {:?}", summary.failed);
    assert!(summary.groups > 0 && summary.groups < 12, "its own: {}", summary.groups);
    let asked = lab.simulator.requests_after(mark);
    let lists = asked.iter().filter(|it| it.path.contains("/projects?"));
    assert!(
        lists.clone().count() > 0 && lists.clone().all(|it| it.path.contains("membership=true"))
    );
    let of_public = format!("/projects/{public}/integrations");
    let path = world.path(Level::Project, public).expect("a path");
    let own = format!("{}/", world.path(Level::Group, joined).expect("a path"));
    let is_asked = asked.iter().any(|it| it.path.contains(&of_public));
    assert_eq!(is_asked, path.starts_with(&own), "what is merely public is not asked");
    let before = summary.projects;

    // The same account with the scope, and without Admin Mode, sees everything.
    for (admin_mode, scoped) in [(true, true), (false, false)] {
        let mut lab = Lab::empty_at(Config { admin_mode, ..small() }).await;
        let tokens = lab.simulator.tokens();
        let token = if scoped { tokens.admin_mode.clone() } else { tokens.admin.clone() };
        lab.connect(&token).await;
        let summary = lab.sync().await;
        assert_eq!((summary.groups, summary.projects), (12, 60), "mode {admin_mode}");
        assert!(summary.projects > before && summary.notes.is_empty(), "{:?}", summary.notes);
    }
}

#[tokio::test]
async fn an_account_that_lost_its_rights_sees_less_and_calls_nothing_gone() {
    let (lab, on) = behind(small(), true, |path, said| {
        if path.ends_with("/user") {
            said.body.as_object_mut().expect("a user").remove("is_admin");
        }
    })
    .await;
    let before = lab.sync().await;
    on.store(true, Ordering::Relaxed);
    for again in 0..2 {
        let summary = lab.sync().await;
        assert!(!summary.complete, "it says so, time {again}");
        let why = &summary.failed.first().expect("why").why;
        assert!(why.contains("no longer visible to this account"), "and why: {why}");
        assert_eq!((summary.projects, summary.rows), (before.projects, before.rows), "{again}");
    }
    let list = lab.mark();
    on.store(false, Ordering::Relaxed);
    assert!(lab.sync().await.complete, "with its rights back it sees all again");
    assert!(lab.mark() > list, "it asked");
    assert_eq!(lab.drift().await, [], "nothing went and nothing came");
}

#[tokio::test]
async fn what_a_deleted_group_held_is_gone_with_it_however_much() {
    let lab = Lab::connected_at(small()).await;
    let world = lab.simulator.world();
    let above = world.groups()[0];
    let group = world
        .create_group(&GroupSpec { parent: Some(above), path: "brief".into(), name: None })
        .expect("made");
    for n in 0..40 {
        let spec = ProjectSpec { group, path: format!("p{n}"), name: None };
        world.create_project(&spec).expect("made");
    }
    assert_eq!(lab.sync().await.projects, 100, "all are listed");
    world.delete(Level::Group, group).expect("deleted");
    let mark = lab.mark();
    let summary = lab.sync().await;
    assert!(summary.complete, "{:?}", summary.failed);
    assert_eq!((summary.groups, summary.projects), (12, 60), "they are gone");
    let asked = lab.simulator.requests_after(mark);
    let single = asked.iter().filter(|it| it.path.contains("with_projects=false")).count();
    assert_eq!(single, 1, "the group was asked for, and that told of all");
}

#[tokio::test]
async fn a_project_pending_deletion_is_marked_and_not_gone() {
    // GitLab leaves them out of its lists (contract, section 6).
    let (lab, on) = behind(Config::default(), false, |path, said| {
        if path.contains("/projects?")
            && let Json::Array(list) = &mut said.body
        {
            list.retain(|project| project["marked_for_deletion_on"].is_null());
        }
    })
    .await;
    let marked = async || {
        let tree = lab.engine.tree_search(lab.id(), String::new(), 500).await.expect("the tree");
        let scopes = tree.nodes.into_iter().map(|node| node.scope);
        scopes.filter(|scope| scope.listed.pending_deletion).collect::<Vec<_>>()
    };
    lab.sync().await;
    assert_eq!(marked().await.len(), 1, "the company has one");
    on.store(true, Ordering::Relaxed);
    let summary = lab.sync().await;
    assert!(summary.complete, "{:?}", summary.failed);
    let still = marked().await;
    assert!(still.len() == 1 && still[0].gone_at.is_none(), "it can still be restored");
}

#[tokio::test]
async fn a_maintainer_reads_projects_and_is_told_that_groups_are_closed() {
    let mut lab = Lab::empty().await;
    let token = lab.simulator.tokens().maintainer.clone();
    lab.connect(&token).await;
    let summary = lab.sync().await;
    assert!(summary.complete, "missing rights are no failure: {:?}", summary.failed);
    let item = lab.item("acme/platform", "slack").await;
    assert_eq!(item.known.state(), State::Unknown, "groups need Owner (contract, section 1)");
    assert!(item.why.unwrap_or_default().contains("Owner in a group"), "and it says so");
    let project = lab.compare("acme/platform/web/storefront", "harbor").await;
    assert_eq!(project.item.known.state(), State::Inherited, "its projects can be read");
    assert!(project.default.row.is_none(), "and where that comes from is not guessed");
}

#[tokio::test]
async fn a_personal_project_stands_under_the_instance_and_inherits_from_it() {
    let lab = Lab::synced().await;
    let tree = lab.engine.tree_search(lab.id(), String::new(), 500).await.expect("the tree");
    let personal: Vec<_> =
        tree.nodes.into_iter().map(|node| node.scope).filter(|it| it.listed.personal).collect();
    assert!(!personal.is_empty(), "the company has some");
    let export = lab.export().await;
    let rows = export["rows"].as_array().expect("rows");
    let mut inherited = 0;
    for scope in personal {
        let above = scope.listed.parent.map(|key| key.level);
        assert_eq!(above, Some(ScopeLevel::Instance), "{} has no group", scope.listed.path);
        for row in rows.iter().filter(|row| row["path"] == scope.listed.path.as_str()) {
            if row["link"] == "inherited" {
                inherited += 1;
                assert_eq!(row["source"]["level"], "instance", "{row}");
            }
        }
    }
    assert!(inherited > 0, "they inherit something");
}
