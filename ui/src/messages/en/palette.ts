import type { State } from "../../ipc/types";
import * as f from "../format";
import { common } from "./common";

const count = (n: number, more: boolean) => (more ? `over ${f.number(n)}` : f.number(n));

export const palette = {
  label: "Search or run a command",
  placeholder: "Names, paths, values, commands",
  results: (n: number, more: boolean, ms: number) =>
    `${more ? "over " : ""}${f.plural(n, "result", "results")} in ${f.number(Math.max(1, Math.round(ms)))} ms`,
  tabs: "What is searched",
  tab: {
    all: "Everything",
    scopes: "Scopes",
    values: "Values",
    integrations: "Integrations",
    actions: "Actions",
  },
  count,
  some: (shown: number, n: number, more: boolean) => `${f.number(shown)} of ${count(n, more)}`,
  stateOf: (integration: string) => `with their ${integration}`,
  on: (what: string) => `on ${what}`,
  valueIs: (field: string) => `${field} is `,
  valueOf: (integration: string, scopes: number, more: boolean) =>
    `${integration}, ${more ? "at least " : ""}${f.plural(scopes, "scope", "scopes")}`,
  openAs: {
    value: "open as list",
    one: "open",
    scope: "open",
    integration: "open",
    action: "run",
  },
  custom: (n: number) => `${f.number(n)} custom`,
  state: (state: State) => common.states[state],
  archived: "archived",
  none: (text: string) => `Nothing holds “${text}”.`,
  noneNext:
    "Names, paths and values are found by any part of them; one or two characters, at their beginning.",
  acts: {
    of: (name: string) => `Actions on ${name}`,
    open: "Open",
    openList: "Open as list",
    matrix: "Show in the matrix",
    overview: "Show its overview",
    drift: "Show what changed there",
    exportCsv: "Export as spreadsheet (CSV)…",
    exportReport: "Export a report (HTML)…",
    openInGitLab: "Open in GitLab",
    first: (path: string) => `Open ${path}`,
    kindDrift: "Show what changed of it",
  },
  keys: {
    move: "Move",
    open: "Open",
    acts: "Actions on it",
    back: "Back",
    group: "Next group",
    actions: "actions only",
    scopes: "scopes only",
    values: "values only",
  },
};

export const exporting = {
  button: "Export",
  heading: "Export what is shown",
  csv: "Spreadsheet (CSV)",
  json: "For programs (JSON)",
  html: "Report with drift (HTML)",
  saved: "Export saved",
  failed: "The export was not written",
};
