use heirloom_engine::core::ids::Level;
use heirloom_engine::core::row::{Known, NotRead, State};
use heirloom_it::Lab;
use heirloom_simulator::{Config, Simulator};

async fn synced_with(version: &str) -> Lab {
    let config = Config { gitlab_version: version.into(), ..Config::default() };
    let lab = Lab::connected_at(config).await;
    let summary = lab.sync().await;
    assert!(summary.complete, "an older GitLab is no failure: {:?}", summary.failed);
    lab
}

/// Contract, section 1: the group API came with 17.9.
#[tokio::test]
async fn before_17_9_groups_are_unknown_and_never_asked() {
    let lab = synced_with("17.8.4-ee").await;
    assert_eq!(
        lab.item("acme/platform", "slack").await.known,
        Known::Unknown(NotRead::Version),
        "the group is not readable there, which is not the same as off"
    );
    let requests = lab.simulator.requests();
    let asked =
        requests.iter().any(|it| it.path.contains("/groups/") && it.path.contains("/integrations"));
    assert!(!asked, "and no request is wasted on it");
    let project = lab.compare("acme/platform/checkout/cart-service", "slack").await;
    assert_eq!(project.item.known.state(), State::Inherited, "projects say that they inherit");
    assert!(project.default.row.is_none(), "from where cannot be seen");
}

/// Contract, section 2: `inherited` came with 17.3.
#[tokio::test]
async fn before_17_3_nobody_can_tell_inherited_from_custom() {
    let lab = synced_with("17.2.1-ee").await;
    let item = lab.item("acme/platform/checkout/payments-api", "jira").await;
    assert_eq!(item.known, Known::Unknown(NotRead::Version), "no guess is made");
    assert!(item.kept.is_some_and(|kept| kept.active), "that it is on is known");
}

/// The same server after an update: it has what it had, and tells more of it.
async fn updated(lab: &mut Lab, version: &str) {
    let port = lab.simulator.url().rsplit(':').next().and_then(|it| it.parse().ok());
    let config = Config {
        port: port.expect("a port"),
        token: Some(lab.simulator.token().to_owned()),
        gitlab_version: version.to_owned(),
        ..Config::default()
    };
    let spare = Simulator::start(Config::default()).await.expect("a simulator on a free port");
    std::mem::replace(&mut lab.simulator, spare).stop().await;
    lab.simulator = Simulator::start(config).await.expect("a simulator in its place");
}

/// Contract, sections 1 and 2: 17.3 tells links, 17.9 tells groups.
#[tokio::test]
async fn what_a_newer_server_tells_besides_is_learnt_and_no_drift() {
    let mut lab = synced_with("17.2.1-ee").await;
    let project = "acme/platform/checkout/payments-api";
    for version in ["17.3.0-ee", "17.9.0-ee", "18.10.2-ee"] {
        updated(&mut lab, version).await;
        let summary = lab.sync().await;
        assert!(summary.complete, "{version}: {:?}", summary.failed);
        assert_eq!(lab.drift().await, [], "nobody changed anything by the update to {version}");
        let known = lab.item(project, "jira").await.known;
        assert_eq!(known.state(), State::Custom, "{version} tells the link");
    }
    assert_ne!(
        lab.item("acme/platform", "slack").await.known,
        Known::Unknown(NotRead::Version),
        "and the groups"
    );
}

/// Figures: what is not known is a figure of its own, and in no other.
#[tokio::test]
async fn an_older_servers_figures_count_what_is_not_known_as_such() {
    let lab = synced_with("17.2.1-ee").await;
    let whole = lab.engine.overview(lab.id(), None, None).await.expect("figures");
    assert!(whole.extent.unreadable >= whole.extent.groups, "no group could be read");
    let mut unknown = 0;
    for kind in &whole.kinds {
        for (state, n) in &kind.counts {
            assert_eq!(*state, State::Unknown, "{}: {n} {}", kind.slug, state.name());
            unknown += n;
        }
        assert_eq!(kind.defaults, 0, "{}: nobody is said to set a default", kind.slug);
        assert_eq!(kind.in_use, !kind.counts.is_empty(), "{}: what is on is in use", kind.slug);
    }
    assert!(unknown > 50, "what is on is counted: {unknown}");
    let group = lab.key("acme/platform");
    let part = lab.engine.overview(lab.id(), Some(group), None).await.expect("figures");
    assert_eq!(
        part.extent.unreadable, part.extent.groups,
        "its projects were read, whatever of their rows is not told"
    );

    let lab = synced_with("17.8.4-ee").await;
    let whole = lab.engine.overview(lab.id(), None, None).await.expect("figures");
    let groups = lab.engine.overview(lab.id(), None, Some(Level::Group)).await.expect("figures");
    assert!(groups.kinds.iter().all(|kind| kind.counts.is_empty()), "nothing is said of groups");
    let sum = |state| whole.kinds.iter().filter_map(|kind| kind.counts.get(&state)).sum::<u32>();
    assert!(sum(State::Inherited) > 0 && sum(State::Custom) > 0, "projects tell their link");
    assert_eq!(sum(State::Unknown), 0, "so none is unknown");
    assert!(whole.extent.unreadable >= whole.extent.groups, "but groups are counted as unread");
}
