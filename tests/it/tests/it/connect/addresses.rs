use heirloom_engine::connect::{CheckKind, Subject};
use heirloom_it::{Lab, TlsFront, input, not_a_gitlab};
use heirloom_simulator::Config;

use super::{failure, nothing_stays, refusal};

#[tokio::test]
async fn a_text_that_is_no_address_says_so() {
    let lab = Lab::empty().await;
    let said = refusal(&lab.engine, input("gitlab example", lab.simulator.token())).await;
    assert!(said.starts_with("Not an address"), "the address is the trouble: {said}");
    nothing_stays(&lab, &lab.engine, "gitlab example").await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_told_apart_from_a_wrong_token() {
    let lab = Lab::empty().await;
    let url = lab.simulator.url();
    lab.simulator.pause().await;
    let said = refusal(&lab.engine, input(&url, lab.simulator.token())).await;
    assert!(said.starts_with("The server does not answer"), "it is away: {said}");
    nothing_stays(&lab, &lab.engine, &url).await;
}

#[tokio::test]
async fn something_that_is_not_a_gitlab_is_recognised() {
    let lab = Lab::empty().await;
    let url = not_a_gitlab().await;
    let said = refusal(&lab.engine, input(&url, lab.simulator.token())).await;
    assert!(said.starts_with("This is not a GitLab"), "a printer answers there: {said}");
    nothing_stays(&lab, &lab.engine, &url).await;
}

#[tokio::test]
async fn an_untrusted_certificate_is_refused_and_the_companys_own_authority_helps() {
    let lab = Lab::empty().await;
    let front = TlsFront::before(&lab.simulator.url()).await;
    let said = refusal(&lab.engine, input(&front.url, lab.simulator.token())).await;
    assert!(said.starts_with("The connection cannot be trusted"), "TLS is the trouble: {said}");
    assert!(said.contains("certificate authority"), "and there is a way out: {said}");
    assert_eq!(lab.simulator.requests(), [], "no request, and so no token, got through");
    nothing_stays(&lab, &lab.engine, &front.url).await;

    let mut trusted = input(&front.url, lab.simulator.token());
    trusted.ca_pem = Some(front.certificate);
    let made = lab.engine.connect(trusted).await.expect("a connection in TLS");
    assert_eq!(made.details.base_url, front.url, "the connection is to the address given");
    let summary = lab.engine.sync(made.id, None, false).await.expect("a sync in TLS");
    assert!(summary.complete, "the authority is used for every later request too");
}

#[tokio::test]
async fn a_file_that_is_no_certificate_says_so() {
    let lab = Lab::empty().await;
    let mut wrong = input(&lab.simulator.url(), lab.simulator.token());
    wrong.ca_pem = Some("-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----".into());
    let report = lab.engine.check_connection(&wrong).await;
    assert_eq!(failure(&report).0, "Not a certificate", "the file is the trouble");
}

#[tokio::test]
async fn plain_http_beyond_this_computer_needs_consent() {
    let lab = Lab::empty().await;
    let url = "http://gitlab.nowhere.invalid";
    let report = lab.engine.check_connection(&input(url, lab.simulator.token())).await;
    assert_eq!(failure(&report).0, "Not encrypted", "the token would travel in clear");
    let subject = report.checks.iter().find_map(|check| check.subject);
    assert_eq!(subject, Some(Subject::PlainHttp), "what is missing is the consent");
    refusal(&lab.engine, input(url, lab.simulator.token())).await;
    nothing_stays(&lab, &lab.engine, url).await;

    let mut consented = input(url, lab.simulator.token());
    consented.allow_plain_http = true;
    let report = lab.engine.check_connection(&consented).await;
    let title = failure(&report).0;
    assert!(
        ["No such server", "The server does not answer"].contains(&title.as_str()),
        "with consent it is tried: {title}"
    );
}

#[tokio::test]
async fn a_gitlab_under_a_sub_path_is_one() {
    let config = Config { relative_url_root: "/git/lab".into(), ..Config::default() };
    let lab = Lab::connected_at(config).await;
    let made = lab.engine.connection(lab.id()).await.expect("the connection");
    assert!(made.details.base_url.ends_with("/git/lab"), "the sub-path is part of the instance");
    assert!(lab.sync().await.complete, "and of every request");
}

#[tokio::test]
async fn a_connection_knows_what_the_server_and_the_token_say_of_themselves() {
    let lab = Lab::empty().await;
    let given = input(&lab.simulator.url(), lab.simulator.token());
    let report = lab.engine.check_connection(&given).await;
    assert!(report.can_connect(), "everything is fine: {report:?}");
    let kinds: Vec<CheckKind> = report.checks.iter().map(|check| check.kind).collect();
    assert_eq!(
        kinds,
        [CheckKind::Server, CheckKind::Token, CheckKind::Keychain, CheckKind::InstanceDefaults],
        "each is checked, and said"
    );
    assert!(
        lab.engine.connections().await.expect("a list").is_empty(),
        "checking saves nothing by itself"
    );

    let details = lab.engine.connect(given).await.expect("a connection").details;
    assert_eq!(details.version, "18.10.2-ee", "from /metadata");
    assert_eq!(details.username, "d.whitfield", "from /user");
    assert!(!details.is_admin, "GitLab leaves is_admin out for everyone else");
    assert!(details.token_expires_on.is_some(), "from /personal_access_tokens/self");
    assert_eq!(lab.keychain.names().len(), 1, "the token is in the keychain");
}
