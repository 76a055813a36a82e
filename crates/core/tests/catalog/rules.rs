//! What the contract says of single integrations, and what every entry must keep to.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::catalog::{
    self, Edition, Exclusive, FieldType, Integration, SectionKind, allowed,
};
use heirloom_core::ids::{Level, Slug};

fn slugs(keep: impl Fn(&Integration) -> bool) -> BTreeSet<&'static str> {
    catalog::all().iter().filter(|it| keep(it)).map(|it| it.slug).collect()
}

#[test]
fn integrations_are_found_by_their_slug() {
    assert_eq!(catalog::all().len(), 55, "fifty documented, five more to show");
    assert!(
        catalog::all().is_sorted_by(|a, b| a.slug < b.slug),
        "in alphabetical order, once each"
    );
    for integration in catalog::all() {
        let slug: Slug = integration.slug.parse().unwrap();
        let found = catalog::find(&slug).map(|it| it.slug);
        assert_eq!(found, Some(integration.slug), "found by its own slug");
    }
    assert!(catalog::find(&"brand-new".parse().unwrap()).is_none(), "GitLab may grow more");
}

/// Contract, section 3.
#[test]
fn levels_are_those_gitlab_offers() {
    let at = |level| slugs(move |it| it.levels.contains(level));
    let nowhere_but = |level: Level| -> BTreeSet<_> {
        [Level::Instance, Level::Group, Level::Project]
            .into_iter()
            .filter(|other| *other != level)
            .fold(at(level), |left, other| &left - &at(other))
    };
    assert_eq!(
        nowhere_but(Level::Project),
        BTreeSet::from([
            "apple-app-store",
            "github",
            "google-cloud-platform-artifact-registry",
            "google-play",
            "jenkins",
        ]),
        "project only"
    );
    assert_eq!(
        nowhere_but(Level::Instance),
        BTreeSet::from(["amazon-q", "beyond-identity"]),
        "instance only"
    );
    assert_eq!(
        &at(Level::Group) - &at(Level::Instance),
        BTreeSet::from(["jira-cloud-app"]),
        "never at the instance"
    );
    assert_eq!(&at(Level::Group) - &at(Level::Project), BTreeSet::from(["zentao"]), "hidden there");
}

/// Contract, sections 2 and 8.
#[test]
fn trackers_and_wikis_shut_each_other_out() {
    let trackers = slugs(|it| it.exclusive == Some(Exclusive::IssueTracker));
    assert_eq!(
        trackers,
        BTreeSet::from([
            "bugzilla",
            "clickup",
            "custom-issue-tracker",
            "ewm",
            "jira",
            "linear",
            "phorge",
            "redmine",
            "youtrack",
            "zentao",
        ]),
        "one active issue tracker per project"
    );
    let wikis = slugs(|it| it.exclusive == Some(Exclusive::Wiki));
    assert_eq!(wikis, BTreeSet::from(["confluence"]), "an external wiki is only a link");
    let beside = slugs(|it| it.data_beside_row);
    assert_eq!(&trackers - &beside, BTreeSet::from(["linear"]), "Linear keeps its data in the row");
    assert!(beside.is_subset(&trackers), "only trackers have tables of their own");
}

#[test]
fn apps_installed_elsewhere_are_not_created_by_a_put() {
    assert_eq!(
        slugs(|it| it.rest && !it.creatable),
        BTreeSet::from(["gitlab-slack-application", "jira-cloud-app"]),
        "the two that are not activated by hand"
    );
    assert_eq!(
        slugs(|it| it.rest && !it.supports_delete),
        BTreeSet::from(["jira-cloud-app"]),
        "DELETE is 422"
    );
    assert_eq!(
        slugs(|it| it.read_only),
        BTreeSet::from(["amazon-q", "beyond-identity", "prometheus", "zentao"]),
        "shown, never edited"
    );
    assert_eq!(
        slugs(|it| !it.rest),
        BTreeSet::from(["amazon-q", "beyond-identity", "prometheus"]),
        "no REST slug"
    );
    assert_eq!(
        slugs(|it| it.removed.is_some()),
        BTreeSet::from(["prometheus", "slack-slash-commands"]),
        "gone in 19.0"
    );
    assert_eq!(
        slugs(|it| it.edition == Edition::Dev),
        BTreeSet::from(["mock-ci", "mock-monitoring"]),
        "only where GitLab is developed"
    );
}

/// Contract, sections 2 and 9: what GitLab hides, and what it ought to.
#[test]
fn secrets_are_those_gitlab_hides_or_ought_to() {
    let mut found: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (slug, name) in allowed::secret_fields() {
        found.entry(name).or_default().insert(slug);
    }
    let webhooks = found.remove("webhook").unwrap_or_default();
    assert_eq!(webhooks.len(), 8, "every chat that posts to a webhook: {webhooks:?}");
    let discord: BTreeSet<_> =
        found.keys().copied().filter(|it| it.ends_with("_channel")).collect();
    assert_eq!(discord.len(), 15, "every channel of Discord's is a webhook");
    assert!(
        discord.iter().all(|name| found[name] == BTreeSet::from(["discord"])),
        "only Discord's"
    );
    found.retain(|name, _| !name.ends_with("_channel"));
    let expected = BTreeMap::from([
        ("api_key", BTreeSet::from(["asana", "datadog", "pushover"])),
        ("api_token", BTreeSet::from(["zentao"])),
        ("app_store_private_key", BTreeSet::from(["apple-app-store"])),
        ("build_key", BTreeSet::from(["bamboo"])),
        ("diffblue_access_token_secret", BTreeSet::from(["diffblue-cover"])),
        ("diffblue_license_key", BTreeSet::from(["diffblue-cover"])),
        ("google_iap_service_account_json", BTreeSet::from(["prometheus"])),
        ("password", BTreeSet::from(["bamboo", "harbor", "jenkins", "jira", "teamcity"])),
        ("service_account_key", BTreeSet::from(["google-play"])),
        (
            "token",
            BTreeSet::from([
                "assembla",
                "beyond-identity",
                "buildkite",
                "campfire",
                "drone-ci",
                "git-guardian",
                "github",
                "matrix",
                "mattermost-slash-commands",
                "packagist",
                "pivotaltracker",
                "slack-slash-commands",
                "squash-tm",
                "telegram",
            ]),
        ),
        ("url", BTreeSet::from(["squash-tm"])),
        ("user_key", BTreeSet::from(["pushover"])),
    ]);
    assert_eq!(found, expected, "left: the catalog, right: the contract");
}

/// Contract, section 9: the fields marked with “!”, and those that are optional but clear secrets.
#[test]
fn addresses_clear_the_secrets_kept_for_them() {
    let found: BTreeSet<_> = catalog::all()
        .iter()
        .flat_map(|it| it.fields.iter().map(move |field| (it.slug, field)))
        .filter(|(_, field)| field.clears_secrets)
        .map(|(slug, field)| (slug, field.name))
        .collect();
    let expected = BTreeSet::from([
        ("assembla", "subdomain"),
        ("bamboo", "bamboo_url"),
        ("buildkite", "project_url"),
        ("campfire", "subdomain"),
        ("datadog", "api_url"),
        ("datadog", "datadog_site"),
        ("drone-ci", "drone_url"),
        ("git-guardian", "api_url"),
        ("github", "repository_url"),
        ("harbor", "url"),
        ("jenkins", "jenkins_url"),
        ("jira", "api_url"),
        ("jira", "url"),
        ("matrix", "hostname"),
        ("matrix", "token"),
        ("packagist", "server"),
        ("squash-tm", "url"),
        ("teamcity", "teamcity_url"),
        ("telegram", "hostname"),
        ("telegram", "token"),
        ("zentao", "api_url"),
        ("zentao", "url"),
    ]);
    assert_eq!(found, expected, "left: the catalog, right: the contract");
}

#[test]
fn the_rows_own_flag_of_inheritance_is_no_field() {
    for integration in catalog::all() {
        assert!(
            integration.field("use_inherited_settings").is_none(),
            "{}: supports_inherit says it",
            integration.slug
        );
    }
}

#[test]
fn patterns_are_regular_expressions_and_accept_their_own_placeholder() {
    for integration in catalog::all() {
        for field in integration.fields {
            let Some(pattern) = &field.pattern else { continue };
            let regex = regex::Regex::new(&format!("^(?:{})$", pattern.regex));
            let regex = regex.unwrap_or_else(|why| panic!("{} {why}", field.name));
            assert!(pattern.says.starts_with("Must "), "{}: a rule in plain words", field.name);
            if !field.placeholder.is_empty() && !field.placeholder.contains('…') {
                assert!(
                    regex.is_match(field.placeholder),
                    "{} {}: the example breaks its own rule",
                    integration.slug,
                    field.name
                );
            }
        }
    }
}

#[test]
fn every_text_reads_well_in_a_form() {
    for integration in catalog::all() {
        assert!(integration.description.ends_with('.'), "{}: a sentence", integration.slug);
        let mut titles = BTreeSet::new();
        for field in integration.fields {
            let label = (integration.slug, field.name);
            assert!(titles.insert(field.title), "{label:?}: two fields with one label");
            assert!(field.description.ends_with('.'), "{label:?}: a sentence");
            assert!(field.help.is_empty() || field.help.ends_with(['.', '?']), "{label:?}: help");
            assert!(!field.title.ends_with('.'), "{label:?}: a label, no sentence");
            assert!(
                field.checkbox_label.is_empty() || field.field_type == FieldType::Boolean,
                "{label:?}: only a checkbox has a text beside it"
            );
        }
        for event in integration.events {
            assert!(event.description.ends_with('.'), "{} {}", integration.slug, event.name);
            assert!(!event.title.is_empty(), "{} {}: a label", integration.slug, event.name);
        }
    }
}

#[test]
fn events_with_a_channel_of_their_own_find_it_among_the_triggers() {
    let mut channels = 0;
    for integration in catalog::all() {
        for event in integration.events {
            let Some(name) = event.channel else { continue };
            channels += 1;
            let field = integration.field(name).expect("the channel is a field");
            assert_eq!(field.section, SectionKind::Trigger, "{} {name}", integration.slug);
            assert_eq!(field.rest, event.rest, "{} {name}: set the same way", integration.slug);
        }
    }
    assert_eq!(channels, 15 + 15 + 12 + 12, "Slack, its app, Mattermost and Discord");
}

#[test]
fn jira_asks_for_what_its_authentication_type_needs() {
    let jira = catalog::find(&"jira".parse().unwrap()).unwrap();
    let username = jira.field("username").unwrap();
    let basic = username.shown_if.as_ref().unwrap();
    assert_eq!(basic.field, "jira_auth_type", "a name is for Basic alone");
    assert!(basic.one_of.contains(&"0") && basic.one_of.contains(&""), "Basic unless set");
    assert!(!basic.one_of.contains(&"1"), "a personal access token needs no name");
    let token = &jira.field("password").unwrap().variants[0];
    assert_eq!(token.title, "Jira personal access token", "the label follows the type");
    let keys = jira.field("project_keys").unwrap().shown_if.as_ref().unwrap();
    assert_eq!((keys.field, keys.one_of), ("issues_enabled", &["true"][..]), "only with issues on");
}
