use heirloom_engine::change::Form;
use heirloom_engine::core::catalog::offers;
use heirloom_engine::core::ids::{Level, ScopeKey};

use super::values::Filled;
use super::{Case, Servers};

const SERVERS: [(&str, (u32, u32)); 5] = [
    ("16.11.4-ee", (16, 11)),
    ("17.2.1-ee", (17, 2)),
    ("17.9.0-ee", (17, 9)),
    ("18.10.2-ee", (18, 10)),
    ("19.3.0-ee", (19, 3)),
];

/// Saves what an untouched form holds, with everything needed filled in, and everything that any
/// other version has on top of it: what this server does not take is not sent.
async fn save(case: Case<'_>, scope: ScopeKey, server: (u32, u32)) {
    let (slug, kind) = (case.kind.slug, case.kind);
    let form: Form =
        case.lab.engine.edit_form(case.lab.id(), scope, case.slug()).await.expect(slug);
    for name in form.draft.fields.keys() {
        let field = kind.field(name).expect("a known field");
        assert!(field.offered(scope.level, server), "{slug} {name} is not offered");
    }
    for name in form.draft.events.keys() {
        let event = kind.event(name).expect("a known event");
        assert!(event.offered(scope.level, server), "{slug} {name} is not offered");
    }
    let mut filled = Filled::whole(kind, scope.level, server, 1);
    let here = filled.clone();
    for other in SERVERS {
        let there = Filled::whole(kind, scope.level, other.1, 1);
        for (name, value) in there.draft.fields {
            filled.draft.fields.entry(name).or_insert(value);
        }
        for (name, on) in there.draft.events {
            filled.draft.events.entry(name).or_insert(on);
        }
    }
    let plan = case.save(scope, &filled).await;
    let flag = plan.steps[0].step.body().expect("a PUT").contains_key("use_inherited_settings");
    assert_eq!(flag, kind.supports_inherit && server >= (17, 3), "{slug}: not before 17.3");
    for name in plan.steps[0]
        .step
        .body()
        .expect("a PUT")
        .keys()
        .filter(|name| *name != "use_inherited_settings")
    {
        let offered = kind.field(name).map(|field| field.offered(scope.level, server));
        let offered =
            offered.or_else(|| kind.event(name).map(|it| it.offered(scope.level, server)));
        assert_eq!(offered, Some(true), "{slug} {name} is not sent");
    }
    case.assert_arrived(&case.stored(scope), &here);
}

#[tokio::test]
async fn each_server_is_offered_and_sent_what_its_version_takes() {
    for (version, server) in SERVERS {
        let servers = Servers::start(version).await.open().await;
        let mut places = 0;
        for case in servers.cases().filter(|case| case.kind.creatable) {
            let scope = case.project("own");
            if !offers(case.kind.since, case.kind.removed, server) {
                let filled = Filled::whole(case.kind, Level::Project, server, 1);
                let refused = case.plan_custom(scope, &filled).await.expect_err("it is gone");
                let words = refused.to_string();
                assert!(words.contains("GitLab"), "{} on {version}: {words}", case.kind.slug);
                assert!(words.contains("19.0"), "it says since when: {words}");
                continue;
            }
            save(case, scope, server).await;
            places += 1;
            if server >= (17, 9) && case.kind.levels.group {
                save(case, case.group(), server).await;
                places += 1;
            }
        }
        println!("{version}: saved at {places} places");
    }
}

/// Contract, section 2: before 17.3 GitLab does not tell inherited from custom settings, so saving
/// over a row might cut a link nobody sees.
#[tokio::test]
async fn before_17_3_a_row_that_is_there_is_not_saved_over() {
    let servers = Servers::start("17.2.1-ee").await.open().await;
    let case = servers.cases().find(|case| case.kind.slug == "jenkins").expect("Jenkins");
    let scope = case.project("own");
    case.save(scope, &Filled::whole(case.kind, Level::Project, (17, 2), 1)).await;
    let mark = case.lab.mark();
    let second = Filled::whole(case.kind, Level::Project, (17, 2), 2);
    let refused = case.plan_custom(scope, &second).await.expect_err("nobody can tell");
    assert!(refused.to_string().contains("17.3"), "it says what is missing: {refused}");
    assert_eq!(case.lab.writes_since(mark), [], "nothing was sent");
}
