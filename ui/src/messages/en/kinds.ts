import type { KindCounts } from "../../ipc/types";
import { countOf } from "../../logic/states";
import * as f from "../format";

export const kinds = {
  list: "Kinds of integrations",
  filter: (n: number) => `Filter ${f.plural(n, "integration", "integrations")}`,
  integration: "Integration",
  more: (n: number) => `${f.number(n)} more, not in use`,
  none: "No integrations are known yet",
  /** What a screen reader says of a kind, after its name and the number of custom settings. */
  optionRest: ({ counts }: KindCounts) =>
    ` custom, ${f.number(countOf(counts, "inherited", "inherited_differs"))} inherited`,
  across: (n: number) => `across ${f.plural(n, "scope", "scopes")}`,
  defaults: "Defaults",
  defaultsNote: (n: number) =>
    n === 0
      ? "None are set, as far as can be seen"
      : `${f.number(n)} set. The nearest one above a scope applies`,
  noDefaults: "No scope sets a default",
  noDefaultsNext: "Every scope that uses this integration has its own settings.",
  hiddenDefaults: "No default can be seen",
  hiddenDefaultsNext:
    "Scopes inherit this integration, or GitLab doesn’t tell whether they do: what they inherit from couldn’t be read.",
  inherit: "Inherit",
  share: "Inherited and custom",
  inferred: "inferred",
  between: "Sets none, or passes on",
  differ: (n: number) =>
    f.form(n, `${f.number(n)} inherits, but differs`, `${f.number(n)} inherit, but differ`),
  showBelow: (path: string) => `Only custom settings in ${path}`,
  openScope: (path: string) => `Open ${path} in Scopes`,
  byValue: "Custom settings by value",
  groupBy: "Group by",
  otherFields: "Other field",
  below: (place: string) => `In ${place}`,
  unread: (n: number) => `${f.plural(n, "scope has", "scopes have")} custom settings that were not read`,
  scopesValues: (scopes: number, values: number) =>
    `${f.plural(scopes, "scope", "scopes")}, ${f.plural(values, "value", "values")}`,
  noFields: "Nothing to group by",
  noFieldsNext: (custom: number) =>
    `GitLab returns no field of this integration. ${f.plural(custom, "scope has", "scopes have")} custom settings.`,
  noCustom: (place: string | null) => (place ? `No custom settings in ${place}` : "No custom settings"),
  noCustomNext: "Everything in use comes from default settings.",
  valuesOf: (field: string) => `Values of ${field}`,
  otherValues: (n: number) => `and ${f.plural(n, "other value", "other values")}`,
  notDefault: "not the default",
  asDefault: (field: string) => `same ${field} as the default`,
  defaultOf: (places: string[]) =>
    places.length > 2 ? `default of ${f.number(places.length)} scopes` : `default of ${f.list(places)}`,
  noDefaultHasIt: "no default has it",
  valueGone: (value: string) => `No custom settings have ${value} any more. Choose another value.`,
  membersOf: (n: number, value: string) => `${f.plural(n, "scope", "scopes")} with ${value}`,
  changed: "Changed in GitLab",
  differing: "Differ",
  showInMatrix: "Show in Matrix",
};
