use heirloom_engine::Error;
use heirloom_engine::change::Request;
use heirloom_engine::core::catalog::{self, Integration};
use heirloom_engine::core::ids::{Level, ScopeKey};
use heirloom_engine::core::row::{Known, Unavailable};
use heirloom_it::Lab;

use super::Servers;
use super::values::{Filled, SERVER};

/// Asks for custom settings; gives the words of the refusal. Nothing may have been sent.
async fn refusal(lab: &Lab, kind: &'static Integration, scope: ScopeKey) -> String {
    let filled = Filled::whole(kind, scope.level, SERVER, 1);
    let mark = lab.mark();
    let request = Request::SetCustom {
        scope,
        slug: kind.slug.parse().expect("a slug"),
        settings: Some(filled.draft),
        typed: filled.secrets.into_keys().collect(),
    };
    let refused = lab.engine.plan(lab.id(), request).await;
    let refused = refused.expect_err(kind.slug);
    assert!(matches!(refused, Error::NotPossible(_)), "{}: {refused}", kind.slug);
    assert_eq!(lab.writes_since(mark), [], "{}: nothing was sent", kind.slug);
    refused.to_string()
}

#[tokio::test]
async fn kinds_of_projects_are_refused_at_groups() {
    let servers = Servers::start("18.10.2-ee").await.open().await;
    let mut seen = 0;
    for case in servers.cases().filter(|case| !case.kind.levels.group) {
        let words = refusal(case.lab, case.kind, case.group()).await;
        assert_eq!(words, format!("{} cannot be set at this level", case.kind.title));
        let item = case.lab.engine.compare(case.lab.id(), case.group(), case.slug()).await;
        let known = item.expect("the group").item.known;
        assert_eq!(known, Known::Unavailable(Unavailable::Level), "{}", case.kind.slug);
        seen += 1;
    }
    assert_eq!(seen, 5, "contract, section 3");
}

#[tokio::test]
async fn no_kind_is_changed_at_the_instance() {
    let servers = Servers::start("18.10.2-ee").await.open().await;
    for kind in catalog::all() {
        let words = refusal(&servers.0[1].0, kind, ScopeKey::INSTANCE).await;
        let named = words.contains(kind.title) || words.contains("its own settings page");
        assert!(named, "{}: what to do, or which: {words}", kind.slug);
    }
}

#[tokio::test]
async fn kinds_that_are_only_shown_are_changed_nowhere() {
    let servers = Servers::start("18.10.2-ee").await.open().await;
    let lab = &servers.0[0].0;
    let mut seen = Vec::new();
    for kind in catalog::all().iter().filter(|kind| kind.read_only || !kind.rest) {
        for scope in [lab.key("jira/own"), lab.key("jira")] {
            let words = refusal(lab, kind, scope).await;
            assert!(words.contains(kind.title), "{}: it says which: {words}", kind.slug);
        }
        seen.push(kind.slug);
    }
    assert_eq!(
        seen,
        ["amazon-q", "beyond-identity", "prometheus", "zentao"],
        "contract, section 3"
    );
}

/// Contract, section 2: 422 “You cannot create the … integration from the API”.
#[tokio::test]
async fn apps_that_are_installed_elsewhere_are_not_made() {
    let servers = Servers::start("18.10.2-ee").await.open().await;
    let mut seen = 0;
    for case in servers.cases().filter(|case| !case.kind.creatable) {
        for (level, scope) in [(Level::Project, case.project("own")), (Level::Group, case.group())]
        {
            assert!(case.kind.levels.contains(level), "{} has both levels", case.kind.slug);
            let words = refusal(case.lab, case.kind, scope).await;
            assert!(words.contains("installed in GitLab first"), "{}: {words}", case.kind.slug);
            seen += 1;
        }
    }
    assert_eq!(seen, 4, "two apps, at two levels");
}

/// A server without the app, or for users rather than GitLab's developers, does not offer it: what
/// GitLab says arrives, and nothing is claimed.
#[tokio::test]
async fn a_kind_the_server_does_not_offer_is_refused_in_gitlabs_words() {
    let servers = Servers::start("18.10.2-ee").await.open().await;
    let lab = &servers.0[0].0;
    let kind =
        catalog::find(&super::WITHOUT_THE_APP.parse().expect("a slug")).expect("it is known");
    let filled = Filled::whole(kind, Level::Project, SERVER, 1);
    let scope = lab.key("slack/own");
    let case = super::Case { lab, kind };
    let plan = case.plan_custom(scope, &filled).await.expect("nothing is known against it");
    let run = case.apply(&plan, &filled.secrets).await;
    let [step] = run.outcomes.as_slice() else { panic!("one step: {run:?}") };
    assert_eq!(step.outcome, Some(heirloom_engine::Outcome::Refused), "{run:?}");
    let why = step.why.as_deref().unwrap_or_default();
    assert!(why.contains("Integration not available"), "GitLab's words: {why}");
}
