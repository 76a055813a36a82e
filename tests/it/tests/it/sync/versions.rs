use heirloom_engine::core::row::{Known, NotRead, State};
use heirloom_it::Lab;
use heirloom_simulator::Config;

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
