import type { Level, State } from "../../ipc/types";
import type { Notable } from "../../features/overview/notable";
import * as f from "../format";
import { common } from "./common";

function say(of: Notable, now: number): string {
  switch (of.kind) {
    case "token_expires":
      return of.days < 0
        ? `Your token expired on ${f.date(of.on)}`
        : `Your token expires on ${f.date(of.on)}, in ${f.plural(of.days, "day", "days")}`;
    case "stale":
      return `The local copy is from ${f.clock(of.at, now)}, ${f.old(of.at, now)}`;
    case "unreadable":
      return `${f.plural(of.n, "scope", "scopes")} couldn’t be read`;
    case "differs":
      return `${f.plural(of.n, "scope inherits", "scopes inherit")} ${of.of.title}, but with other values than the default’s`;
    case "most_custom":
      return `${f.plural(of.n, "scope has", "scopes have")} custom settings for ${of.of.title}: see how they differ`;
    case "disabled":
      return `${of.of.title} is stored, but switched off in ${f.plural(of.n, "scope", "scopes")}`;
  }
}

const acts: Record<Notable["kind"], string> = {
  token_expires: "Renew",
  stale: "Sync",
  unreadable: "Show",
  differs: "Show",
  most_custom: "Open",
  disabled: "Show",
};

export const overview = {
  label: "Overview",
  levels: [
    ["any", "All"],
    ["group", "Groups"],
    ["project", "Projects"],
  ] as [Level | "any", string][],
  half: (read: number, of: number) =>
    `half a sync: ${f.number(read)} of ${f.plural(of, "scope", "scopes")} read`,
  asOf: (iso: string, now: number) => `as of ${f.clock(iso, now)}`,
  figures: {
    shareOfOn: (n: number, of: number) => (of === 0 ? "nothing is on" : `${percent(n, of)} of what is on`),
    differs: "linked, with other values",
    disabled: "stored, switched off",
    defaults: "Defaults",
    ofKinds: (n: number) => `of ${f.plural(n, "integration", "integrations")}`,
    unreadable: "scopes couldn’t be read",
    untold: (scopes: number) =>
      `rows whose link GitLab doesn’t tell; ${f.plural(scopes, "scope", "scopes")} couldn’t be read`,
    change: ({ by, days }: { by: number; days: number }) =>
      by === 0
        ? `as many as ${f.plural(days, "day", "days")} ago`
        : `${f.number(Math.abs(by))} ${by < 0 ? "fewer" : "more"} than ${f.plural(days, "day", "days")} ago`,
  },
  byKind: "By integration",
  inUse: (n: number, of: number) => `${f.number(n)} in use of ${f.number(of)}`,
  columns: {
    inherited: "Inherited",
    inherited_differs: "Differs",
    custom: "Custom",
    disabled: "Disabled",
  } as Partial<Record<State, string>>,
  openState: (title: string, state: State) => `${title}: show ${common.states[state]} in Matrix`,
  legend: "What the bars show",
  byGroup: "By group",
  group: "Group",
  together: "all integrations together",
  share: "Share",
  percent,
  otherGroups: (n: number) => `and ${f.plural(n, "other", "others")}`,
  trend: {
    title: (state: string) => `${state} over time`,
    note: (days: number) => `each sync, ${f.plural(days, "day", "days")}`,
    choose: "What to follow",
    short: {
      inherited: "Inherited",
      inherited_differs: "Differs",
      custom: "Custom",
      disabled: "Disabled",
      off: "Off",
      not_set: "Not set",
      unavailable: "Unavailable",
      unknown: "Unknown",
    } satisfies Record<State, string>,
    tooFew: "Not enough syncs yet",
    tooFewNext: "A line needs two syncs that read everything.",
    run: (run: number) => `Run ${f.number(run)}`,
    point: (state: string, n: number, iso: string) =>
      `${f.number(n)} ${state.toLocaleLowerCase("en")}, ${f.date(iso)}`,
    said: (state: string, points: { n: number }[]) =>
      `${state} at each sync: from ${f.number(points[0]?.n ?? 0)} to ${f.number(points.at(-1)?.n ?? 0)}`,
  },
  worth: {
    title: "Worth a look",
    nothing: "Nothing stands out.",
    say,
    act: (of: Notable) => acts[of.kind],
  },
  recent: {
    title: (days: number) => `Changed in ${f.plural(days, "day", "days")}`,
    count: (n: number) => f.plural(n, "change", "changes"),
    open: "Open Drift",
    nothing: "No sync noticed a change.",
  },
};

function percent(n: number, of: number): string {
  if (of === 0) return "–";
  const share = (n / of) * 100;
  return `${share > 0 && share < 1 ? "<1" : String(Math.round(share))}%`;
}
