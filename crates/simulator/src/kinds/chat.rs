//! Chat notifications.

use super::field::{boolean, secret, text, url};
use super::{Field, Kind, Needs, Start};

const WEBHOOK: Field = secret("webhook").required().address();
const ONLY_BROKEN: Field = boolean("notify_only_broken_pipelines").initially(Start::True);
const ONLY_CHANGES: Field = boolean("notify_only_when_pipeline_status_changes");
/// Documented for some chats up to 18.10, and not in the API description of 19.3.
const ONLY_DEFAULT_BRANCH: Field = boolean("notify_only_default_branch").until(19, 0).api_only();
const BRANCHES: Field = text("branches_to_be_notified").initially(Start::Text("default"));
const LABELS: Field = text("labels_to_be_notified");
const LABELS_HOW: Field =
    text("labels_to_be_notified_behavior").initially(Start::Text("match_any"));

const CHANNELS: [Field; 13] = [
    text("push_channel"),
    text("issue_channel"),
    text("incident_channel"),
    text("alert_channel"),
    text("confidential_issue_channel"),
    text("merge_request_channel"),
    text("note_channel"),
    text("confidential_note_channel"),
    text("tag_push_channel"),
    text("deployment_channel"),
    text("pipeline_channel"),
    text("wiki_page_channel"),
    text("vulnerability_channel"),
];

/// Some fields, then others.
const fn joined<const A: usize, const B: usize, const ALL: usize>(
    first: [Field; A],
    then: [Field; B],
) -> [Field; ALL] {
    let mut fields = [text(""); ALL];
    let mut at = 0;
    while at < ALL {
        fields[at] = if at < A { first[at] } else { then[at - A] };
        at += 1;
    }
    fields
}

/// Set by the form of a group alone (contract, section 9).
const MENTIONS: &[&str] = &["group_mention_events", "group_confidential_mention_events"];
const MENTION_CHANNELS: [Field; 2] = [
    text("group_mention_channel").form_only(),
    text("group_confidential_mention_channel").form_only(),
];

const BY_WEBHOOK: [Field; 2] = [WEBHOOK, text("username")];
const BY_CHANNEL: [Field; 7] =
    [text("channel"), ONLY_BROKEN, ONLY_CHANGES, ONLY_DEFAULT_BRANCH, BRANCHES, LABELS, LABELS_HOW];
const MATTERMOST_FIELDS: [Field; 22] =
    joined(BY_WEBHOOK, joined::<7, 13, 20>(BY_CHANNEL, CHANNELS));
const SLACK_APP_FIELDS: [Field; 22] =
    joined(BY_CHANNEL, joined::<2, 13, 15>(MENTION_CHANNELS, CHANNELS));
const SLACK_FIELDS: [Field; 24] = joined(BY_WEBHOOK, SLACK_APP_FIELDS);
const DISCORD_FIELDS: [Field; 17] =
    joined([WEBHOOK, ONLY_BROKEN, ONLY_CHANGES, BRANCHES], CHANNELS);

macro_rules! chat_events {
    ($($more:literal),*) => {
        &[
            "push_events",
            "issues_events",
            "confidential_issues_events",
            "work_item_events",
            "confidential_work_item_events",
            "merge_requests_events",
            "note_events",
            "confidential_note_events",
            "tag_push_events",
            "pipeline_events",
            "wiki_page_events",
            $($more),*
        ]
    };
}

const SIMPLE: Kind = Kind {
    fields: &[WEBHOOK, ONLY_BROKEN, ONLY_CHANGES, BRANCHES],
    events: chat_events!(),
    ..Kind::PLAIN
};

const ALSO_BY_DEFAULT_BRANCH: Kind =
    Kind { fields: &[WEBHOOK, ONLY_BROKEN, ONLY_CHANGES, ONLY_DEFAULT_BRANCH, BRANCHES], ..SIMPLE };

pub(super) const KINDS: &[Kind] = &[
    Kind {
        slug: "slack",
        title: "Slack notifications",
        fields: &SLACK_FIELDS,
        group_events: MENTIONS,
        events: chat_events!(
            "deployment_events",
            "incident_events",
            "vulnerability_events",
            "alert_events"
        ),
        ..Kind::PLAIN
    },
    Kind {
        slug: "mattermost",
        title: "Mattermost notifications",
        fields: &MATTERMOST_FIELDS,
        events: chat_events!("deployment_events", "incident_events", "vulnerability_events"),
        ..Kind::PLAIN
    },
    Kind {
        slug: "gitlab-slack-application",
        title: "GitLab for Slack app",
        fields: &SLACK_APP_FIELDS,
        events: chat_events!(
            "deployment_events",
            "incident_events",
            "vulnerability_events",
            "alert_events"
        ),
        group_events: MENTIONS,
        needs: Needs::SlackApp,
        manual: false,
        ..Kind::PLAIN
    },
    Kind {
        slug: "discord",
        title: "Discord Notifications",
        fields: &DISCORD_FIELDS,
        events: chat_events!("deployment_events"),
        ..Kind::PLAIN
    },
    Kind { slug: "hangouts-chat", title: "Google Chat", ..ALSO_BY_DEFAULT_BRANCH },
    Kind {
        slug: "microsoft-teams",
        title: "Microsoft Teams notifications",
        ..ALSO_BY_DEFAULT_BRANCH
    },
    Kind { slug: "pumble", title: "Pumble", ..SIMPLE },
    Kind { slug: "unify-circuit", title: "Unify Circuit", ..SIMPLE },
    Kind { slug: "webex-teams", title: "Webex Teams", ..SIMPLE },
    Kind {
        slug: "matrix",
        title: "Matrix notifications",
        fields: &[
            url("hostname").exposes(),
            secret("token").required(),
            text("room").required(),
            ONLY_BROKEN,
            ONLY_CHANGES,
            BRANCHES,
        ],
        events: chat_events!("incident_events", "vulnerability_events"),
        ..Kind::PLAIN
    },
    Kind {
        slug: "telegram",
        title: "Telegram",
        fields: &[
            url("hostname").exposes(),
            secret("token").required(),
            text("room").required(),
            text("thread"),
            ONLY_BROKEN,
            ONLY_CHANGES,
            BRANCHES,
        ],
        events: chat_events!("incident_events", "vulnerability_events"),
        ..Kind::PLAIN
    },
    Kind {
        slug: "campfire",
        title: "Campfire Classic",
        fields: &[secret("token").required(), text("subdomain").exposes(), text("room")],
        events: &["push_events"],
        ..Kind::PLAIN
    },
    Kind {
        slug: "mattermost-slash-commands",
        title: "Mattermost slash commands",
        fields: &[secret("token").required()],
        ..Kind::PLAIN
    },
    Kind {
        slug: "slack-slash-commands",
        title: "Slack slash commands",
        fields: &[secret("token").required()],
        needs: Needs::NoSlackApp,
        gone_in: Some((19, 0)),
        ..Kind::PLAIN
    },
];
