import type { FieldValue, Level, ScopeRef } from "../ipc/types";
import { formOf, value } from "./catalog";

/** A stored integration row. */
export interface Row {
  link: "inherited" | "custom";
  active: boolean;
  fields: Record<string, FieldValue>;
  events: Record<string, boolean>;
  secrets: Set<string>;
  updatedAt: string;
  readAt: string;
}

export interface Scope {
  ref: ScopeRef;
  parent: Scope | null;
  name: string;
  path: string;
  depth: number;
  children: Scope[];
  rows: Map<string, Row>;
  archived: boolean;
  pendingDeletion: boolean;
  personal: boolean;
  unreadable: boolean;
}

export interface Company {
  root: Scope;
  all: Map<string, Scope>;
  now: number;
}

type Plain = Record<string, string | boolean | string[] | null>;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A small company with every state there is. */
export function makeCompany(now: number): Company {
  const ago = (ms: number) => new Date(now - ms).toISOString();
  const all = new Map<string, Scope>();
  let ids = 100;

  function scope(parent: Scope | null, level: Level, name: string, extra: Partial<Scope> = {}): Scope {
    const id = level === "instance" ? "0" : String(ids++);
    const made: Scope = {
      ref: { level, id },
      parent,
      name,
      path: parent === null || parent.ref.level === "instance" ? name : `${parent.path}/${name}`,
      depth: parent ? parent.depth + 1 : 0,
      children: [],
      rows: new Map(),
      archived: parent?.archived ?? false,
      pendingDeletion: false,
      personal: false,
      unreadable: false,
      ...extra,
    };
    parent?.children.push(made);
    all.set(`${level}:${id}`, made);
    return made;
  }
  const group = (parent: Scope, name: string, extra?: Partial<Scope>) => scope(parent, "group", name, extra);
  const project = (parent: Scope, name: string, extra?: Partial<Scope>) =>
    scope(parent, "project", name, extra);

  function custom(
    at: Scope,
    slug: string,
    fields: Plain,
    events: Record<string, boolean> = {},
    extra: Partial<Row> = {},
  ) {
    const form = formOf(slug);
    at.rows.set(slug, {
      link: "custom",
      active: true,
      fields: Object.fromEntries(
        form.fields
          .filter((field) => field.control !== "password")
          .map((field) => [
            field.name,
            value(fields[field.name] ?? (field.control === "checkbox" ? false : null)),
          ]),
      ),
      events: Object.fromEntries(form.events.map((event) => [event.name, events[event.name] ?? true])),
      secrets: new Set(
        form.fields.filter((field) => field.control === "password").map((field) => field.name),
      ),
      updatedAt: ago(254 * DAY),
      readAt: ago(4 * MINUTE),
      ...extra,
    });
  }
  /** Every project and group below that has no row of its own inherits. */
  function inheritBelow(at: Scope, slug: string, only?: (scope: Scope) => boolean) {
    const source = at.rows.get(slug);
    for (const child of at.children) {
      if (!child.rows.has(slug) && !child.unreadable && source && (only?.(child) ?? true)) {
        child.rows.set(slug, { ...structuredClone(source), link: "inherited", readAt: ago(4 * MINUTE) });
      }
      if (!child.rows.has(slug) || child.rows.get(slug)?.link === "inherited") {
        const row = child.rows.get(slug);
        if (row) inheritBelow(child, slug, only);
      } else inheritBelow(child, slug, only);
    }
  }

  const root = scope(null, "instance", "gitlab.acme.example");
  const acme = group(root, "acme");
  const data = group(acme, "data");
  for (const [name, count] of [
    ["ingest", 9],
    ["lakehouse-and-archive", 6],
    ["warehouse", 7],
  ] as const) {
    const at = group(data, name);
    for (let n = 1; n <= count; n++) project(at, `${name.slice(0, 6)}-job-${String(n)}`);
  }
  const mobile = group(acme, "mobile");
  for (const name of ["android", "ios"]) {
    const at = group(mobile, name);
    for (const app of ["checkout", "login", "wallet", "push", "widgets"]) project(at, app);
  }
  project(mobile, "متجر-الجوّال");
  const platform = group(acme, "platform");
  const checkout = group(platform, "checkout");
  const cart = project(checkout, "cart-service");
  const fraud = project(checkout, "fraud-rules-engine");
  const payments = project(checkout, "payments-api");
  const contract = project(checkout, "payments-api-contract-tests-and-fixtures");
  project(checkout, "🧾 receipt-renderer");
  const refunds = project(checkout, "refunds-worker");
  project(checkout, "settlement-batch");
  const tax = project(checkout, "tax-tables-2019", { archived: true });
  project(checkout, "old-gateway", { pendingDeletion: true });
  for (const [name, count] of [
    ["identity", 5],
    ["observability", 4],
    ["runtime", 8],
    ["web", 9],
  ] as const) {
    const at = group(platform, name);
    for (let n = 1; n <= count; n++) project(at, `${name}-${String(n)}`);
  }
  group(acme, "security", { unreadable: true });
  const labs = group(root, "acme-labs");
  for (let n = 1; n <= 12; n++) project(labs, `experiment-${String(n)}`);
  const vendors = group(root, "vendors");
  for (const name of ["legal", "printing"]) project(group(vendors, name), "portal");
  project(root, "d.whitfield/notes", { personal: true });

  custom(root, "git-guardian", { server_url: "https://gitguardian.acme.example" });
  custom(acme, "emails-on-push", { recipients: "pushes@acme.example", disable_diffs: true });
  custom(acme, "microsoft-teams", { server_url: "https://teams.acme.example/hook" });
  custom(platform, "jira", {
    url: "https://jira.acme.example",
    jira_auth_type: "0",
    username: "svc-gitlab",
    jira_issue_regex: "[A-Z]{2,5}-\\d+",
    issues_enabled: true,
    project_keys: ["PLAT", "OPS"],
    transition: "none",
    comment_on_event_enabled: true,
  });
  custom(platform, "slack", {
    username: "gitlab",
    branches_to_be_notified: "default",
    notify_only_broken_pipelines: true,
    push_channel: "#platform",
    pipeline_channel: "#builds",
  });
  custom(platform, "datadog", { server_url: "https://api.datadoghq.eu" });
  custom(platform, "harbor", { server_url: "https://harbor.acme.example" });
  custom(checkout, "external-wiki", { server_url: "https://wiki.acme.example/checkout" });
  custom(mobile, "slack", { username: "mobile-bot", branches_to_be_notified: "all" });

  custom(
    payments,
    "jira",
    {
      url: "https://jira-old.acme.example",
      api_url: "https://jira-old.acme.example:8443",
      jira_auth_type: "0",
      username: "svc-gitlab-payments",
      jira_issue_regex: "PAY-\\d+",
      issues_enabled: false,
      transition: "none",
      comment_on_event_enabled: true,
    },
    { merge_requests_events: false },
  );
  custom(payments, "slack", {
    username: "gitlab",
    branches_to_be_notified: "all",
    notify_only_broken_pipelines: true,
    push_channel: "#payments",
    pipeline_channel: "#builds",
  });
  custom(payments, "jenkins", {
    jenkins_url: "https://ci.acme.example",
    project_name: "payments",
    enable_ssl_verification: true,
  });
  custom(
    payments,
    "pipelines-email",
    { server_url: "https://mail.acme.example" },
    {},
    { active: false, updatedAt: ago(378 * DAY) },
  );
  for (const at of [fraud, refunds, contract, tax])
    custom(at, "jira", { url: "https://jira.acme.example", jira_auth_type: "0", username: at.name });
  custom(fraud, "jenkins", { jenkins_url: "https://ci.acme.example", project_name: "fraud" });

  inheritBelow(root, "git-guardian");
  for (const slug of ["emails-on-push", "microsoft-teams"]) inheritBelow(acme, slug);
  for (const slug of ["jira", "slack", "datadog", "harbor"]) inheritBelow(platform, slug);
  inheritBelow(checkout, "external-wiki");
  inheritBelow(mobile, "slack");

  // GitLab linked it without copying.
  const stale = cart.rows.get("datadog");
  if (stale) stale.fields["server_url"] = value("https://api.datadoghq.com");
  return { root, all, now };
}
