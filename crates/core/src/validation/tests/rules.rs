use super::*;

fn jira(change: &[(&str, Value)]) -> Vec<Problem> {
    let mut draft =
        vec![("url", text("https://jira.example.com")), ("username", text("svc-gitlab"))];
    draft.extend(change.iter().cloned());
    check("jira", &draft)
}

#[test]
fn a_filled_in_draft_has_no_problems() {
    assert_eq!(jira(&[]), [], "address, name and password are all Jira needs");
}

#[test]
fn required_fields_must_be_filled_in() {
    let found = check("youtrack", &[("project_url", text("   "))]);
    assert_eq!(at(&found, "project_url"), Some((Rule::Required, "Must be filled in")), "blank");
    assert_eq!(at(&found, "issues_url"), Some((Rule::Required, "Must be filled in")), "missing");
    assert_eq!(found.len(), 2, "and nothing else");
}

#[test]
fn a_field_is_required_only_while_its_condition_holds() {
    let found = jira(&[("username", Value::Empty)]);
    assert_eq!(
        at(&found, "username"),
        Some((Rule::Required, "Must be filled in while “Authentication type” is “Basic”")),
        "Basic is what GitLab takes it to be while unset"
    );
    let token = [("username", Value::Empty), ("jira_auth_type", Value::Integer(1))];
    assert_eq!(jira(&token), [], "a personal access token needs no name");
    let found = check(
        "datadog",
        &[("datadog_ci_visibility", Value::Bool(false)), ("datadog_site", Value::Empty)],
    );
    assert_eq!(
        at(&found, "datadog_site"),
        Some((Rule::Required, "Must be filled in while “API URL” is blank")),
        "Datadog needs one of the two"
    );
    let found = jira(&[("vulnerabilities_enabled", Value::Bool(true))]);
    assert_eq!(
        at(&found, "project_key"),
        Some((Rule::Required, "Must be filled in while “Issues from vulnerabilities” is on")),
        "a dependent field"
    );
}

#[test]
fn hidden_fields_are_not_checked() {
    let broken = [
        ("jira_issue_transition_automatic", Value::Bool(true)),
        ("jira_issue_transition_id", text("none")),
    ];
    assert_eq!(jira(&broken), [], "transition IDs are not sent while transitions are automatic");
    let shown = [
        ("jira_issue_transition_automatic", Value::Bool(false)),
        ("jira_issue_transition_id", text("none")),
    ];
    assert_eq!(
        at(&jira(&shown), "jira_issue_transition_id"),
        Some((Rule::Pattern, "Must be numbers, separated by commas or semicolons")),
        "but they are otherwise"
    );
}

#[test]
fn addresses_name_their_fault() {
    for (address, message) in [
        ("jira.example.com", "Must start with http:// or https://"),
        ("ftp://jira.example.com", "Must start with http:// or https://"),
        ("javascript:alert(1)", "Must start with http:// or https://"),
        ("https://", "Not an address: the host is missing"),
        ("https:///browse", "Not an address: the host is missing"),
        ("https://jira.example.com:port", "Not an address: invalid port number"),
        ("https://jira example.com", "Must not contain spaces"),
    ] {
        let found = jira(&[("url", text(address))]);
        assert_eq!(at(&found, "url"), Some((Rule::Url, message)), "{address}");
    }
    for address in
        ["http://10.0.0.1:8080/jira", "HTTPS://Jira.Example.com", "https://bücher.example"]
    {
        assert_eq!(jira(&[("url", text(address))]), [], "{address} is one");
    }
    let issues = [("project_url", text("https://y/p")), ("issues_url", text("https://y/i/:id"))];
    assert_eq!(check("youtrack", &issues), [], "the issue's number has a place holder");
}

#[test]
fn regular_expressions_name_their_fault() {
    for (pattern, message) in [
        (r"(PAY|REF-\d+", "the bracket opened at position 1 is never closed"),
        (r"PAY)-\d+", "the bracket at position 4 closes nothing"),
        (r"[A-Z", "the square bracket opened at position 1 is never closed"),
        (r"*PAY", "there is nothing to repeat at position 1"),
        (r"PAY-\", "it ends with a lone backslash"),
        (r"(?=PAY)", "looking ahead or behind, at position 1, is not supported"),
        (r"(PAY)\1", "referring back, at position 6, is not supported"),
    ] {
        let found = jira(&[("jira_issue_regex", text(pattern))]);
        let whole = format!("Not a regular expression: {message}");
        assert_eq!(at(&found, "jira_issue_regex"), Some((Rule::Regex, &*whole)), "{pattern}");
    }
    assert_eq!(jira(&[("jira_issue_regex", text(r"(PAY|REF)-\d+"))]), [], "a good one");
}

#[test]
fn values_must_be_of_their_type() {
    let found = check("irker", &[("recipients", text("#a")), ("server_port", text("many"))]);
    assert_eq!(
        at(&found, "server_port"),
        Some((Rule::Integer, "Must be a whole number")),
        "number"
    );
    let found = check("jira", &[("issues_enabled", text("perhaps"))]);
    assert_eq!(at(&found, "issues_enabled"), Some((Rule::Boolean, "Must be on or off")), "flag");
    let on = ("issues_enabled", Value::Bool(true));
    let found = jira(&[on.clone(), ("project_keys", text("AB"))]);
    assert_eq!(at(&found, "project_keys"), Some((Rule::List, "Must be a list")), "list");
    let blank = Value::List(vec!["AB".into(), " ".into()]);
    let found = jira(&[on, ("project_keys", blank)]);
    assert_eq!(
        at(&found, "project_keys"),
        Some((Rule::List, "Must not hold a blank entry")),
        "blank"
    );
}

#[test]
fn choices_are_closed() {
    let found = check("emails-on-push", &[("branches_to_be_notified", text("some"))]);
    assert_eq!(
        at(&found, "branches_to_be_notified"),
        Some((Rule::Choice, "Must be one of all, default, protected, default_and_protected")),
        "a text"
    );
    let found = jira(&[("jira_auth_type", Value::Integer(7))]);
    assert_eq!(
        at(&found, "jira_auth_type"),
        Some((Rule::Choice, "Must be one of 0, 1")),
        "a number"
    );
    let pushover = [("priority", text("-2")), ("sound", Value::Empty)];
    assert_eq!(check("pushover", &pushover), [], "a blank sound is the device's own");
}

#[test]
fn mail_addresses_are_separated_as_gitlab_splits_them() {
    let push = |recipients: &str| check("emails-on-push", &[("recipients", text(recipients))]);
    assert_eq!(push("a@example.com\nb@example.com c@example.com"), [], "white space");
    assert_eq!(
        at(&push("a@example.com,b@example.com"), "recipients"),
        Some((
            Rule::Emails,
            "Must be e-mail addresses, separated by spaces: “a@example.com,b@example.com” is none"
        )),
        "GitLab would drop both without a word"
    );
    let pipelines =
        |recipients: &str| check("pipelines-email", &[("recipients", text(recipients))]);
    assert_eq!(pipelines("<a@example.com>, b@example.com"), [], "commas, and brackets");
    assert_eq!(
        at(&pipelines("a@example.com, b"), "recipients"),
        Some((Rule::Emails, "Must be e-mail addresses, separated by commas: “b” is none")),
        "one of them is none"
    );
    let many = vec!["a@example.com"; 31].join(",");
    assert_eq!(
        at(&pipelines(&many), "recipients"),
        Some((Rule::Count, "Must not be more than 30: these are 31")),
        "GitLab's limit"
    );
}

#[test]
fn lengths_and_patterns_are_gitlabs() {
    let long = jira(&[("jira_issue_prefix", text(&"x".repeat(256)))]);
    assert_eq!(
        at(&long, "jira_issue_prefix"),
        Some((Rule::Length, "Must not be longer than 255 characters: this has 256")),
        "one too many"
    );
    let found = check("linear", &[("workspace_url", text("https://example.com/team"))]);
    assert_eq!(
        at(&found, "workspace_url"),
        Some((Rule::Pattern, "Must be a workspace, such as https://linear.app/example")),
        "an address, but not Linear's"
    );
    let found = check("slack", &[("push_channel", text("a,b,c,d,e,f,g,h,i,j,k"))]);
    assert_eq!(
        at(&found, "push_channel"),
        Some((Rule::Count, "Must not be more than 10: these are 11")),
        "channels of one event"
    );
}

#[test]
fn what_cannot_be_set_is_refused_unless_it_stays_as_it_is() {
    let url = ("url", text("https://hook.example.com"));
    for (slug, draft, message) in [
        ("jenkins", ("colour", text("blue")), "Jenkins has no such setting"),
        ("squash-tm", url, "Is a secret: never part of a draft"),
        (
            "slack",
            ("group_mention_channel", text("#all")),
            "Can be set on GitLab's own settings page only",
        ),
    ] {
        let found = check(slug, std::slice::from_ref(&draft));
        assert_eq!(at(&found, draft.0), Some((Rule::Settable, message)), "{slug}");
    }
    let kept = values(&[("group_mention_channel", text("#all"))]);
    let secrets = Secrets { given: ["webhook".to_owned()].into(), ..Secrets::default() };
    assert_eq!(problems(find("slack"), &kept, &kept, &secrets), [], "unchanged, so not sent");
}

#[test]
fn what_a_draft_does_not_mention_stays_as_stored() {
    let stored = values(&[
        ("project_url", text("https://y.example.com/p")),
        ("issues_url", text("https://y.example.com/:id")),
    ]);
    let draft = values(&[("issues_url", text("y.example.com/:id"))]);
    let found = problems(find("youtrack"), &stored, &draft, &Secrets::default());
    assert_eq!(found.len(), 1, "the stored address is there still");
    assert_eq!(
        at(&found, "issues_url"),
        Some((Rule::Url, "Must start with http:// or https://")),
        "the edited one is checked"
    );
}

#[test]
fn white_space_is_no_switch_and_no_number() {
    let draft = [("enable_ssl_verification", text("  ")), ("thread", text("  "))];
    let found = check("jenkins", &draft[..1]);
    assert_eq!(
        at(&found, "enable_ssl_verification").map(|it| it.0),
        Some(Rule::Boolean),
        "a switch"
    );
    let found = check("telegram", &draft[1..]);
    assert_eq!(at(&found, "thread").map(|it| it.0), Some(Rule::Integer), "GitLab refuses it, too");
}

#[test]
fn a_number_where_an_address_belongs_is_held_to_the_rules_of_addresses() {
    for wrong in [Value::Integer(5), Value::Bool(true)] {
        let found = check("jenkins", &[("jenkins_url", wrong)]);
        assert_eq!(at(&found, "jenkins_url").map(|it| it.0), Some(Rule::Url), "no address");
    }
}

#[test]
fn a_jenkins_password_needs_a_username() {
    let draft = [("jenkins_url", text("https://ci.example.com")), ("project_name", text("a"))];
    let found = check("jenkins", &draft);
    let (rule, message) = at(&found, "username").expect("the password is given");
    assert_eq!(rule, Rule::Required);
    assert!(message.contains("Password"), "it says because of what: {message}");
    let jenkins = find("jenkins");
    let without = problems(jenkins, &BTreeMap::new(), &values(&draft), &Secrets::default());
    assert!(without.is_empty(), "a Jenkins that asks nobody: {without:?}");
}
