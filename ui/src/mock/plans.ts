import type { Action, Aside, Draft, DraftsPlanned, IntegrationRef, Plan, Touch } from "../ipc/types";
import { find } from "./answers";
import { checkDraft, planSetCustom } from "./changes";
import type { Company, Scope } from "./company";
import { aboutNothing, confirmOf, rowOf, type MockRun } from "./runs";

/** Drafts as the mock keeps them, by scope and kind. */
export type Drafts = Map<string, { draft: Draft; at: string; ref: IntegrationRef }>;

export const draftKey = (at: Pick<IntegrationRef, "scope" | "slug">) =>
  `${at.scope.level}:${at.scope.id}/${at.slug}`;

const below = (scope: Scope): Scope[] => scope.children.flatMap((child) => [child, ...below(child)]);

/** Who else a change of a group's default touches. */
function touchedBy(scope: Scope, slug: string): Partial<Record<Touch, Aside[]>> {
  const aside: Partial<Record<Touch, Aside[]>> = {};
  for (const each of below(scope)) {
    const row = each.rows.get(slug);
    const how = each.unreadable
      ? "unseen"
      : row === undefined
        ? "maybe"
        : row.link === "custom"
          ? "keep"
          : "change";
    (aside[how] ??= []).push({ scope: each.ref, path: each.path, why: null });
  }
  return aside;
}

/** A plan that was not begun, without steps. */
function blankRun(run: number, slug: string, plannedAt: string): MockRun {
  return {
    run,
    state: "planned",
    slug,
    about: aboutNothing,
    plannedAt,
    finishedAt: null,
    steps: [],
    aside: {},
    same: 0,
    secrets: [],
    kept: [],
    asking: null,
    command: null,
    left: null,
    stopping: false,
    following: null,
  };
}

function addSteps(run: MockRun, plan: Plan) {
  for (const step of plan.steps) {
    const number = run.steps.length + 1;
    const { scope } = step.scope;
    const row = rowOf(scope, step.scope.path, step.action, number, step.changes.length);
    const secret = step.secrets.length > 0;
    run.steps.push({
      row: { ...row, secret, lacks: step.secrets },
      step: { ...step, id: number },
      unexpected: [],
      ended_at: null,
    });
  }
  for (const secret of plan.secrets) {
    const known = run.secrets.find(({ field }) => field === secret.field);
    if (known) known.steps += secret.steps;
    else run.secrets.push({ ...secret });
  }
}

/** A plan of one scope as it is written down: with who else it touches, if that is a group. */
export function journaled(company: Company, plan: Plan, at: IntegrationRef, run: number): MockRun | null {
  const scope = find(company, at.scope);
  const made = blankRun(run, at.slug, plan.made_at);
  const action: Action = plan.steps[0]?.action ?? "set_custom";
  if (scope.ref.level === "group" && action === "set_custom") made.aside = touchedBy(scope, at.slug);
  if (Object.keys(made.aside).length === 0) return null;
  made.about = { ...aboutNothing, action, paths: [scope.path], named: 1 };
  addSteps(made, plan);
  const count = (how: Touch) => made.aside[how]?.length ?? 0;
  Object.assign(plan, {
    id: String(run),
    confirm: confirmOf(made),
    blast: {
      change: count("change"),
      keep: count("keep"),
      switch_on: 0,
      maybe: count("maybe"),
      unseen: count("unseen"),
    },
  });
  return made;
}

/** Plans drafts together, one plan for each kind; `next` numbers them. */
export function draftPlans(
  company: Company,
  drafts: Drafts,
  wanted: IntegrationRef[],
  plannedAt: string,
  next: number,
): { runs: MockRun[]; left: DraftsPlanned["left"] } {
  const runs = new Map<string, MockRun>();
  const left: DraftsPlanned["left"] = [];
  for (const at of wanted) {
    const kept = drafts.get(draftKey(at));
    const check = kept && checkDraft(company, at, kept.draft, []);
    const problem = check?.problems.find(({ missing }) => !missing);
    const why = !kept
      ? "Its draft is no longer there"
      : problem
        ? `${problem.title}: ${problem.message}`
        : check?.changes.length === 0
          ? "It is so already"
          : null;
    if (why !== null || !kept) {
      left.push({ at, why: why ?? "" });
      continue;
    }
    const run = runs.get(at.slug) ?? blankRun(next + runs.size, at.slug, plannedAt);
    runs.set(at.slug, run);
    addSteps(run, planSetCustom(company, at, kept.draft, [], "", plannedAt));
  }
  for (const run of runs.values()) {
    const paths = run.steps.map(({ row }) => row.path);
    run.about = { ...aboutNothing, action: "set_custom", drafts: true, paths, named: paths.length };
  }
  return { runs: [...runs.values()], left };
}
