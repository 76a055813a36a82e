//! The event flags of a row: columns in GitLab, bits here.

/// One event column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Event {
    Commit,
    Push,
    Issues,
    Incident,
    Alert,
    ConfidentialIssues,
    MergeRequests,
    TagPush,
    Deployment,
    Note,
    ConfidentialNote,
    Pipeline,
    WikiPage,
    Job,
    Vulnerability,
    Comment,
    GroupMention,
    GroupConfidentialMention,
}

impl Event {
    /// The columns, with their names in the API and whether a new record has them on.
    pub(crate) const ALL: [(Self, &'static str, bool); 18] = [
        (Self::Commit, "commit_events", true),
        (Self::Push, "push_events", true),
        (Self::Issues, "issues_events", true),
        (Self::Incident, "incident_events", false),
        (Self::Alert, "alert_events", true),
        (Self::ConfidentialIssues, "confidential_issues_events", true),
        (Self::MergeRequests, "merge_requests_events", true),
        (Self::TagPush, "tag_push_events", true),
        (Self::Deployment, "deployment_events", false),
        (Self::Note, "note_events", true),
        (Self::ConfidentialNote, "confidential_note_events", true),
        (Self::Pipeline, "pipeline_events", false),
        (Self::WikiPage, "wiki_page_events", true),
        (Self::Job, "job_events", false),
        (Self::Vulnerability, "vulnerability_events", false),
        (Self::Comment, "comment_on_event_enabled", true),
        (Self::GroupMention, "group_mention_events", false),
        (Self::GroupConfidentialMention, "group_confidential_mention_events", false),
    ];

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(event, ..)| *event)
    }
}

/// The flags of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Events(u32);

impl Events {
    pub(crate) fn initial() -> Self {
        let mut events = Self(0);
        for (event, _, on) in Event::ALL {
            events.set(event, on);
        }
        events
    }

    pub(crate) fn get(self, event: Event) -> bool {
        self.0 & (1 << event as u32) != 0
    }

    pub(crate) fn set(&mut self, event: Event, on: bool) {
        let bit = 1 << event as u32;
        if on {
            self.0 |= bit;
        } else {
            self.0 &= !bit;
        }
    }
}
