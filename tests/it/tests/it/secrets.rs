//! Nothing secret is in any file, however much was done.

use heirloom_engine::change::Request;
use heirloom_engine::core::value::Value;
use heirloom_it::{Lab, find_bytes, open_to_others};
use secrecy::SecretString;

/// Contract, section 2: GitLab itself returns some private keys in clear.
#[tokio::test]
async fn no_token_and_no_secret_is_in_any_file_after_everything_was_done_once() {
    let lab = Lab::synced().await;
    let (id, path) = (lab.id(), "acme/platform/checkout/payments-api");
    let typed = "https://hooks.slack.example/services/CANARY-TYPED";
    let request = Request::SetCustom {
        scope: lab.key(path),
        slug: "slack".parse().expect("a slug"),
        settings: Some(lab.draft(path, "slack", &[("channel", Value::Text("#x".into()))]).await),
        typed: vec!["webhook".into()],
    };
    let plan = lab.engine.plan(id, request).await.expect("a plan");
    let secrets = std::iter::once(("webhook".to_owned(), SecretString::from(typed))).collect();
    lab.engine.apply(plan.id, secrets, None).await.expect("a run");
    let request =
        Request::UseDefault { scope: lab.key(path), slug: "jira".parse().expect("a slug") };
    let plan = lab.engine.plan(id, request).await.expect("a plan");
    lab.engine.apply(plan.id, Default::default(), None).await.expect("a run");
    lab.engine.sync(id, None, true).await.expect("a full sync");
    let export = lab.export().await.to_string();

    assert!(
        !find_bytes(&lab.folder(), b"jira.acme.example").is_empty(),
        "the search finds what is there"
    );
    let canaries = [
        lab.simulator.token(),
        "CANARY-TYPED",
        // Stored on the server, by several hands.
        "payments-jira-password",
        "platform-jira-password",
        "payments-jenkins-password",
        "platform-harbor-password",
        "dd-platform-api-key",
        "gg-4f1c0d5e",
        "hooks.slack.example",
        // Returned by GitLab in clear.
        "BEGIN PRIVATE KEY",
        "MHcCAQ",
        "service_account\\\"",
        "discord.example/api/webhooks",
    ];
    for canary in canaries {
        let found = find_bytes(&lab.folder(), canary.as_bytes());
        assert!(found.is_empty(), "“{canary}” is in {found:?}");
        assert!(!export.contains(canary), "“{canary}” is in the export");
    }
}

#[tokio::test]
async fn nobody_else_on_this_computer_can_look_into_the_folder() {
    let lab = Lab::synced().await;
    let open = open_to_others(&lab.folder());
    assert!(open.is_empty(), "others could read {open:?}");
}
