use std::collections::BTreeSet;

use heirloom_engine::core::catalog;
use heirloom_engine::core::ids::{ScopeKey, Slug};
use heirloom_it::Lab;
use heirloom_simulator::{Config, Fault, Level, Limits, RowView, WorldHandle, WorldSpec};

/// The least that an honest answer costs, counted from the server's own state (design.md, *Sync*).
fn least(world: &WorldHandle) -> usize {
    let groups = world.groups().into_iter().map(|id| (Level::Group, id));
    let projects = world.projects().into_iter().map(|id| (Level::Project, id));
    let (mut customs, mut doubtful) = (0, 0);
    let mut questions = BTreeSet::new();
    let mut instance = BTreeSet::new();
    for (level, id) in groups.chain(projects) {
        for slug in world.slugs(level, id) {
            let Some(row) = world.row(level, id, slug).filter(|row| row.active) else { continue };
            match row.source {
                None => customs += 1,
                Some((at, source)) => {
                    if level == Level::Group {
                        customs += 1;
                    } else if is_doubtful(world, slug, &row, at, source) {
                        doubtful += 1;
                    }
                    if at == Level::Instance {
                        instance.insert(slug);
                    }
                    for group in above(world, level, id) {
                        if at == Level::Group && group == source {
                            break;
                        }
                        let shown =
                            world.row(Level::Group, group, slug).is_some_and(|it| it.active);
                        if !shown {
                            questions.insert((group, slug));
                        }
                    }
                }
            }
        }
    }
    let (groups, projects) = (world.groups().len(), world.projects().len());
    let pages = groups.div_ceil(100) + projects.div_ceil(100) + 1;
    // Version, account, token.
    3 + pages + groups + projects + customs + questions.len() + doubtful + instance.len()
}

fn is_doubtful(world: &WorldHandle, slug: &str, row: &RowView, at: Level, source: u64) -> bool {
    let Some(origin) = world.row(at, source, slug) else { return true };
    let known = catalog::find(&Slug::new(slug).expect("a slug"));
    let flags = known.is_none_or(|it| {
        it.events.iter().all(|event| row.events.get(event.name) == origin.events.get(event.name))
    });
    !flags || !origin.active || row.updated_at < origin.updated_at
}

/// Groups above a scope, nearest first.
fn above(world: &WorldHandle, level: Level, id: u64) -> Vec<u64> {
    let path = world.path(level, id).expect("a path");
    let mut found = Vec::new();
    let mut rest = path.as_str();
    while let Some((up, _)) = rest.rsplit_once('/') {
        found.extend(world.group(up));
        rest = up;
    }
    found
}

#[tokio::test]
async fn a_first_sync_costs_no_more_than_an_honest_answer_needs() {
    for world in [WorldSpec::Demo, WorldSpec::Sized { groups: 30, projects: 300 }] {
        let lab = Lab::connected_at(Config { world, ..Config::default() }).await;
        let mark = lab.mark();
        let summary = lab.sync().await;
        let sent = lab.simulator.requests_after(mark).len();
        let bound = least(&lab.simulator.world());
        assert!(sent <= bound, "{sent} requests were sent, and {bound} are enough for {world:?}");
        assert_eq!(summary.total, sent as u64, "and the summary counts what the server saw");
        let by_kind: u64 = summary.requests.values().sum();
        assert_eq!(by_kind, summary.total, "by kind as well");
        assert!(lab.writes_since(0).is_empty(), "a sync only reads");
    }
}

#[tokio::test]
async fn a_second_sync_reads_only_what_may_have_moved_unseen() {
    let lab = Lab::synced().await;
    let mark = lab.mark();
    let summary = lab.sync().await;
    assert!(summary.complete, "{:?}", summary.failed);
    let beside = |path: &str| {
        let slug = path.rsplit('/').next().and_then(|slug| Slug::new(slug).ok());
        slug.and_then(|slug| catalog::find(&slug)).is_some_and(|it| it.data_beside_row)
    };
    let single: Vec<_> = lab
        .simulator
        .requests_after(mark)
        .into_iter()
        .filter(|request| request.path.contains("/integrations/"))
        .collect();
    for request in &single {
        assert!(
            beside(&request.path),
            "{} did not move, and its time would have said so",
            request.path
        );
    }
    assert!(!single.is_empty(), "trackers are read each time: their time proves nothing");
}

#[tokio::test]
async fn the_cost_is_said_beforehand() {
    for world in [WorldSpec::Demo, WorldSpec::Sized { groups: 30, projects: 300 }] {
        let lab = Lab::connected_at(Config { world, ..Config::default() }).await;
        let cost = lab.engine.sync_cost(lab.id(), None, false).await.expect("a cost");
        assert!(cost.seconds_from <= cost.seconds_to, "a span of time");
        let total = lab.sync().await.total;
        let said = u64::from(cost.requests);
        assert!(
            said * 2 >= total && said <= total * 2,
            "{said} requests were foretold, and {total} sent, for {world:?}"
        );
    }
}

#[tokio::test]
async fn a_limit_that_the_server_tells_of_is_part_of_the_cost() {
    let limits = Limits { instance: Some(200), ..Limits::default() };
    let world = WorldSpec::Sized { groups: 30, projects: 1_000 };
    let lab = Lab::connected_at(Config { world, limits, ..Config::default() }).await;
    let cost = lab.engine.sync_cost(lab.id(), None, false).await.expect("a cost");
    let least = (cost.requests - 200) * 60 / 200;
    assert!(
        cost.seconds_from + 60 >= least && cost.seconds_to >= cost.seconds_from,
        "{cost:?} at 200 requests a minute: {least} s at least"
    );
    assert!(cost.seconds_from > 120, "far more than the network alone would take: {cost:?}");
}

/// Once the estate is known, what is said beforehand is what is asked.
async fn said_is_asked(lab: &Lab, root: Option<ScopeKey>, full: bool, what: &str) {
    let cost = lab.engine.sync_cost(lab.id(), root, full).await.expect("a cost");
    let mark = lab.mark();
    let summary = lab.engine.sync(lab.id(), root, full).await.expect("a sync");
    let sent = lab.simulator.requests_after(mark).len();
    assert_eq!(summary.total, sent as u64, "{what}: the summary counts what the server saw");
    assert_eq!(cost.requests as usize, sent, "{what}: {:?}", summary.requests);
}

#[tokio::test]
async fn the_cost_of_another_sync_is_what_it_asks() {
    for world in [WorldSpec::Demo, WorldSpec::Sized { groups: 12, projects: 130 }] {
        let lab = Lab::connected_at(Config { world, ..Config::default() }).await;
        lab.sync().await;
        // What a first sync could not know before it had all: nothing is left of that.
        lab.sync().await;
        let whole = format!("everything of {world:?}");
        said_is_asked(&lab, None, false, &whole).await;
        said_is_asked(&lab, None, true, &format!("{whole}, in full")).await;
        said_is_asked(&lab, None, true, &format!("{whole}, in full again")).await;
        said_is_asked(&lab, None, false, &format!("{whole}, after that")).await;
        let group = lab.simulator.world().groups()[2];
        let project = lab.simulator.world().projects()[5];
        for root in [ScopeKey::group(group), ScopeKey::project(project)] {
            said_is_asked(&lab, Some(root), false, &format!("{root} of {world:?}")).await;
            said_is_asked(&lab, Some(root), true, &format!("{root} of {world:?}, in full")).await;
        }
    }
}

/// Contract, section 6: an administrator's token may or may not have an administrator's powers.
#[tokio::test]
async fn the_question_for_an_administrators_powers_is_part_of_the_cost() {
    for admin_mode in [false, true] {
        for with_scope in [false, true] {
            let mut lab = Lab::empty_at(Config { admin_mode, ..Config::default() }).await;
            let tokens = lab.simulator.tokens().clone();
            lab.connect(if with_scope { &tokens.admin_mode } else { &tokens.admin }).await;
            lab.sync().await;
            lab.sync().await;
            let what = format!("Admin Mode {admin_mode}, scope {with_scope}");
            said_is_asked(&lab, None, false, &what).await;
            let asked = lab.simulator.requests().into_iter();
            let probes = asked.filter(|it| it.path.contains("/application/settings")).count();
            assert_eq!(probes > 0, !with_scope, "{what}");
        }
    }
}

/// What a run that was cancelled has read is not asked again, and not counted again.
#[tokio::test]
async fn the_cost_of_going_on_is_what_is_left() {
    let world = WorldSpec::Sized { groups: 20, projects: 200 };
    let lab = Lab::connected_at(Config { world, ..Config::default() }).await;
    lab.sync().await;
    lab.sync().await;
    let whole = lab.engine.sync_cost(lab.id(), None, false).await.expect("a cost").requests;
    let middle = lab.simulator.world().projects()[120];
    // Nobody waits that long: the run ends there.
    lab.simulator.fail(Fault::throttled(format!("/projects/{middle}/"), 5_000));
    let cut = lab.engine.sync(lab.id(), None, false).await;
    assert!(cut.is_err(), "it does not come to its end: {cut:?}");
    lab.simulator.heal();
    let left = lab.engine.sync_cost(lab.id(), None, false).await.expect("a cost").requests;
    assert!(left < whole, "{left} requests are left of {whole}");
    said_is_asked(&lab, None, false, "going on").await;
}
