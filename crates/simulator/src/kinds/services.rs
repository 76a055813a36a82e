//! Mail, monitoring, security and the rest.

use super::field::{boolean, integer, secret, text, url};
use super::{Kind, Levels, Start};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        slug: "emails-on-push",
        title: "Emails on push",
        fields: &[
            boolean("send_from_committer_email"),
            boolean("disable_diffs"),
            text("branches_to_be_notified").initially(Start::Text("all")),
            text("recipients").required(),
        ],
        events: &["push_events", "tag_push_events"],
        ..Kind::PLAIN
    },
    Kind {
        slug: "pipelines-email",
        title: "Pipeline status emails",
        fields: &[
            text("recipients").required(),
            boolean("notify_only_broken_pipelines").initially(Start::True),
            boolean("notify_only_when_pipeline_status_changes"),
            boolean("notify_only_default_branch").api_only(),
            text("branches_to_be_notified").initially(Start::Text("default")),
            boolean("notify_child_pipelines"),
        ],
        events: &["pipeline_events"],
        ..Kind::PLAIN
    },
    Kind {
        slug: "irker",
        title: "irker (IRC gateway)",
        fields: &[
            text("server_host"),
            integer("server_port"),
            text("default_irc_uri"),
            text("recipients").required(),
            boolean("colorize_messages"),
        ],
        events: &["push_events"],
        ..Kind::PLAIN
    },
    Kind {
        slug: "datadog",
        title: "Datadog",
        fields: &[
            text("datadog_site").exposes().initially(Start::Text("datadoghq.com")),
            url("api_url").exposes(),
            secret("api_key").required(),
            // Documented as required in 18.10, no longer in 19.3.
            boolean("datadog_ci_visibility").required_before(19, 0),
            // Named like an event and kept in a column, but a field of the model: it is returned
            // among the properties.
            boolean("archive_trace_events").column(Start::False),
            text("datadog_service"),
            text("datadog_env"),
            text("datadog_tags"),
        ],
        events: &[
            "pipeline_events",
            "build_events",
            "push_events",
            "merge_requests_events",
            "note_events",
            "tag_push_events",
            "subgroup_events",
            "project_events",
        ],
        ..Kind::PLAIN
    },
    Kind {
        slug: "git-guardian",
        title: "GitGuardian",
        fields: &[url("api_url").exposes(), secret("token").required()],
        enterprise: true,
        ..Kind::PLAIN
    },
    Kind {
        slug: "asana",
        title: "Asana",
        fields: &[secret("api_key").required(), text("restrict_to_branch")],
        events: &["push_events"],
        ..Kind::PLAIN
    },
    Kind {
        slug: "assembla",
        title: "Assembla",
        fields: &[secret("token").required(), text("subdomain").exposes()],
        events: &["push_events"],
        ..Kind::PLAIN
    },
    Kind {
        slug: "pivotaltracker",
        title: "Pivotal Tracker",
        fields: &[secret("token").required(), text("restrict_to_branch")],
        events: &["push_events"],
        ..Kind::PLAIN
    },
    Kind {
        slug: "pushover",
        title: "Pushover",
        fields: &[
            secret("api_key").required(),
            secret("user_key").required(),
            text("device"),
            text("priority").required(),
            text("sound"),
        ],
        events: &["push_events"],
        ..Kind::PLAIN
    },
    Kind {
        slug: "squash-tm",
        title: "Squash TM",
        fields: &[url("url").required().exposes(), secret("token")],
        events: &["issues_events", "confidential_issues_events"],
        ..Kind::PLAIN
    },
    Kind {
        slug: "beyond-identity",
        title: "Beyond Identity",
        levels: Levels::InstanceOnly,
        fields: &[secret("token").required()],
        ..Kind::PLAIN
    },
    Kind {
        slug: "amazon-q",
        title: "Amazon Q",
        levels: Levels::InstanceOnly,
        enterprise: true,
        ..Kind::PLAIN
    },
];
