use super::*;

fn names(names: &[&str]) -> std::collections::BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn jira(url: &str, secrets: &Secrets) -> Vec<Problem> {
    let stored = values(&[("url", text("https://old.example.com")), ("username", text("svc"))]);
    problems(find("jira"), &stored, &values(&[("url", text(url))]), secrets)
}

#[test]
fn a_required_secret_is_entered_on_every_save() {
    let stored = Secrets { stored: names(&["password"]), ..Secrets::default() };
    assert_eq!(
        at(&jira("https://old.example.com", &stored), "password"),
        Some((
            Rule::SecretNeeded,
            "Must be entered again: GitLab wants it on every save and never gives it back"
        )),
        "stored, and yet it must be sent"
    );
    assert_eq!(
        at(&jira("https://old.example.com", &Secrets::default()), "password"),
        Some((Rule::Required, "Must be filled in")),
        "never stored"
    );
    let given = Secrets { given: names(&["password"]), ..Secrets::default() };
    assert_eq!(jira("https://old.example.com", &given), [], "entered");
}

#[test]
fn a_changed_address_asks_for_the_secrets_it_clears() {
    let stored = Secrets { stored: names(&["password"]), ..Secrets::default() };
    assert_eq!(
        at(&jira("https://new.example.com", &stored), "password"),
        Some((
            Rule::SecretNeeded,
            "The Web URL changed, so GitLab drops the stored one: enter it again"
        )),
        "the reason is the address"
    );
}

#[test]
fn an_optional_secret_is_asked_for_only_when_it_would_be_lost() {
    let row = |url: &str| values(&[("jenkins_url", text(url)), ("project_name", text("app"))]);
    let check = |url: &str, secrets: &Secrets| {
        problems(find("jenkins"), &row("http://old"), &row(url), secrets)
    };
    let mut secrets = Secrets { stored: names(&["password"]), ..Secrets::default() };
    assert_eq!(check("http://old", &secrets), [], "kept: nothing clears it");
    assert_eq!(
        at(&check("http://new", &secrets), "password"),
        Some((
            Rule::SecretNeeded,
            "The Jenkins server URL changed, so GitLab drops the stored one: enter it again"
        )),
        "it would be lost without a word"
    );
    secrets.let_go = names(&["password"]);
    assert_eq!(check("http://new", &secrets), [], "and may be, if that is meant");
    assert_eq!(check("http://new", &Secrets::default()), [], "none is known to be stored");
}

#[test]
fn a_secret_that_is_an_address_clears_the_others() {
    let secrets =
        Secrets { given: names(&["url"]), stored: names(&["url", "token"]), ..Secrets::default() };
    let found = problems(find("squash-tm"), &BTreeMap::new(), &BTreeMap::new(), &secrets);
    assert_eq!(
        at(&found, "token"),
        Some((
            Rule::SecretNeeded,
            "The Squash TM webhook URL changed, so GitLab drops the stored one: enter it again"
        )),
        "a new webhook address drops the token"
    );
    assert_eq!(found.len(), 1, "the address itself was entered");
}

#[test]
fn the_text_of_a_secret_is_checked_while_it_is_at_hand() {
    let webhook = find("discord").field("webhook").unwrap();
    let found = secret_problem(webhook, "https://example.com/hook").unwrap();
    assert_eq!(found.rule, Rule::Pattern, "not Discord's");
    assert!(!found.message.contains("example.com"), "a message never repeats a secret");
    let found = secret_problem(webhook, "discord.com/api/webhooks/1").unwrap();
    assert_eq!(found.message, "Must start with http:// or https://", "no address");
    assert_eq!(secret_problem(webhook, "https://discord.com/api/webhooks/1"), None, "a good one");
    let password = find("jira").field("password").unwrap();
    let found = secret_problem(password, "  ").unwrap();
    assert_eq!(found.rule, Rule::Required, "GitLab would store the blank");
    assert_eq!(secret_problem(password, "päss word"), None, "anything else may be a password");
}
