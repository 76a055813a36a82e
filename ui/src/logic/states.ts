import type { State, StateCount } from "../ipc/types";

/** Every state, in the order of legends and bars. */
export const allStates: readonly State[] = [
  "inherited",
  "inherited_differs",
  "custom",
  "disabled",
  "off",
  "not_set",
  "unavailable",
  "unknown",
];

/** How many are in any of these states. */
export function countOf(counts: readonly StateCount[], ...states: State[]): number {
  return counts.reduce((sum, { state, n }) => (states.includes(state) ? sum + n : sum), 0);
}

/** Several counts as one. */
export function addCounts(all: readonly (readonly StateCount[])[]): StateCount[] {
  return allStates.flatMap((state) => {
    const n = all.reduce((sum, counts) => sum + countOf(counts, state), 0);
    return n > 0 ? [{ state, n }] : [];
  });
}
