//! Issue trackers and wikis: of each, one may be active in a project.

use super::field::{boolean, integer, list, secret, text, url};
use super::{Category, Field, Kind, Levels, Needs, Start};

const PROJECT_URL: Field = url("project_url").required();
const ISSUES_URL: Field = url("issues_url").required();
const NEW_ISSUE_URL: Field = url("new_issue_url").required();

const THREE_URLS: &[Field] = &[PROJECT_URL, ISSUES_URL, NEW_ISSUE_URL];
const TWO_URLS: &[Field] = &[PROJECT_URL, ISSUES_URL];

const TRACKER: Kind = Kind {
    category: Category::IssueTracker,
    events: &["push_events"],
    beside: true,
    fields: THREE_URLS,
    ..Kind::PLAIN
};
const WIKI: Kind = Kind { category: Category::ThirdPartyWiki, ..Kind::PLAIN };

pub(super) const KINDS: &[Kind] = &[
    Kind {
        slug: "jira",
        title: "Jira issues",
        events: &["commit_events", "merge_requests_events", "comment_on_event_enabled"],
        fields: &[
            url("url").required().exposes(),
            url("api_url").exposes(),
            integer("jira_auth_type").column(Start::Zero),
            text("username"),
            secret("password").required(),
            text("jira_issue_regex"),
            text("jira_issue_prefix"),
            text("jira_issue_transition_id").api_only(),
            boolean("jira_issue_transition_automatic").column(Start::False).until(19, 0).api_only(),
            // Declared as a string, so a boolean sent for it is stored as text.
            text("issues_enabled").column(Start::False).api_only(),
            list("project_keys").column(Start::EmptyList).api_only(),
            boolean("vulnerabilities_enabled").column(Start::False).api_only(),
            text("vulnerabilities_issuetype").api_only(),
            text("project_key").api_only(),
            boolean("customize_jira_issue_enabled").column(Start::False).api_only(),
            boolean("jira_check_enabled").column(Start::False).api_only(),
            boolean("jira_exists_check_enabled").column(Start::False).api_only(),
            boolean("jira_assignee_check_enabled").column(Start::False).api_only(),
            boolean("jira_status_check_enabled").column(Start::False).api_only(),
            text("jira_allowed_statuses_as_string").api_only(),
        ],
        ..TRACKER
    },
    Kind { slug: "bugzilla", title: "Bugzilla", ..TRACKER },
    Kind { slug: "custom-issue-tracker", title: "Custom issue tracker", ..TRACKER },
    Kind { slug: "ewm", title: "EWM", ..TRACKER },
    Kind { slug: "redmine", title: "Redmine", ..TRACKER },
    Kind { slug: "clickup", title: "ClickUp", fields: TWO_URLS, ..TRACKER },
    Kind { slug: "phorge", title: "Phorge", fields: TWO_URLS, ..TRACKER },
    Kind { slug: "youtrack", title: "YouTrack", fields: TWO_URLS, ..TRACKER },
    Kind {
        slug: "linear",
        title: "Linear",
        fields: &[url("workspace_url").required()],
        beside: false,
        ..TRACKER
    },
    Kind {
        slug: "zentao",
        title: "ZenTao",
        fields: &[
            url("url").required().exposes(),
            url("api_url").exposes(),
            secret("api_token").required(),
            text("zentao_product_xid").required(),
        ],
        events: &[],
        needs: Needs::Development,
        ..TRACKER
    },
    Kind {
        slug: "jira-cloud-app",
        title: "GitLab for Jira Cloud app",
        levels: Levels::ProjectAndGroup,
        fields: &[
            text("jira_cloud_app_service_ids"),
            boolean("jira_cloud_app_enable_deployment_gating"),
            text("jira_cloud_app_deployment_gating_environments"),
        ],
        needs: Needs::JiraConnect,
        manual: false,
        ..Kind::PLAIN
    },
    Kind {
        slug: "confluence",
        title: "Confluence Workspace",
        fields: &[url("confluence_url").required()],
        ..WIKI
    },
    Kind {
        slug: "external-wiki",
        title: "External wiki",
        fields: &[url("external_wiki_url").required()],
        ..WIKI
    },
];
