import type {
  About,
  Along,
  Action,
  Aside,
  AsidePage,
  BulkRequest,
  BulkSelection,
  Change,
  Draft,
  Following,
  Outcome,
  RunCounts,
  RunState,
  RunSummary,
  ScopeFilter,
  ScopeRef,
  KeptSecret,
  SecretAsked,
  ServerPause,
  SkipReason,
  StepDetail,
  StepQuery,
  StepRow,
  Touch,
} from "../ipc/types";
import { find, item } from "./answers";
import { planDisable, planSetCustom, planUseDefault, stored } from "./changes";
import type { Company, Row, Scope } from "./company";
import { kinds } from "./kinds";
import { groupMembers } from "./kindView";
import { matrixRows } from "./matrix";

/** A plan or run as the mock keeps it. */
export interface MockRun {
  run: number;
  state: RunState;
  slug: string;
  about: About;
  plannedAt: string;
  finishedAt: string | null;
  steps: StepDetail[];
  aside: Partial<Record<Touch | "skipped", Aside[]>>;
  same: number;
  secrets: SecretAsked[];
  kept: KeptSecret[];
  asking: { read: number; total: number } | null;
  command: string | null;
  left: string | null;
  /** What every step sets, where it is the same for all. */
  setting?: Draft;
  stopping: boolean;
  paused?: ServerPause;
  following: Following | null;
}

export const noFilter: ScopeFilter = {
  states: [],
  level: null,
  visibility: null,
  text: "",
  value: "",
  archived: false,
};
export const aboutNothing: About = {
  action: null,
  paths: [],
  named: 0,
  below: false,
  from: null,
  drafts: false,
  filter: noFilter,
  again: null,
  undoes: null,
};

const HOUR = 3_600_000;
const LARGE = 25;

export function countsOf(steps: StepDetail[]): RunCounts {
  const n = (outcome: Outcome | null) => steps.filter(({ row }) => row.outcome === outcome).length;
  return {
    steps: steps.length,
    applied: n("applied"),
    already: n("already"),
    conflicts: n("conflict"),
    refused: n("refused"),
    failed: n("failed"),
    unknown: n("unknown"),
    open: n(null),
  };
}

/** The steps that a plan does not leave out. */
export const included = (of: MockRun): StepDetail[] => of.steps.filter(({ row }) => !row.left_out);

/** How many are left out for each reason. */
export function reasonsOf(of: MockRun): SkipReason[] {
  const counts = new Map<string, number>();
  for (const { why } of of.aside.skipped ?? []) counts.set(why ?? "", (counts.get(why ?? "") ?? 0) + 1);
  return [...counts].map(([why, scopes]) => ({ why, scopes }));
}

/** What single steps lack. */
export function missingOf(of: MockRun) {
  const lacking = included(of).filter(({ row }) => row.outcome === null && row.lacks.length > 0);
  return lacking.length === 0
    ? []
    : [{ fields: of.secrets.map(({ field }) => field), steps: lacking.length }];
}

export function summaryOf(of: MockRun): RunSummary {
  const [, title = of.slug, category = "other"] = kinds.find(([slug]) => slug === of.slug) ?? [];
  return {
    run: of.run,
    state: of.state,
    slug: of.slug,
    title,
    category,
    about: of.about,
    planned_at: of.plannedAt,
    expires_at: new Date(Date.parse(of.plannedAt) + HOUR).toISOString(),
    started_at: of.state === "planned" ? null : of.plannedAt,
    finished_at: of.finishedAt,
    counts: countsOf(included(of)),
    left_out: of.steps.length - included(of).length,
    same: of.same,
    skipped: of.aside.skipped?.length ?? 0,
  };
}

export const needsYou = ({ row }: StepDetail) =>
  !row.kept && ["conflict", "refused", "failed", "unknown"].includes(row.outcome ?? "");

export function stepsOf(of: MockRun, query: StepQuery): StepDetail[] {
  const text = query.text.toLowerCase();
  return of.steps.filter((step) => {
    const { row } = step;
    if (query.action !== null && row.action !== query.action) return false;
    if (!row.path.toLowerCase().includes(text)) return false;
    switch (query.which) {
      case "all":
        return true;
      case "needs_you":
        return needsYou(step);
      case "left_out":
        return row.left_out;
      case "secret":
        return row.secret;
      case "open":
        return row.outcome === null;
      case "done":
        return row.outcome === "applied" || row.outcome === "already";
    }
  });
}

export function asidePage(all: Aside[] | undefined, text: string, offset: number, limit: number): AsidePage {
  const found = (all ?? []).filter(({ path }) => path.toLowerCase().includes(text.toLowerCase()));
  return { total: found.length, rows: found.slice(offset, offset + limit) };
}

export function confirmOf(of: MockRun) {
  const touched = (how: Touch) => of.aside[how]?.length ?? 0;
  const count =
    included(of).length + touched("change") + touched("switch_on") + touched("maybe") + touched("unseen");
  return count > LARGE ? { kind: "type_count" as const, count } : { kind: "dialog" as const };
}

/** What a scope has once something is set over it. */
export function setOver(row: Row | undefined, slug: string, { fields, events }: Draft): Draft {
  const before = stored(row, slug);
  return { fields: { ...before.fields, ...fields }, events: { ...before.events, ...events } };
}

/** A step as it is planned for a scope. */
export function stepAt(
  company: Company,
  scope: Scope,
  slug: string,
  action: Action,
  number: number,
  setting?: { draft: Draft; secrets: string[] },
): StepDetail {
  const at = { connection: 1, scope: scope.ref, slug };
  const draft = setting && setOver(scope.rows.get(slug), slug, setting.draft);
  const made = draft
    ? planSetCustom(company, at, draft, setting.secrets, "", "")
    : action === "disable"
      ? planDisable(company, at, "", "")
      : planUseDefault(company, at, "", "");
  const [step] = made.steps;
  if (!step) throw new Error("A plan without a step.");
  const secret = { secret: step.secrets.length > 0, lacks: step.secrets };
  return {
    row: { ...rowOf(scope.ref, scope.path, action, number, step.changes.length), ...secret },
    step: { ...step, id: number, action },
    unexpected: [],
    ended_at: null,
  };
}

export function rowOf(
  scope: ScopeRef,
  path: string,
  action: Action,
  number: number,
  changes: number,
): StepRow {
  return {
    number,
    scope,
    path,
    action,
    changes,
    secret: false,
    lacks: [],
    left_out: false,
    left_out_with: null,
    outcome: null,
    sent: false,
    kept: false,
    why: null,
    seconds: null,
  };
}

/** The scopes of a selection, as the app looks them up. */
function chosen(company: Company, slug: string, selection: BulkSelection): Scope[] {
  switch (selection.kind) {
    case "below": {
      const visit = (scope: Scope): Scope[] => scope.children.flatMap((child) => [child, ...visit(child)]);
      const { filter } = selection;
      return visit(find(company, selection.scope)).filter(
        (scope) =>
          (filter.states.length === 0 ||
            filter.states.includes(item(company, scope, slug, new Set()).state)) &&
          (filter.level === null || scope.ref.level === filter.level) &&
          scope.path.includes(filter.text) &&
          (filter.archived || !scope.archived),
      );
    }
    case "rows":
      return selection.spans.flatMap(({ first, last }) =>
        matrixRows(company, selection.filter, first, last - first + 1, () => new Set()).rows.map((row) =>
          find(company, row.scope),
        ),
      );
    case "members":
      return groupMembers(company, selection.query, 0, 1000).rows.map((member) =>
        find(company, member.scope.scope),
      );
  }
}

/** Plans a change of many scopes over the mock company. */
export function bulkPlan(company: Company, request: BulkRequest, run: number, now: number): MockRun {
  const { slug, wish, selection } = request;
  const action: Action = wish.kind === "copy_from" ? "set_custom" : wish.kind;
  const setting = wish.kind === "set_custom" ? wish : undefined;
  const scopes = chosen(company, slug, selection);
  const steps: StepDetail[] = [];
  const skipped: Aside[] = [];
  let same = 0;
  for (const scope of scopes) {
    const row = scope.rows.get(slug);
    const stays =
      action === "use_default"
        ? row?.link !== "custom"
        : action === "set_custom"
          ? setting === undefined
          : row === undefined || !row.active;
    if (stays) same += 1;
    else if (scope.ref.level === "group" && action === "use_default")
      skipped.push({
        scope: scope.ref,
        path: scope.path,
        why: "GitLab would hand this group’s old settings down to what inherits from it",
      });
    else steps.push(stepAt(company, scope, slug, action, steps.length + 1, setting));
  }
  const below = selection.kind === "below" ? find(company, selection.scope) : null;
  return {
    run,
    state: "planned",
    slug,
    about: {
      ...aboutNothing,
      action,
      named: below ? 1 : scopes.length,
      below: below !== null,
      paths: below ? [below.path] : scopes.length <= 20 ? scopes.map(({ path }) => path) : [],
      from: wish.kind === "copy_from" ? find(company, wish.scope).path : null,
      filter: selection.kind === "below" ? selection.filter : noFilter,
    },
    plannedAt: new Date(now).toISOString(),
    finishedAt: null,
    steps,
    aside: { skipped },
    same,
    secrets: steps
      .flatMap(({ step }) => step.secrets)
      .filter(({ field }, index, all) => all.findIndex((other) => other.field === field) === index)
      .map((secret) => ({ ...secret, steps: steps.length, remembered: 0 })),
    ...(setting && { setting: setting.draft }),
    kept: [],
    asking: null,
    command: below
      ? `heirloomctl plan use-default ${below.path} ${slug} --recursive --output plan.json`
      : null,
    left: null,
    stopping: false,
    following: null,
  };
}

const moved: Change = {
  name: "url",
  title: "Web URL",
  before: { kind: "value", value: { kind: "text", value: "https://jira-old.acme.example" }, label: null },
  after: { kind: "value", value: { kind: "text", value: "https://acme.atlassian.net" }, label: null },
};

/**
 * Leaves steps out, or takes them in; groups that go back to their default take what has it through
 * them along, and come along with it.
 */
export function leave(of: MockRun, chosen: ReadonlySet<number>, out: boolean): Along {
  const groups = of.steps.filter(({ row }) => row.scope.level === "group");
  const needs = ({ row }: StepDetail) =>
    row.action === "use_default" ? groups.filter((group) => row.path.startsWith(`${group.row.path}/`)) : [];
  const before = new Map(of.steps.map(({ row }) => [row.number, row.left_out]));
  for (const step of of.steps) {
    if (!chosen.has(step.row.number)) continue;
    Object.assign(step.row, { left_out: out, left_out_with: null });
    if (!out) for (const group of needs(step)) group.row.left_out = false;
  }
  for (const step of of.steps) {
    if (step.row.left_out && step.row.left_out_with === null) continue;
    const needed = needs(step).find(({ row }) => row.left_out && row.left_out_with === null);
    Object.assign(step.row, { left_out: needed !== undefined, left_out_with: needed?.row.path ?? null });
  }
  const along = of.steps.filter(
    ({ row }) => row.left_out !== before.get(row.number) && !chosen.has(row.number),
  );
  return { steps: along.length, first: along.slice(0, 3).map(({ row }) => row.path) };
}

/** Ends a step in one way. */
export function endStep(step: StepDetail, outcome: Outcome, now: number): void {
  const why: Partial<Record<Outcome, string>> = {
    conflict: "It moved in GitLab after the plan was made (settings changed). Nothing was sent",
    refused: "Nothing was changed: 403 Forbidden. You are not a Maintainer here",
    failed: "Nothing was changed: GitLab answered 502 three times",
    unknown: "It was sent, and could not be read back: the connection was lost",
  };
  step.row.outcome = outcome;
  step.row.sent = outcome === "applied" || outcome === "unknown";
  step.row.why = why[outcome] ?? null;
  step.row.seconds = step.row.sent ? 0.2 + (step.row.number % 5) / 10 : null;
  step.unexpected = outcome === "conflict" ? [moved] : [];
  step.ended_at = new Date(now).toISOString();
}
