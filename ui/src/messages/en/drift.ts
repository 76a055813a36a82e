import type { DriftSide, DriftWhat } from "../../ipc/types";
import { readShown } from "../../logic/shown";
import * as f from "../format";
import { common } from "./common";

function what(of: DriftWhat): string {
  switch (of.kind) {
    case "state":
      return "State";
    case "source":
      return "Source";
    case "setting":
      return of.title;
    case "scope":
      return "Scope";
    case "path":
      return "Path";
  }
}

function side(of: DriftSide): string {
  switch (of.kind) {
    case "not_known":
      return "Not known";
    case "state":
      return common.states[of.state];
    case "path":
      return of.path;
    case "setting":
      return readShown(of.shown).text;
    case "there":
      return "On the server";
    case "gone":
      return "Gone";
  }
}

export const drift = {
  label: "What changed",
  since: "Since",
  spans: [
    ["sync", "the last sync"],
    ["7", "7 days"],
    ["30", "30 days"],
    ["day", "a day"],
  ] as [string, string][],
  day: "Since this day",
  everyKind: "Every integration",
  oneSync: "One sync",
  oneRun: (run: number) => `Heirloom, run ${f.number(run)}`,
  sync: "Noticed by a sync",
  reading: "Read outside of syncs",
  copy: "Copy",
  copied: (n: number) => `${f.plural(n, "change", "changes")} copied`,
  notCopied: "The changes were not copied",
  nothing: "Nothing changed",
  nothingNext:
    "No sync noticed a difference in this time. A first sync only makes the picture that later ones are compared with.",
  nothingMatches: "Nothing changed there",
  nothingMatchesNext: "No sync noticed a difference in this time with these filters.",
  showAll: "Show all changes",
  sums: "How much changed",
  byKind: "By integration",
  bySync: "By sync or run",
  inScopes: (n: number) => `in ${f.plural(n, "scope", "scopes")}`,
  scopeItself: "The scope itself",
  changes: "Changes",
  change: "Before and after",
  became: "became",
  columns: ["Noticed", "Scope", "Integration", "Setting", "Before", "After", "Who"],
  total: (n: number) => f.plural(n, "change", "changes"),
  what,
  side,
  who: (run: number | null) => (run === null ? "Not known" : `Heirloom, run ${f.number(run)}`),
  foot: "A change happened at some time between the reading before and the one that noticed it. GitLab doesn’t say who made it.",
};
