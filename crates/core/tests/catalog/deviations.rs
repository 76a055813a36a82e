//! Where the catalog says otherwise than a source, and why. A line that is no longer true fails.

use crate::coverage::How::{self, LeftOut, Name, NotSent, Optional, Required, Slug, Type};

/// One deviation.
pub struct Deviation {
    /// The source's slug; `*` = every integration.
    pub slug: &'static str,
    /// The source's parameter; `*` = every parameter.
    pub parameter: &'static str,
    /// What the catalog says.
    pub how: How,
    /// Why.
    pub reason: &'static str,
}

const fn line(
    slug: &'static str,
    parameter: &'static str,
    how: How,
    reason: &'static str,
) -> Deviation {
    Deviation { slug, parameter, how, reason }
}

/// Against the documentation of 18.10.
pub const DOCUMENTED: &[Deviation] = &[
    line("apple_app_store", "*", Slug("apple-app-store"), "GitLab's route is dashed"),
    line("gitlab-slack-application", "incidents_events", Name("incident_events"), COLUMN),
    line("slack", "incidents_events", Name("incident_events"), COLUMN),
    line("discord", "group_mentions_events", Name("group_mention_events"), SINGULAR),
    line("discord", "group_mentions_channel", Name("group_mention_channel"), SINGULAR),
    line(
        "discord",
        "group_confidential_mentions_events",
        Name("group_confidential_mention_events"),
        SINGULAR,
    ),
    line(
        "discord",
        "group_confidential_mentions_channel",
        Name("group_confidential_mention_channel"),
        SINGULAR,
    ),
    line("discord", "group_mentions_events", NotSent, WEB_ONLY),
    line("discord", "group_mentions_channel", NotSent, WEB_ONLY),
    line("discord", "group_confidential_mentions_events", NotSent, WEB_ONLY),
    line("discord", "group_confidential_mentions_channel", NotSent, WEB_ONLY),
    line("slack", "commit_events", NotSent, NO_SUCH_EVENT),
    line("slack", "job_events", NotSent, NO_SUCH_EVENT),
    line("packagist", "server", Type("string"), "an address; 19.3 says string"),
    line("pivotaltracker", "restrict_to_branch", Type("string"), "branches; 19.3 says string"),
    line("jira", "vulnerabilities_issuetype", Type("string"), "19.3 and the column say string"),
    line("telegram", "push_events", Optional, EVENTS_ARE_OPTIONAL),
    line("telegram", "issues_events", Optional, EVENTS_ARE_OPTIONAL),
    line("telegram", "confidential_issues_events", Optional, EVENTS_ARE_OPTIONAL),
    line("telegram", "merge_requests_events", Optional, EVENTS_ARE_OPTIONAL),
    line("telegram", "tag_push_events", Optional, EVENTS_ARE_OPTIONAL),
    line("telegram", "note_events", Optional, EVENTS_ARE_OPTIONAL),
    line("telegram", "confidential_note_events", Optional, EVENTS_ARE_OPTIONAL),
    line("telegram", "pipeline_events", Optional, EVENTS_ARE_OPTIONAL),
    line("telegram", "wiki_page_events", Optional, EVENTS_ARE_OPTIONAL),
];

/// Against the API description of 19.3.
pub const ACCEPTED: &[Deviation] = &[
    line("*", "work_item_events", LeftOut, NO_COLUMN),
    line("*", "confidential_work_item_events", LeftOut, NO_COLUMN),
    line("datadog", "build_events", NotSent, NO_COLUMN),
    line("datadog", "subgroup_events", NotSent, NO_COLUMN),
    line("datadog", "project_events", NotSent, NO_COLUMN),
    line("datadog", "datadog_ci_visibility", Required, "18.10 documents it as required"),
    line("jira", "issues_enabled", Type("boolean"), "18.10 and the column say boolean"),
    line("telegram", "thread", Type("integer"), "18.10 says integer, and the model checks it"),
    line(
        "google-cloud-platform-workload-identity-federation",
        "workload_identity_federation_project_number",
        Type("integer"),
        "18.10 says integer, and the model checks it",
    ),
];

/// In the catalog alone, of integrations REST knows.
pub const BEYOND: &[(&str, &str, &str)] = &[
    ("slack", "group_mention_events", WEB_ONLY),
    ("slack", "group_mention_channel", WEB_ONLY),
    ("slack", "group_confidential_mention_events", WEB_ONLY),
    ("slack", "group_confidential_mention_channel", WEB_ONLY),
    ("gitlab-slack-application", "group_mention_events", WEB_ONLY),
    ("gitlab-slack-application", "group_mention_channel", WEB_ONLY),
    ("gitlab-slack-application", "group_confidential_mention_events", WEB_ONLY),
    ("gitlab-slack-application", "group_confidential_mention_channel", WEB_ONLY),
];

const COLUMN: &str = "GitLab's column and 19.3 have the singular; a misspelt event is dropped";
const SINGULAR: &str = "GitLab's model has the singular";
const WEB_ONLY: &str = "only a group's settings page sets it; REST drops it (contract, section 9)";
const NO_SUCH_EVENT: &str = "GitLab's model of Slack has no such event, and 19.3 does not list it";
const EVENTS_ARE_OPTIONAL: &str = "every event is declared as optional (contract, section 9)";
const NO_COLUMN: &str = "declared without a column: must not be sent (contract, section 9)";
