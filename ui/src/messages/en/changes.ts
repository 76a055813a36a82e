import type {
  About,
  Action,
  Outcome,
  RunCounts,
  RunState,
  RunSummary,
  ScopeFilter,
  StepRow,
  Touch,
} from "../../ipc/types";
import * as f from "../format";
import { bulk } from "./bulk";
import { common } from "./common";
import { drafts } from "./drafts";

const scopes = (n: number) => f.plural(n, "scope", "scopes");
const steps = (n: number) => f.plural(n, "step", "steps");

const acts: Record<Action, string> = {
  use_default: "use default settings",
  set_custom: "set custom settings",
  disable: "disable",
  enable: "enable",
};

const groups: Record<Action, string> = {
  use_default: "Use default settings",
  set_custom: "Set custom settings",
  disable: "Disable",
  enable: "Enable",
};

const states: Record<RunState, string> = {
  planned: "Not sent yet",
  running: "Running",
  interrupted: "Interrupted",
  paused: "Paused",
  ended: "Ended",
};

const outcomes: Record<Outcome, string> = {
  applied: "Applied",
  already: "Already so",
  conflict: "Conflict",
  refused: "Refused",
  failed: "Failed",
  unknown: "Unknown",
};

const outcomeCounts: Record<Outcome, (n: number) => string> = {
  applied: () => "applied and read back",
  already: () => "already so",
  conflict: (n) => f.form(n, "conflict", "conflicts"),
  refused: () => "refused",
  failed: () => "failed",
  unknown: () => "unknown",
};

const touched: Record<Touch, (n: number) => string> = {
  change: (n) => f.form(n, "is to change", "are to change"),
  switch_on: (n) =>
    f.form(n, "is to be switched on for the first time", "are to be switched on for the first time"),
  maybe: () => "may change or be switched on",
  keep: (n) => f.form(n, "keeps custom settings", "keep custom settings"),
  unseen: () => "can’t be seen",
};

const handedDown =
  "GitLab hands them what is saved, some GitLabs later or not at all: they are read again afterwards.";

const touchedNotes: Record<Touch, string> = {
  change: `They inherit. ${handedDown}`,
  switch_on: `Looked up: nothing is stored there today. ${handedDown}`,
  maybe:
    "Not looked up, or GitLab does not tell where their settings come from. With nothing stored it is switched on. Of rows that are off, one that inherits comes back on, and one with settings of its own stays off.",
  keep: "Settings of their own stay as they are.",
  unseen: "Your token may not read them. Those that inherit change, too.",
};

const counted = (parts: [number, string][]) =>
  parts.flatMap(([n, word]) => (n > 0 ? [`${f.number(n)} ${word}`] : [])).join(", ");

/** What narrows the scopes, as far as it does. */
function narrowed({ states: wanted, level, visibility, text, value, archived }: ScopeFilter): string[] {
  return [
    wanted.length > 0 ? wanted.map((state) => common.states[state].toLocaleLowerCase("en")).join(" or ") : "",
    level === null ? "" : level === "group" ? "groups only" : "projects only",
    visibility ?? "",
    text === "" ? "" : `name or path holds “${text}”`,
    value === "" ? "" : `a value holds “${value}”`,
    archived ? "archived ones, too" : "",
  ].filter((part) => part !== "");
}

function what({ action, paths, named, below, from, drafts: kept, filter, again, undoes }: About): string {
  if (again !== null) return `again what was not done in run ${String(again)}`;
  if (undoes !== null) return `take back run ${String(undoes)}`;
  if (action === null) return "one change";
  const own = kept ? f.form(named, "save the draft", "save the drafts") : acts[action];
  const act = from === null ? own : `copy the settings of ${from}`;
  const one = paths.length === 1 ? paths[0] : undefined;
  const where = one === undefined ? scopes(named) : one;
  const filtered = narrowed(filter);
  const place = below ? `below ${where}` : `in ${where}`;
  return `${act} ${place}${filtered.length > 0 ? ` (${filtered.join(", ")})` : ""}`;
}

const title = ({ title: integration, about }: Pick<RunSummary, "title" | "about">) =>
  `${integration}: ${what(about)}`;

export const changes = {
  label: "Changes",
  title,
  narrowed,
  groups,
  states,
  steps,
  scopes,
  outcomes,
  outcomeCounts,
  touched,
  touchedNotes,
  count: (n: number) => `${f.number(n)} waiting`,
  planned: "The plan could not be made",
  making: "Making the plan",
  tray: {
    title: "Waiting for you",
    note: "Plans and drafts are not sent until you apply them.",
    empty: "Nothing waits",
    emptyNext: "Drafts and plans that you leave are kept here, and runs that were paused.",
    draft: "Draft",
    plan: "Plan",
    open: "Open",
    review: "Review",
    discard: "Discard",
    resume: "Resume",
    close: "Close",
    closeNote: (open: number) => `Steps without an outcome stay undone: ${f.number(open)}`,
    kept: (iso: string, now: number) => `kept ${f.ago(iso, now)}`,
    made: (iso: string, now: number) => `made ${f.ago(iso, now)}`,
    expired: "Too old: made from data over an hour old",
    expires: (iso: string, now: number) => `Expires ${f.at(iso, now)}`,
    left: (open: number, all: number) => `${f.number(all - open)} of ${steps(all)} done`,
    discarded: "Thrown away",
    discardLabel: (name: string) => `Discard: ${name}`,
  },
  history: {
    title: "History",
    total: (n: number) => f.plural(n, "run", "runs"),
    empty: "Nothing was changed from here yet",
    emptyNext: "What you apply is listed here, with what came of it and a way to take it back.",
    run: (n: number) => `Run ${String(n)}`,
    when: (iso: string, now: number) => f.clock(iso, now),
    undo: "Undo",
    undoLabel: (run: number) => `Undo run ${String(run)}`,
    counts: ({ applied, already, conflicts, refused, failed, unknown, open }: RunCounts) => ({
      fine: counted([
        [applied, "applied"],
        [already, "already so"],
        [open, "not sent"],
      ]),
      bad: counted([
        [conflicts, f.form(conflicts, "conflict", "conflicts")],
        [refused, "refused"],
        [failed, "failed"],
        [unknown, "unknown"],
      ]),
    }),
  },
  review: {
    crumb: "Plan",
    label: "Plan",
    meta: (count: number, made: string, now: number) =>
      `${steps(count)} · made ${f.clock(made, now)} from the local copy`,
    same: (n: number) => `${scopes(n)} as wanted already`,
    withoutStep: (n: number) => `${scopes(n)} without a step`,
    copy: "Copy as command",
    copied: "Command copied",
    copiedFile: "Export the plan first: this many scopes fit no command line",
    notCopied: "Not copied",
    export: "Export plan",
    exported: "Plan exported",
    notExported: "The plan was not exported",
    discard: "Discard",
    filter: (n: number) => `Filter ${steps(n)}`,
    noSteps: "No step matches",
    listed: (n: number) => `Steps: ${f.number(n)}`,
    rowRest: ({ action, changes: n, left_out: out, left_out_with: other }: StepRow, lacks: string[]) =>
      [
        out ? (other === null ? "Left out" : `Left out: it needs the step of ${other}`) : groups[action],
        f.plural(n, "setting changes", "settings change"),
        ...(lacks.length > 0 ? [`${lacks.join(", ")} missing`] : []),
      ].join(", "),
    leftOutWith: (path: string) => `Left out: it takes its default through ${path}, which is left out`,
    lacks: (titles: string[]) => `Missing: ${titles.join(", ")}. The step is not sent without it`,
    hasSecret: "Its secret is given or remembered",
    which: "Which steps",
    all: "All",
    out: "Left out",
    secret: "Secret needed",
    include: "Include",
    includeAll: (n: number, filtered: boolean) =>
      `Include ${filtered ? "the" : "all"} ${steps(n)}${filtered ? " listed" : ""}`,
    notLeft: "The plan was not changed",
    along: (out: boolean, n: number, first: string[]) => {
      const rest = n - first.length;
      const names = `${first.join(", ")}${rest > 0 ? ` and ${f.number(rest)} more` : ""}`;
      return out
        ? `Left out, too: ${names}. ${f.form(n, "It takes its", "They take their")} default through what you left out.`
        : `Back in, too: ${names}. What you included takes its default through ${f.form(n, "it", "them")}.`;
    },
    leftOut: (n: number) => `${f.number(n)} left out`,
    leftByYou: (n: number) => `${steps(n)} left out by you`,
    noneIn: "Every step is left out: there is nothing to apply.",
    sums: (n: number) => f.form(n, "The step in sum", `All ${steps(n)} in sum`),
    sumColumns: { setting: "Setting", before: "Before", after: "After", steps: "Steps" },
    different: (n: number) => `${f.number(n)} different values`,
    moreSettings: (n: number) => f.plural(n, "more setting", "more settings"),
    remember: "Remember in keychain",
    rememberNote:
      "For later undo and repeats: GitLab never gives a secret back. Unticked, what you type stays in memory until the run ends.",
    neededBy: (n: number, remembered: number) =>
      remembered === 0
        ? `Needed by ${steps(n)}`
        : remembered === n
          ? `In the keychain for ${f.form(n, "the step that needs it", `all ${steps(n)} that need it`)}: type only to replace it`
          : `Needed by ${steps(n)}, in the keychain for ${f.number(remembered)}`,
    waiting: (n: number) =>
      `${f.plural(n, "step lacks", "steps lack")} a secret and ${f.form(n, "is", "are")} not sent. The others can be applied.`,
    allWaiting: "Every step lacks a secret: type it, or none can be applied.",
    asIs: (n: number) => `${f.number(n)} as wanted already`,
    reasons: "Without a step, by reason",
    reasonsRest: "for other reasons",
    asking: (read: number, total: number) =>
      total === 0 ? "Looking them up" : `Looking them up: ${f.number(read)} of ${f.number(total)}`,
    stopAsking: "Stop",
    askNote: "One request each at most. What was read stays known.",
    changed: (n: number) => f.plural(n, "setting", "settings"),
    step: (n: number) => `Step ${f.number(n)}`,
    stay: (n: number) => f.plural(n, "more stays as it is", "more stay as they are"),
    noChanges: "No setting that can be read changes.",
    besides: "What GitLab does besides",
    from: (place: string) => `Settings will come from ${place}`,
    secrets: "Secrets needed",
    given: (given: number, all: number) => `${f.number(given)} of ${f.number(all)} given`,
    secretsNote: "Asked once for all steps.",
    blast: "Blast radius",
    nobody: "Nobody else is touched: nothing inherits from these scopes.",
    without: "without a step",
    withoutNote: "They were asked for, and get no step. Each says why.",
    ask: (n: number) => `Look them up: about ${f.plural(n, "request", "requests")}`,
    notAsked: "They could not be looked up",
    find: "Find a scope",
    noneFound: "No scope matches",
    cost: (requests: number) =>
      `${f.plural(requests, "request", "requests")}: each row is read again, written and read back.`,
    takes: (seconds: number) => {
      // Whole minutes: it is the least it takes.
      const least = seconds < 90 ? seconds : Math.floor(seconds / 60) * 60;
      return `${f.duration(least, least)} or more, as fast as GitLab answered last.`;
    },
    undo: (losing: number) =>
      losing === 0
        ? "It can be taken back afterwards, except for secrets: GitLab never gives them back."
        : `It can be taken back afterwards, except for the secrets of ${scopes(losing)}: GitLab never gives them back.`,
    confirm: (n: number) => `${scopes(n)} ${f.form(n, "changes or may change", "change or may change")}.`,
    confirmType: "Type that number to go on.",
    confirmNote: "Each step is read back, and you can pause or cancel at any time.",
    confirmLabel: "Scopes that change or may",
    apply: (n: number, of: number) =>
      n === of ? `Apply ${steps(n)}` : `Apply ${f.number(n)} of ${steps(of)}`,
    expires: (iso: string, now: number) => `Plan expires ${f.at(iso, now)}.`,
    expired: "This plan was made from data over an hour old. Discard it and make it again.",
    notBegun: "The plan was not applied",
  },
  run: {
    crumb: (n: number) => `Run ${String(n)}`,
    label: "Run",
    of: (n: number) => `of ${steps(n)} done`,
    progress: "Progress of the run",
    progressText: (done: number, all: number, left: string) =>
      `${f.number(done)} of ${steps(all)} done${left === "" ? "" : `, ${left}`}`,
    rate: (rate: number) => `${rate >= 10 ? f.number(Math.round(rate)) : rate.toFixed(1)} steps a second`,
    failing: (n: number) => `${f.number(n)} didn’t go through`,
    remaining: (n: number) => `${f.number(n)} remaining`,
    paused: (seconds: number, all: boolean) =>
      all
        ? `GitLab asked to wait: goes on in ${f.duration(seconds, seconds)}`
        : `GitLab asked to slow down: some requests wait ${f.duration(seconds, seconds)}`,
    rememberedTitle: "Remembered in the keychain",
    rememberedLine: (title: string, n: number) => `${title} of ${scopes(n)}`,
    rememberedNote: "Used by undo and repeats, so that nobody need type it again.",
    forget: "Forget",
    forgotten: "Taken from the keychain",
    notForgotten: "Not everything was taken from the keychain",
    notRemembered: (why: string) => `Not every secret is remembered. ${why}`,
    left: (seconds: number) => `about ${f.duration(seconds, seconds)} left`,
    stopping: "Ending the steps under way",
    elsewhere: (holder: string) => `Applied by ${holder}`,
    state: states,
    waiting: "waiting",
    waitingOne: "Waiting",
    running: "running",
    runningOne: "Running",
    notSent: "not sent",
    notSentOne: "Not sent",
    cutOne: "Interrupted",
    pause: "Pause",
    cancel: "Cancel",
    resume: "Resume",
    close: "Close",
    undo: "Undo",
    undoStep: "Undo this step",
    again: (n: number) => `Plan ${f.form(n, "it", `${f.number(n)} steps`)} again`,
    againNotSent: (n: number) => `Plan the ${f.number(n)} not sent`,
    againOne: "Plan again",
    keep: "Keep what GitLab has",
    kept: "You kept what GitLab has.",
    open: "Open in Scopes",
    notPaused: "The run was not paused",
    notCancelled: "The run was not cancelled",
    notResumed: "The run does not go on",
    notClosed: "The run was not closed",
    notUndone: "The plan to undo it could not be made",
    notAgain: "The plan could not be made",
    which: "Which steps",
    all: "All",
    needsYou: "Needs you",
    toDo: "To do",
    done: "Done",
    filter: "Filter steps",
    columns: { step: "Step", scope: "Scope", outcome: "Outcome", why: "Why", took: "Took" },
    listed: (n: number) => `Steps: ${f.number(n)}`,
    noSteps: "No step here",
    noStepsNext: "No step of this run is as asked for.",
    readBack: "Read back equal",
    nothingSent: "Nothing was sent",
    took: (seconds: number) => `${seconds < 10 ? seconds.toFixed(1) : f.number(Math.round(seconds))} s`,
    plannedNow: "Planned, and found now",
    plannedBack: "Planned, and read back",
    changed: "What it changes",
    next: {
      conflict: "Choose what it should have: what GitLab has now, or a new plan made from that.",
      refused: "Nothing was changed. Mend what GitLab names, then plan again.",
      failed: "Plan it again once the reason is gone.",
      unknown: "Plan it again: it is made from what GitLab has now.",
    },
    following: "Reaching what inherits",
    followingText: (matching: number, read: number, all: number) =>
      read < all
        ? `${f.number(matching)} of the ${scopes(read)} that are read match`
        : `${f.number(matching)} of ${scopes(all)} match`,
    followingOn: "They are read again until they match.",
    followingOver: "Time is up: the others are read by the next sync.",
    followingDone: "All of them match.",
    followingPart: (read: number, all: number) =>
      `It is handed down to ${f.number(all)} in all: of these the first ${f.number(read)} are read here, the others by the next sync.`,
    followingMaybe: (all: number, read: number, matching: number) =>
      `${scopes(all)} more may be reached: ${f.number(read)} were looked at, ${f.number(matching)} of them match.`,
    followingMaybeLater: (all: number) =>
      `${scopes(all)} more may be reached: they are looked at once, at the end.`,
    noteRunning:
      "Pause and Cancel let the steps under way finish and be read back. If the app ends, the run can go on when it starts again.",
    notePaused: "Paused: steps without an outcome are still to be done. Close leaves them undone.",
    noteInterrupted:
      "The app ended while this ran. What may have been sent is looked up before anything is sent again.",
    secrets: "The steps still to be done need secrets again: what was typed is not kept.",
    resumeTitle: "Go on with the run?",
  },
  bulk,
  drafts,
};
