import type { Control, FieldValue, SectionKind, ShownIf } from "../ipc/types";

/** A setting of a mock integration. */
export interface MockField {
  name: string;
  title: string;
  section: SectionKind;
  control: Control;
  required?: boolean;
  placeholder?: string;
  help?: string;
  choices?: [value: string, label: string][];
  shownIf?: ShownIf;
  /** Changing it makes GitLab drop stored secrets. */
  exposes?: boolean;
}

interface MockEvent {
  name: string;
  title: string;
  description: string;
  channel?: string;
}

export interface MockForm {
  description: string;
  fields: MockField[];
  events: MockEvent[];
}

const url = (name: string, title: string, extra: Partial<MockField> = {}): MockField => ({
  name,
  title,
  section: "connection",
  control: "text",
  placeholder: "https://",
  exposes: true,
  ...extra,
});
const secret = (name: string, title: string, extra: Partial<MockField> = {}): MockField => ({
  name,
  title,
  section: "connection",
  control: "password",
  ...extra,
});
const option = (
  name: string,
  title: string,
  control: Control,
  extra: Partial<MockField> = {},
): MockField => ({
  name,
  title,
  section: "configuration",
  control,
  ...extra,
});

const slackEvents: [string, string, string][] = [
  ["push_events", "Push", "Trigger event for pushes to the repository."],
  ["issues_events", "Issue", "Trigger event when an issue is created, updated, or closed."],
  [
    "merge_requests_events",
    "Merge request",
    "Trigger event when a merge request is created, updated, or merged.",
  ],
  ["pipeline_events", "Pipeline", "Trigger event when a pipeline status changes."],
];

const forms: Record<string, MockForm> = {
  jira: {
    description: "Use Jira as this project’s issue tracker.",
    fields: [
      url("url", "Web URL", { required: true, placeholder: "https://jira.example.com" }),
      url("api_url", "Jira API URL", {
        placeholder: "Web URL is used",
        help: "If different from the Web URL.",
      }),
      option("jira_auth_type", "Authentication type", "radio", {
        section: "connection",
        choices: [
          ["0", "Basic"],
          ["1", "Jira personal access token"],
        ],
      }),
      option("username", "Email or username", "text", {
        section: "connection",
        required: true,
        shownIf: { field: "jira_auth_type", one_of: ["0"] },
      }),
      secret("password", "Password or API token", { required: true }),
      option("jira_issue_regex", "Issue regex", "text"),
      option("jira_issue_prefix", "Issue prefix", "text", { placeholder: "None" }),
      option("issues_enabled", "View Jira issues", "checkbox", { help: "Show Jira issues in GitLab" }),
      option("project_keys", "Jira project keys", "tags", {
        required: true,
        shownIf: { field: "issues_enabled", one_of: ["true"] },
      }),
      option("transition", "Issue transitions", "radio", {
        choices: [
          ["none", "None"],
          ["automatic", "Automatic"],
          ["custom", "Custom"],
        ],
      }),
      option("jira_issue_transition_id", "Transition IDs", "text", {
        required: true,
        shownIf: { field: "transition", one_of: ["custom"] },
      }),
      option("comment_on_event_enabled", "Comments", "checkbox", {
        section: "trigger",
        help: "Comment on Jira issues",
      }),
    ],
    events: [
      { name: "commit_events", title: "Commit", description: "Mention in a commit." },
      { name: "merge_requests_events", title: "Merge request", description: "Mention in a merge request." },
    ],
  },
  slack: {
    description: "Send notifications about project events to Slack.",
    fields: [
      secret("webhook", "Webhook", { required: true }),
      option("username", "Username", "text"),
      option("notify_only_broken_pipelines", "Notify only broken pipelines", "checkbox", {
        help: "Do not send notifications for successful pipelines",
      }),
      option("branches_to_be_notified", "Branches for which notifications are to be sent", "select", {
        choices: [
          ["all", "All branches"],
          ["default", "Default branch"],
          ["protected", "Protected branches"],
          ["default_and_protected", "Default branch and protected branches"],
        ],
      }),
      ...slackEvents.map(([name, title]) =>
        option(name.replace("_events", "_channel"), `${title} channel`, "text", {
          section: "trigger",
          placeholder: "#general",
        }),
      ),
    ],
    events: slackEvents.map(([name, title, description]) => ({
      name,
      title,
      description,
      channel: name.replace("_events", "_channel"),
    })),
  },
  jenkins: {
    description: "Run CI/CD pipelines with Jenkins.",
    fields: [
      url("jenkins_url", "Jenkins server URL", { required: true }),
      option("enable_ssl_verification", "SSL verification", "checkbox", {
        section: "connection",
        help: "Enable SSL verification",
      }),
      option("project_name", "Project name", "text", { required: true }),
      option("username", "Username", "text", { section: "connection" }),
      secret("password", "Password"),
    ],
    events: [
      { name: "push_events", title: "Push", description: "Pushes to the repository." },
      { name: "tag_push_events", title: "Tag push", description: "New tags." },
    ],
  },
  youtrack: {
    description: "Use JetBrains YouTrack as this project’s issue tracker.",
    fields: [
      url("project_url", "Project URL", { required: true }),
      url("issues_url", "Issue URL", { required: true, help: "Must contain :id." }),
    ],
    events: [],
  },
  "emails-on-push": {
    description: "Email the commits and diff of each push to a list of recipients.",
    fields: [
      option("send_from_committer_email", "Send from committer", "checkbox", {
        help: "Send from the committer’s address",
      }),
      option("disable_diffs", "Disable code diffs", "checkbox", {
        help: "Don’t include code diffs in the message",
      }),
      option("recipients", "Recipients", "textarea", {
        required: true,
        help: "Addresses separated by whitespace.",
      }),
    ],
    events: [
      { name: "push_events", title: "Push", description: "Pushes to the repository." },
      { name: "tag_push_events", title: "Tag push", description: "New tags." },
    ],
  },
};

const plain: MockForm = {
  description: "Connects GitLab with another service.",
  fields: [url("server_url", "Server URL", { required: true }), secret("token", "Token")],
  events: [{ name: "push_events", title: "Push", description: "Pushes to the repository." }],
};

/** The form of a kind; those that don't matter here share a small one. */
export function formOf(slug: string): MockForm {
  return forms[slug] ?? plain;
}

/** Text, a switch, or several texts, as a stored value. */
export function value(of: string | boolean | string[] | null): FieldValue {
  if (of === null) return { kind: "unset" };
  if (of === "") return { kind: "empty" };
  if (typeof of === "boolean") return { kind: "bool", value: of };
  return Array.isArray(of) ? { kind: "list", value: of } : { kind: "text", value: of };
}
