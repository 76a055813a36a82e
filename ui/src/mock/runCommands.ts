import type { Commands } from "../ipc/backend";
import type { Change, IntegrationRef, IpcError, Plan, StepDetail, Touch } from "../ipc/types";
import { find, sourceOf } from "./answers";
import { formOf } from "./catalog";
import type { Company } from "./company";
import { inOrder } from "./matrix";
import { draftKey, draftPlans, journaled, type Drafts } from "./plans";
import {
  aboutNothing,
  asidePage,
  bulkPlan,
  confirmOf,
  countsOf,
  included,
  leave,
  missingOf,
  reasonsOf,
  endStep,
  needsYou,
  setOver,
  stepsOf,
  summaryOf,
  type MockRun,
} from "./runs";

type Answer<D> = Promise<{ status: "ok"; data: D } | { status: "error"; error: IpcError }>;
type Runs = Pick<
  Commands,
  | "planMany"
  | "planDrafts"
  | "planUndo"
  | "planAgain"
  | "keepSteps"
  | "tray"
  | "pastRuns"
  | "runView"
  | "planReview"
  | "askMaybe"
  | "cancelAsk"
  | "planSums"
  | "leaveOut"
  | "forgetSecrets"
  | "secretFields"
  | "exportPlan"
  | "stepGroups"
  | "runSteps"
  | "runStep"
  | "planSkipped"
  | "planTouched"
  | "beginRun"
  | "resumeRun"
  | "pauseRun"
  | "cancelRun"
  | "closeRun"
>;

const ok = <D>(data: D): Answer<D> => Promise.resolve({ status: "ok", data });
const no = (message: string): Answer<never> =>
  Promise.resolve({ status: "error", error: { code: "plan_outdated", message, hint: null } });
const touches: Touch[] = ["change", "switch_on", "maybe", "keep", "unseen"];
/** Steps that end at each beat of a run. */
const AT_ONCE = 8;
const BEAT = 60;

/** Plans and runs over the mock company. Runs go on by themselves, unless they are from a scene. */
export function runCommands(
  company: Company,
  now: number,
  scene: MockRun[],
  drafts: Drafts,
  changed: () => void,
) {
  const runs = new Map(scene.map((run) => [run.run, run]));
  const still = new Set(runs.keys());
  const next = () => Math.max(0, ...runs.keys()) + 1;
  const the = (run: number): MockRun => {
    const found = runs.get(run);
    if (!found) throw new Error(`The mock has no run ${String(run)}.`);
    return found;
  };
  const all = () => [...runs.values()].toSorted((a, b) => b.run - a.run);

  /** What an applied step does to the company. */
  function write({ slug, setting }: MockRun, { row }: StepDetail) {
    if (!company.all.has(`${row.scope.level}:${row.scope.id}`)) return;
    const scope = find(company, row.scope);
    const source = sourceOf(scope, slug)?.rows.get(slug);
    const own = scope.rows.get(slug);
    const key = draftKey({ scope: row.scope, slug });
    const set = setting ? setOver(own, slug, setting) : drafts.get(key)?.draft;
    if (row.action === "use_default" && source)
      scope.rows.set(slug, { ...structuredClone(source), link: "inherited" });
    else if (row.action === "disable" && own)
      scope.rows.set(slug, { ...own, link: "custom", active: false, fields: {}, secrets: new Set() });
    else if (row.action === "set_custom" && set) {
      const at = new Date(now).toISOString();
      const secrets = own?.secrets ?? new Set<string>();
      scope.rows.set(slug, {
        ...structuredClone(set),
        link: "custom",
        active: true,
        secrets,
        updatedAt: at,
        readAt: at,
      });
      if (!setting) drafts.delete(key);
    }
  }

  function beat(of: MockRun) {
    const open = of.steps.filter(({ row }) => row.outcome === null);
    for (const step of open.slice(0, AT_ONCE)) {
      write(of, step);
      endStep(step, "applied", Date.now());
    }
    const over = open.length <= AT_ONCE;
    if (over) Object.assign(of, { state: "ended", finishedAt: new Date().toISOString() });
    changed();
    if (!over && of.state === "running") setTimeout(() => beat(of), BEAT);
  }

  function begin(of: MockRun) {
    of.aside.skipped = [
      ...(of.aside.skipped ?? []),
      ...of.steps
        .filter(({ row }) => row.left_out)
        .map(({ row }) => ({ scope: row.scope, path: row.path, why: "Left out in the review" })),
    ];
    of.steps = included(of);
    of.state = "running";
    of.left = null;
    changed();
    if (!still.has(of.run)) setTimeout(() => beat(of), BEAT);
    return ok(null);
  }

  function stop(state: "paused" | "ended") {
    for (const run of runs.values()) {
      if (run.state !== "running") continue;
      run.state = state;
      run.left = state === "paused" ? "Paused" : "Cancelled. What was applied stays";
    }
    changed();
    return ok(null);
  }

  function from(old: MockRun, steps: StepDetail[], about: MockRun["about"]) {
    if (steps.length === 0) return no("Nothing to do: 0 as wanted already");
    const run = next();
    runs.set(run, {
      ...old,
      run,
      state: "planned",
      about,
      plannedAt: new Date(now).toISOString(),
      finishedAt: null,
      left: null,
      command: null,
      steps: steps.map((step, index) => ({
        ...step,
        row: {
          ...step.row,
          number: index + 1,
          outcome: null,
          why: null,
          sent: false,
          kept: false,
          seconds: null,
        },
        step: {
          ...step.step,
          id: index + 1,
          changes: step.step.changes.map((change) => ({
            ...change,
            before: change.after,
            after: change.before,
          })),
        },
        unexpected: [],
      })),
    });
    changed();
    return ok(run);
  }

  const commands: Runs = {
    planMany: (request) => {
      const { selection } = request;
      if (selection.kind === "rows" && !inOrder(company, selection.filter, selection.order))
        return no("The rows moved meanwhile: select again.");
      const made = bulkPlan(company, request, next(), now);
      if (made.steps.length === 0) return no(`Nothing to do: ${String(made.same)} as wanted already`);
      runs.set(made.run, made);
      changed();
      return ok(made.run);
    },
    planDrafts: (_, wanted) => {
      const made = draftPlans(company, drafts, wanted, new Date(now).toISOString(), next());
      for (const run of made.runs) runs.set(run.run, run);
      changed();
      return ok({ runs: made.runs.map(({ run }) => run), left: made.left });
    },
    planUndo: (run, steps) =>
      from(
        the(run),
        the(run).steps.filter(
          ({ row }) => row.outcome === "applied" && (steps === null || steps.includes(row.number)),
        ),
        { ...aboutNothing, undoes: run },
      ),
    planAgain: (run, steps) =>
      from(
        the(run),
        the(run).steps.filter(
          (step) =>
            (needsYou(step) || (the(run).state === "ended" && step.row.outcome === null)) &&
            (steps === null || steps.includes(step.row.number)),
        ),
        { ...aboutNothing, again: run },
      ),
    keepSteps: (run, steps) => {
      for (const { row } of the(run).steps) if (steps.includes(row.number)) row.kept = true;
      changed();
      return ok(null);
    },
    tray: () =>
      ok({
        plans: all()
          .filter(({ state }) => state === "planned")
          .map(summaryOf),
        open: all()
          .filter(({ state }) => state !== "planned" && state !== "ended")
          .map(summaryOf),
      }),
    pastRuns: (_, offset, limit) => {
      const past = all().filter(({ state }) => state === "ended");
      return ok({ total: past.length, rows: past.slice(offset, offset + limit).map(summaryOf) });
    },
    runView: (run) => {
      const of = the(run);
      const { open } = countsOf(of.steps);
      return ok({
        summary: summaryOf(of),
        progress:
          of.state === "running"
            ? {
                rate: 11.4,
                seconds_left: Math.ceil(open / 11.4),
                stopping: of.stopping,
                paused: of.paused ?? null,
              }
            : null,
        elsewhere: null,
        left: of.left,
        following: of.following,
        needs_you: of.steps.filter(needsYou).length,
        secrets: open > 0 ? of.secrets : [],
        missing: missingOf(of),
        kept: of.kept,
        not_remembered: null,
        reasons: reasonsOf(of),
      });
    },
    planReview: (run) => {
      const of = the(run);
      const count = (how: Touch) => of.aside[how]?.length ?? 0;
      return ok({
        summary: summaryOf(of),
        requests: included(of).length * 3,
        seconds: Math.floor((included(of).length * 3) / 40) || null,
        secrets: of.secrets,
        missing: missingOf(of),
        reasons: reasonsOf(of),
        asking: of.asking,
        blast: Object.fromEntries(touches.map((how) => [how, count(how)])) as Record<Touch, number>,
        confirm: confirmOf(of),
        command: of.command,
      });
    },
    exportPlan: (run) => ok(`/home/d.whitfield/Downloads/heirloom-plan-${String(run)}.json`),
    askMaybe: async (run) => {
      const of = the(run);
      const asked = of.aside.maybe ?? [];
      of.asking = { read: 0, total: asked.length };
      changed();
      let read = 0;
      while (read < asked.length) {
        await new Promise((done) => setTimeout(done, BEAT));
        // Somebody stopped it.
        if (the(run).asking === null) break;
        read = Math.min(asked.length, read + AT_ONCE);
        of.asking = { read, total: asked.length };
        changed();
      }
      const { aside } = of;
      aside.switch_on = [...(aside.switch_on ?? []), ...asked.slice(0, Math.min(read, 12))];
      aside.keep = [...(aside.keep ?? []), ...asked.slice(12, Math.max(read, 12))];
      aside.maybe = asked.slice(read);
      of.asking = null;
      changed();
      return ok(null);
    },
    cancelAsk: () => {
      for (const of of runs.values()) of.asking = null;
      changed();
      return ok(null);
    },
    planSums: (run) => {
      const counts = new Map<
        string,
        { first: Change; steps: number; befores: Set<string>; afters: Set<string> }
      >();
      for (const { step } of included(the(run)))
        for (const change of step.changes) {
          const sum = counts.get(change.name) ?? {
            first: change,
            steps: 0,
            befores: new Set(),
            afters: new Set(),
          };
          sum.steps += 1;
          sum.befores.add(JSON.stringify(change.before));
          sum.afters.add(JSON.stringify(change.after));
          counts.set(change.name, sum);
        }
      const settings = [...counts.values()].map(({ befores, afters, ...sum }) => ({
        ...sum,
        befores: befores.size,
        afters: afters.size,
      }));
      return ok({ settings, losing: 0 });
    },
    leaveOut: (run, which, out) => {
      const of = the(run);
      const chosen = new Set(
        which.kind === "numbers" ? which.steps : stepsOf(of, which.query).map(({ row }) => row.number),
      );
      const along = leave(of, chosen, out);
      changed();
      return ok(along);
    },
    forgetSecrets: (run) => {
      the(run).kept = [];
      changed();
      return ok(null);
    },
    secretFields: (slug) =>
      ok(
        formOf(slug)
          .fields.filter(({ control }) => control === "password")
          .map(({ name, title }) => ({ field: name, title })),
      ),
    stepGroups: (run, query) => {
      const counts = new Map<StepDetail["row"]["action"], StepDetail["row"][]>();
      for (const { row } of stepsOf(the(run), query))
        counts.set(row.action, [...(counts.get(row.action) ?? []), row]);
      return ok(
        [...counts].map(([action, rows]) => ({
          action,
          steps: rows.length,
          left_out: rows.filter((row) => row.left_out).length,
        })),
      );
    },
    runSteps: (run, query, offset, limit) => {
      const found = stepsOf(the(run), query);
      const rows = found.slice(offset, offset + limit).map(({ row }) => ({ ...row }));
      return ok({ total: found.length, rows });
    },
    runStep: (run, step) => {
      const found = the(run).steps.find(({ row }) => row.number === step);
      return found ? ok(structuredClone(found)) : no("There is no such step.");
    },
    planSkipped: (run, text, offset, limit) => ok(asidePage(the(run).aside.skipped, text, offset, limit)),
    planTouched: (run, how, text, offset, limit) => ok(asidePage(the(run).aside[how], text, offset, limit)),
    beginRun: (run) => begin(the(run)),
    resumeRun: (run) => begin(the(run)),
    pauseRun: () => stop("paused"),
    cancelRun: () => stop("ended"),
    closeRun: (run) => {
      Object.assign(the(run), { state: "ended", finishedAt: new Date(now).toISOString() });
      changed();
      return ok(null);
    },
  };
  /** Throws a plan away, if it is one of these. */
  const discard = (id: string) => {
    if (runs.delete(Number(id))) changed();
  };
  /** Writes a plan of one scope down, if it touches others, too: it is looked at as a whole then. */
  const adopt = (plan: Plan, at: IntegrationRef) => {
    const made = journaled(company, plan, at, next());
    if (made) runs.set(made.run, made);
  };
  return { commands, discard, adopt };
}
