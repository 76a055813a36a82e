import type { Command } from "../../app/commands/useCommands";
import type { KindCounts, Matches, SuggestedScope, SuggestedValue, Suggestions } from "../../ipc/types";
import { byUse } from "../../logic/kinds";
import { m } from "../../messages/en";

/** What is searched. */
export type Tab = "all" | "scopes" | "values" | "integrations" | "actions";
export const tabs: readonly Tab[] = ["all", "scopes", "values", "integrations", "actions"];

/** A line of the palette. */
export type Result =
  | { kind: "value"; value: SuggestedValue }
  | { kind: "scope"; found: SuggestedScope }
  | { kind: "integration"; of: KindCounts }
  | { kind: "action"; command: Command };

/** Results of one sort, with how many there are. */
export interface Group {
  tab: Exclude<Tab, "all">;
  results: Result[];
  total: Matches;
}

/** Each sort shows so many while everything is searched. */
const FEW = { values: 4, scopes: 4, integrations: 3, actions: 6 };

const signs: Record<string, Tab> = { ">": "actions", "@": "scopes", "=": "values" };

/** What was typed: a sign at the start says what is searched. */
export function readTyped(typed: string, tab: Tab): { tab: Tab; text: string } {
  const sign = signs[typed.trimStart().charAt(0)];
  const text = sign ? typed.trimStart().slice(1) : typed;
  return { tab: sign ?? tab, text: text.trim() };
}

/** Every result in groups, in the order they are shown. */
export function groupsOf(
  text: string,
  tab: Tab,
  found: Suggestions | undefined,
  kinds: readonly KindCounts[],
  commands: readonly Command[],
): Group[] {
  const wanted = text.toLocaleLowerCase("en");
  const integrations = kinds
    .filter(
      ({ title, slug }) =>
        wanted !== "" && (title.toLocaleLowerCase("en").includes(wanted) || slug.includes(wanted)),
    )
    .toSorted(byUse);
  const actions = commands.filter(
    ({ id, byKeyOnly }) => !byKeyOnly && m.commands[id].toLocaleLowerCase("en").includes(wanted),
  );
  // Beside other results, what can be done with what is shown stays at hand.
  const beside =
    actions.length > 0 ? actions : commands.filter(({ on, byKeyOnly }) => on !== null && !byKeyOnly);
  // What is still of an earlier text is better than nothing for a moment, but nothing typed is nothing.
  const known = text === "" ? undefined : found;
  const all: Group[] = [
    {
      tab: "values",
      results: (known?.values ?? []).map((value) => ({ kind: "value", value })),
      total: known?.total_values ?? { n: 0, more: false },
    },
    {
      tab: "scopes",
      results: (known?.scopes ?? []).map((scope) => ({ kind: "scope", found: scope })),
      total: known?.total_scopes ?? { n: 0, more: false },
    },
    {
      tab: "integrations",
      results: integrations.map((of) => ({ kind: "integration", of })),
      total: { n: integrations.length, more: false },
    },
    {
      tab: "actions",
      results: actions.map((command) => ({ kind: "action", command })),
      total: { n: actions.length, more: false },
    },
  ];
  const others = all.some((group) => group.tab !== "actions" && group.results.length > 0);
  return all.map((group) => {
    if (tab === group.tab) return group;
    if (tab === "all" && group.tab === "actions" && others)
      return {
        ...group,
        results: beside.slice(0, FEW.actions).map((command) => ({ kind: "action", command })),
      };
    // With nothing typed there is room for every action.
    const few = text === "" ? group.results.length : FEW[group.tab];
    return { ...group, results: tab === "all" ? group.results.slice(0, few) : [] };
  });
}
