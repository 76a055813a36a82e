import type { TreeRow } from "../../ipc/types";
import * as f from "../format";

export const tree = {
  label: "Scopes",
  filter: "Filter scopes",
  scope: "Scope",
  projects: "Projects",
  custom: "Custom",
  legendDefaults: "sets defaults",
  legendCustom: "custom settings at or below",
  archived: "archived",
  pendingDeletion: "to be deleted",
  gone: "gone",
  personal: "personal",
  notReadable: "not readable",
  noMatches: (query: string) => `No scope matches “${query}”`,
  noMatchesNext: "Names and full paths are searched. Scopes read since the last sync are included.",
  clearFilter: "Clear the filter",
  empty: "No groups or projects yet",
  emptyNext: "They appear as the first sync reads them.",
  matches: (shown: number, total: number) =>
    shown < total
      ? `First ${f.number(shown)} of ${f.plural(total, "match", "matches")}`
      : f.plural(total, "match", "matches"),
  loadingRow: "Loading",
  setsDefaults: (n: number) => `Sets ${f.plural(n, "default", "defaults")} for what is below`,
  customBelow: (n: number) => `${f.plural(n, "custom setting", "custom settings")} at or below`,
  differsBelow: (n: number) =>
    `${f.plural(n, "integration inherits but differs", "integrations inherit but differ")}, at or below`,
  drafts: (n: number) => `${f.plural(n, "draft", "drafts")}, not sent`,
  projectsBelow: (n: number) => f.plural(n, "project", "projects"),
  /** What a screen reader says of a row, after its name. */
  rowRest: (row: TreeRow) => {
    const parts = [""];
    if (row.archived) parts.push("archived");
    if (row.pending_deletion) parts.push("to be deleted");
    if (row.gone) parts.push("no longer on the server");
    if (row.unreadable) parts.push("not readable");
    if (row.sets_defaults > 0) parts.push(`sets ${f.plural(row.sets_defaults, "default", "defaults")}`);
    if (row.scope.level !== "project") parts.push(f.plural(row.projects, "project", "projects"));
    if (row.custom > 0) parts.push(`${f.number(row.custom)} custom`);
    if (row.differs > 0) parts.push(`${f.number(row.differs)} inherited but differing`);
    if (row.drafts > 0) parts.push(f.plural(row.drafts, "draft", "drafts"));
    return parts.join(", ");
  },
};
