//! The words of each field.

use super::entry::{Choices, Entry, entry};

const BRANCHES: Choices = &[
    ("All branches", "all"),
    ("Default branch", "default"),
    ("Protected branches", "protected"),
    ("Default branch and protected branches", "default_and_protected"),
];
const LABELS: Choices =
    &[("Match any of the labels", "match_any"), ("Match all of the labels", "match_all")];
const AUTHENTICATION: Choices =
    &[("Basic", "0"), ("Jira personal access token (Jira Data Center and Jira Server only)", "1")];
const PRIORITIES: Choices = &[
    ("Lowest priority", "-2"),
    ("Low priority", "-1"),
    ("Normal priority", "0"),
    ("High priority", "1"),
];
const SOUNDS: Choices = &[("Device default sound", ""), ("Bike", "bike"), ("Bugle", "bugle")];

const SERVER: Entry = entry("Server URL");
const SSL: Entry = entry("SSL verification").label("Enable SSL verification");
const PROTECTED: Entry = entry("Protected branches and tags only")
    .label("Set variables on protected branches and tags only")
    .within("configuration");

/// By name, whichever integration it belongs to.
pub(super) const COMMON: &[(&str, Entry)] = &[
    (
        "webhook",
        entry("Webhook")
            .placeholder("https://chat.example.com/hooks/…")
            .help("<a href=\"/help/user/project/integrations/_index.md\">How do I get one?</a>"),
    ),
    ("username", entry("Username")),
    ("password", entry("Password")),
    ("token", entry("Token")),
    ("api_key", entry("API key")),
    ("room", entry("Room identifier")),
    ("subdomain", entry("Subdomain").placeholder("company")),
    (
        "hostname",
        entry("Hostname").placeholder("https://api.example.org").help("Custom hostname, optional."),
    ),
    ("project_name", entry("Project name")),
    ("restrict_to_branch", {
        entry("Restrict to branch")
            .help("Comma-separated list of branches to be automatically inspected.")
    }),
    ("recipients", entry("Recipients").textarea().placeholder("tanuki@example.com")),
    ("project_url", entry("Project URL").placeholder("https://tracker.example.com/project")),
    ("issues_url", {
        entry("Issue URL")
            .placeholder("https://tracker.example.com/issues/:id")
            .help("Must contain <code>:id</code>.")
    }),
    ("new_issue_url", entry("New issue URL").placeholder("https://tracker.example.com/new")),
    ("enable_ssl_verification", SSL),
    ("notify_only_broken_pipelines", {
        entry("Broken pipelines")
            .label("Notify only broken pipelines")
            .help("Do not send notifications for successful pipelines.")
            .within("configuration")
    }),
    ("notify_only_when_pipeline_status_changes", {
        entry("Pipeline status changes")
            .label("Notify only when pipeline status changes")
            .help("Send notifications only when the pipeline status differs from the last one.")
            .within("configuration")
    }),
    ("branches_to_be_notified", {
        entry("Branches for which notifications are to be sent")
            .select(BRANCHES)
            .within("configuration")
    }),
    ("labels_to_be_notified", {
        entry("Labels to be notified")
            .placeholder("~backend,~frontend")
            .help("Send notifications for issue, merge request, and comment events with these labels only.")
            .within("configuration")
    }),
    ("labels_to_be_notified_behavior", {
        entry("Labels to be notified behavior").select(LABELS).within("configuration")
    }),
    ("notify_child_pipelines", entry("Child pipelines").label("Notify for child pipelines")),
    ("send_from_committer_email", {
        entry("Send from committer")
            .label("Send from committer")
            .help("Send notifications from the committer's email address if the domain matches.")
    }),
    ("disable_diffs", {
        entry("Disable code diffs")
            .label("Disable code diffs")
            .help("Do not include possibly sensitive code diffs in notification body.")
    }),
    ("server_host", entry("Server host").placeholder("localhost")),
    ("server_port", entry("Server port").placeholder("6659")),
    ("default_irc_uri", entry("Default IRC URI").placeholder("irc://irc.network.net:6697/")),
    ("colorize_messages", entry("Colorize messages").label("Colorize messages")),
    ("confluence_url", {
        entry("Confluence Workspace URL").placeholder("https://example.atlassian.net/wiki")
    }),
    ("external_wiki_url", {
        entry("External wiki URL").placeholder("https://example.com/xxx/wiki/...")
    }),
    ("workspace_url", { entry("Workspace URL").placeholder("https://linear.app/example") }),
    ("thread", {
        entry("Message thread ID").help("Unique identifier for the target message thread.")
    }),
    ("build_key", entry("Build key").placeholder("KEY")),
    ("build_type", entry("Build type")),
    ("server", entry("Server").placeholder("https://packagist.org")),
    ("repository_url", entry("Repository URL").placeholder("https://github.com/owner/repository")),
    ("static_context", {
        entry("Static status check names").label("Enable static status check names (optional)")
    }),
    ("bamboo_url", entry("Bamboo URL").placeholder("https://bamboo.example.com")),
    ("drone_url", entry("Drone server URL").placeholder("https://drone.example.com")),
    ("jenkins_url", entry("Jenkins server URL").placeholder("https://jenkins.example.com/")),
    ("teamcity_url", entry("TeamCity server URL").placeholder("https://teamcity.example.com")),
    ("datadog_site", {
        entry("Datadog site")
            .placeholder("datadoghq.com")
            .help("The Datadog site to send data to. To send data to the EU site, use <code>datadoghq.eu</code>.")
    }),
    ("datadog_ci_visibility", {
        entry("CI Visibility")
            .label("Enable CI Visibility")
            .help("When enabled, pipelines and jobs are collected and displayed as traces.")
    }),
    ("archive_trace_events", {
        entry("Logs collection").label("Enable Pipeline job logs collection")
    }),
    ("datadog_service", entry("Service").placeholder("gitlab-ci")),
    ("datadog_env", entry("Environment")),
    ("datadog_tags", { entry("Tags").textarea().placeholder("tag:value\nanother_tag:value") }),
    ("user_key", entry("User key").help("Enter your user key.")),
    ("device", entry("Devices (optional)").help("Leave blank for all active devices.")),
    ("priority", entry("Priority").select(PRIORITIES)),
    ("sound", entry("Sound").select(SOUNDS)),
    ("diffblue_license_key", entry("License key")),
    ("diffblue_access_token_name", entry("Name")),
    ("diffblue_access_token_secret", entry("Secret")),
    ("jira_cloud_app_service_ids", entry("Service ID")),
    ("jira_cloud_app_enable_deployment_gating", {
        entry("Deployment gating").label("Enable deployment gating")
    }),
    ("jira_cloud_app_deployment_gating_environments", entry("Environment tiers").textarea()),
    ("app_store_issuer_id", entry("Apple App Store Connect issuer ID").within("apple_app_store")),
    ("app_store_key_id", entry("Apple App Store Connect key ID").within("apple_app_store")),
    ("app_store_private_key_file_name", entry("").within("apple_app_store")),
    ("app_store_private_key", entry("").within("apple_app_store")),
    ("app_store_protected_refs", PROTECTED),
    ("package_name", {
        entry("Package name").placeholder("com.example.myapp").within("google_play")
    }),
    ("service_account_key_file_name", entry("").within("google_play")),
    ("service_account_key", entry("").within("google_play")),
    ("google_play_protected_refs", PROTECTED),
];

/// By slug and name, where an integration says it in another way.
pub(super) const OWN: &[(&str, &str, Entry)] = &[
    ("slack", "username", entry("Username (optional)").placeholder("GitLab")),
    ("mattermost", "username", entry("Username (optional)").placeholder("GitLab")),
    ("jira", "url", {
        entry("Web URL")
            .placeholder("https://jira.example.com")
            .help("Base URL of the Jira instance")
    }),
    ("jira", "api_url", { entry("Jira API URL").help("If different from the Web URL") }),
    ("jira", "jira_auth_type", entry("Authentication method").select(AUTHENTICATION)),
    ("jira", "username", {
        entry("Email or username")
            .help("Email for Jira Cloud or username for Jira Data Center and Jira Server")
    }),
    ("jira", "password", {
        entry("API token or password")
            .help("API token for Jira Cloud or password for Jira Data Center and Jira Server")
    }),
    ("jira", "jira_issue_regex", {
        entry("Jira issue regex")
            .help("Use regular expression to match Jira issue keys.")
            .within("configuration")
    }),
    ("jira", "jira_issue_prefix", {
        entry("Jira issue prefix")
            .help("Use a prefix to match Jira issue keys.")
            .within("configuration")
    }),
    ("harbor", "url", SERVER.placeholder("https://demo.goharbor.io").help("Base URL of Harbor.")),
    (
        "harbor",
        "project_name",
        entry("Harbor project name").help("The name of the project in Harbor."),
    ),
    ("harbor", "username", entry("Harbor username")),
    ("harbor", "password", entry("Harbor password").help("Password for your Harbor username.")),
    (
        "squash-tm",
        "url",
        entry("URL").placeholder("https://your-instance.squashcloud.io/squash/plugin/webhook"),
    ),
    ("zentao", "url", entry("ZenTao Web URL").placeholder("https://www.zentao.net")),
    ("zentao", "api_url", entry("ZenTao API URL").help("If different from Web URL")),
    ("zentao", "api_token", entry("ZenTao API token")),
    ("zentao", "zentao_product_xid", entry("ZenTao Product ID")),
    (
        "buildkite",
        "project_url",
        entry("Pipeline URL").placeholder("https://buildkite.com/example-org/test-pipeline"),
    ),
    (
        "buildkite",
        "token",
        entry("Token").help(
            "The token you get after you create a Buildkite pipeline with a GitLab repository.",
        ),
    ),
    (
        "git-guardian",
        "api_url",
        entry("GitGuardian API URL").placeholder("https://api.gitguardian.com"),
    ),
    ("datadog", "api_url", {
        entry("API URL").help("Full URL of your Datadog site. Only required if you do not use a standard Datadog site.")
    }),
    ("emails-on-push", "recipients", {
        entry("Recipients")
            .textarea()
            .placeholder("tanuki@example.com gitlab@example.com")
            .help("Emails separated by whitespace.")
    }),
    ("irker", "recipients", {
        entry("Recipients")
            .textarea()
            .placeholder("irc[s]://irc.network.net[:port]/#channel")
            .help("Channels and users separated by whitespaces.")
    }),
];
