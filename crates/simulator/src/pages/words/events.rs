//! What the form says about trigger events.

use crate::kinds::Kind;

/// Event, its title where there is one of its own, and when it comes.
const EVENTS: &[(&str, &str, &str)] = &[
    ("push_events", "Push", "A push is made to the repository."),
    ("issues_events", "Work item", "An issue is created, closed, or reopened."),
    (
        "confidential_issues_events",
        "Confidential work item",
        "A confidential issue is created, closed, or reopened.",
    ),
    ("merge_requests_events", "Merge request", "A merge request is created, merged, or closed."),
    ("note_events", "Comment", "A comment is added."),
    ("confidential_note_events", "Confidential comment", "An internal note is added."),
    ("tag_push_events", "Tag push", "A tag is pushed to the repository or removed."),
    ("pipeline_events", "Pipeline", "A pipeline status changes."),
    ("wiki_page_events", "Wiki page", "A wiki page is created or updated."),
    ("deployment_events", "Deployment", "A deployment is started or finished."),
    ("incident_events", "Incident", "An incident is created, closed, or reopened."),
    ("vulnerability_events", "Vulnerability", "A new, unique vulnerability is recorded."),
    ("alert_events", "Alert", "A new, unique alert is recorded."),
    ("job_events", "Job", "A job status changes."),
    ("commit_events", "Commit", "A commit is made."),
    ("group_mention_events", "Group mention in public", "The group is mentioned in public."),
    (
        "group_confidential_mention_events",
        "Group mention in private",
        "The group is mentioned where not everybody can see it.",
    ),
];

fn words(event: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    EVENTS.iter().find(|(name, ..)| *name == event)
}

/// The label of an event.
pub(in crate::pages) fn title(event: &str) -> Option<&'static str> {
    words(event).map(|(_, title, _)| *title)
}

/// When an event comes; mail about pushes says less.
pub(in crate::pages) fn description(kind: &Kind, event: &str) -> Option<&'static str> {
    if kind.slug == "emails-on-push" {
        return None;
    }
    words(event).map(|(.., text)| *text)
}
