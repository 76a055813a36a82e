import type { IntegrationItem, State } from "../../../ipc/types";

/** Which integrations the list shows. */
export type Segment = "used" | "custom" | "all";

export interface Groups {
  custom: IntegrationItem[];
  inherited: IntegrationItem[];
  unused: IntegrationItem[];
  /** Of the unused: those folded away under "37 more". */
  folded: IntegrationItem[];
}

const notable: ReadonlySet<State> = new Set<State>(["disabled", "unknown"]);

const groupOf: Record<State, "custom" | "inherited" | "unused"> = {
  custom: "custom",
  inherited: "inherited",
  inherited_differs: "inherited",
  disabled: "unused",
  off: "unused",
  not_set: "unused",
  unavailable: "unused",
  unknown: "unused",
};

const order: Record<State, number> = {
  inherited_differs: 0,
  custom: 1,
  inherited: 1,
  disabled: 2,
  unknown: 3,
  off: 4,
  not_set: 5,
  unavailable: 6,
};

/** Custom, inherited (those that differ first), not in use; what is uneventful is folded. */
export function groupIntegrations(items: IntegrationItem[], segment: Segment, filter: string): Groups {
  const wanted = filter.trim().toLocaleLowerCase();
  const found = items.filter(
    (item) => wanted === "" || item.title.toLocaleLowerCase().includes(wanted) || item.slug.includes(wanted),
  );
  const sorted = found.toSorted((a, b) => order[a.state] - order[b.state]);
  const of = (group: "custom" | "inherited" | "unused") =>
    sorted.filter((item) => groupOf[item.state] === group);
  const unused = of("unused");
  // A filter looks everywhere; so does the segment that says "All".
  const open = segment === "all" || wanted !== "";
  return {
    custom: of("custom"),
    inherited: segment === "custom" ? [] : of("inherited"),
    unused:
      segment === "custom"
        ? []
        : open
          ? unused
          : unused.filter((item) => notable.has(item.state) || item.draft),
    folded:
      segment === "custom" || open ? [] : unused.filter((item) => !notable.has(item.state) && !item.draft),
  };
}

/** The counts beside the segments. */
export function countSegments(items: IntegrationItem[]): Record<Segment, number> {
  const custom = items.filter((item) => groupOf[item.state] === "custom").length;
  const inherited = items.filter((item) => groupOf[item.state] === "inherited").length;
  return { used: custom + inherited, custom, all: items.length };
}

/** What is folded, by state. */
export function countFolded(items: IntegrationItem[]) {
  const count = (state: State) => items.filter((item) => item.state === state).length;
  return {
    notSet: count("not_set"),
    off: count("off"),
    unavailable: count("unavailable"),
    unknown: count("unknown"),
  };
}
