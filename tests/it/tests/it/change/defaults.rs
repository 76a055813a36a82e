use std::collections::BTreeMap;

use heirloom_engine::Outcome;
use heirloom_engine::core::row::State;
use heirloom_engine::core::value::Value;
use heirloom_it::Lab;

use super::{apply, outcome, plan_custom, plan_default, text};

/// Slug, fields, secrets.
type Case<'a> = (&'a str, &'a [(&'a str, Value)], &'a [(&'a str, &'a str)]);

const PROJECT: &str = "acme/platform/service-template";

/// The five integrations whose forms are complete, set at a project and taken back again.
#[tokio::test]
async fn slack_jira_youtrack_jenkins_and_emails_go_custom_and_back() {
    let lab = Lab::synced().await;
    let cases: [Case; 5] = [
        ("slack", &[("channel", text("#templates"))], &[("webhook", "https://hooks.example/t")]),
        (
            "jira",
            &[("url", text("https://jira-t.acme.example")), ("username", text("svc"))],
            &[("password", "p-jira")],
        ),
        (
            "youtrack",
            &[
                ("project_url", text("https://yt.example/projects/T")),
                ("issues_url", text("https://yt.example/issue/:id")),
            ],
            &[],
        ),
        (
            "jenkins",
            &[("jenkins_url", text("https://ci.example")), ("project_name", text("template"))],
            &[],
        ),
        ("emails-on-push", &[("recipients", text("t@acme.example"))], &[]),
    ];
    for (slug, fields, secrets) in cases {
        // One external issue tracker per project (contract, section 2).
        let path = if slug == "youtrack" { "acme-labs/lab-notes" } else { PROJECT };
        let typed: Vec<&str> = secrets.iter().map(|(name, _)| *name).collect();
        let plan = plan_custom(&lab, path, slug, fields, &typed).await;
        let plan = plan.unwrap_or_else(|error| panic!("{slug} cannot be planned: {error}"));
        let (ended, why) = outcome(&apply(&lab, &plan, secrets).await);
        assert_eq!((ended, why.as_str()), (Outcome::Applied, ""), "{slug}");
        let stored = lab.row(path, slug).expect("a row");
        assert_eq!(stored.inherit_from, None, "{slug} is custom on the server");
        let sent: BTreeMap<&str, String> = fields
            .iter()
            .map(|(name, value)| (*name, value.to_json().to_string()))
            .chain(secrets.iter().map(|(name, value)| (*name, format!("{value:?}"))))
            .collect();
        for (name, value) in sent {
            assert_eq!(stored.fields[name].to_string(), value, "{name} of {slug}");
        }
        let item = lab.item(path, slug).await;
        assert_eq!(item.known.state(), State::Custom, "{slug} is custom here");

        match plan_default(&lab, path, slug).await {
            Ok(plan) => {
                let (ended, why) = outcome(&apply(&lab, &plan, &[]).await);
                assert_eq!((ended, why.as_str()), (Outcome::Applied, ""), "{slug} back");
                let stored = lab.row(path, slug).expect("a row");
                assert!(stored.inherit_from.is_some(), "{slug} inherits again");
            }
            Err(error) => assert_eq!(slug, "jenkins", "only Jenkins has no default: {error}"),
        }
    }
}
