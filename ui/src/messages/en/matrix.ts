import type { KindCounts, Level, MatrixCell, MatrixSum, State, Visibility } from "../../ipc/types";
import { allStates, countOf } from "../../logic/states";
import * as f from "../format";
import { common } from "./common";

const levels: Record<Level, string> = {
  instance: "Instance only",
  group: "Groups only",
  project: "Projects only",
};
const visibilities: Record<Visibility, string> = {
  public: "Public",
  internal: "Internal",
  private: "Private",
};
const inSentence: Record<State, string> = {
  inherited: "inherited",
  inherited_differs: "inherited, differing",
  custom: "custom",
  disabled: "disabled",
  off: "off",
  not_set: "not set",
  unavailable: "unavailable",
  unknown: "unknown",
};
const states = (counts: MatrixSum["states"]) =>
  allStates
    .flatMap((state) => {
      const n = countOf(counts, state);
      return n > 0 ? [`${f.number(n)} ${inSentence[state]}`] : [];
    })
    .join(", ");

export const matrix = {
  label: "Matrix of scopes and integrations",
  scope: "Scope",
  customBelow: "custom below",
  below: (projects: number, groups: number) =>
    `${f.plural(projects, "project", "projects")}, ${f.plural(groups, "group", "groups")}`,
  integrations: "Integrations",
  of: (n: number, all: number) => `${f.number(n)} of ${f.number(all)}`,
  kindsInUse: "Those in use",
  kindsAll: "All",
  state: "State",
  anyState: "any",
  anyStateAct: "Any state",
  someStates: (chosen: State[]) =>
    chosen.length === 1 && chosen[0] ? inSentence[chosen[0]] : `${f.number(chosen.length)} chosen`,
  customCount: (n: number) => `${f.number(n)} custom`,
  more: "More filters",
  level: "Level",
  levels: [
    ["any", "Groups and projects"],
    ["group", levels.group],
    ["project", levels.project],
  ] as [Level | "any", string][],
  visibility: "Visibility",
  visibilities: [
    ["any", "Any"],
    ["public", visibilities.public],
    ["internal", visibilities.internal],
    ["private", visibilities.private],
  ] as [Visibility | "any", string][],
  archived: "Show archived scopes",
  chips: {
    archived: "Archived: shown",
    level: (level: Level) => levels[level],
    visibility: (visibility: Visibility) => visibilities[visibility],
    states: (chosen: State[]) => chosen.map((state) => common.states[state]).join(" or "),
  },
  filter: "Filter rows",
  valueFilter: "Value contains",
  columnTitle: ({ title, counts, defaults }: KindCounts) => {
    const parts = [states(counts)];
    if (defaults > 0) parts.push(f.plural(defaults, "default", "defaults"));
    const said = parts.filter((part) => part !== "").join("; ");
    return said === "" ? title : `${title}: ${said}`;
  },
  cell: (name: string, cell: MatrixCell) => {
    const parts = [common.states[cell.state]];
    if (cell.sets_default) parts.push("sets a default");
    if (cell.custom_below > 0) parts.push(`${f.number(cell.custom_below)} custom below`);
    if (cell.draft) parts.push("a draft is kept");
    return `${name}: ${parts.join(", ")}`;
  },
  moreDiffer: (n: number) => `and ${f.plural(n, "more setting", "more settings")}`,
  open: "Open",
  select: "Select",
  openInScopes: "Open in Scopes",
  found: (rows: number, of: number) => `${f.number(rows)} of ${f.plural(of, "scope", "scopes")}`,
  selection: "Selection",
  dropped: (n: number) => `${f.number(n)} no longer selected: the rows changed`,
  selected: (n: number) => `${f.number(n)} selected`,
  blocks: (n: number) => `in ${f.plural(n, "block", "blocks")}`,
  whatSelected: (titles: string[], sum: MatrixSum) => {
    const what =
      titles.length === 1 ? (titles[0] ?? "") : f.plural(titles.length, "integration", "integrations");
    const places = [
      sum.groups > 0 ? f.plural(sum.groups, "group", "groups") : "",
      sum.projects > 0 ? f.plural(sum.projects, "project", "projects") : "",
    ].filter((part) => part !== "");
    return `${what} in ${places.join(" and ")}: ${states(sum.states)}`;
  },
  clear: "Clear the selection",
  legend: "What the shapes mean",
  setsDefault: "Custom, sets a default",
  draft: "Draft, not sent",
  noRows: "No scope matches these filters",
  noRowsNext: "Nothing below the chosen scope is as asked for.",
  showAll: "Show all scopes",
};

export const scopePicker = {
  label: "What is shown:",
  whole: "Whole instance",
  find: "Find a group",
  groups: "Groups",
};
