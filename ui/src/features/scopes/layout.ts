import { useSyncExternalStore } from "react";

/** The narrowest that default and own settings can be read side by side. */
const COMPARE_MIN = 420;
export const TREE = { min: 240, max: 480 };
export const LIST = { min: 280, max: 520 };
export const DRAFT = { min: 260, max: 480 };
/** Below this, one pane at a time. */
const ONE_PANE = 760;

/** How many panes stand beside each other. */
export type Columns = 1 | 2 | 3;

export function columnsFor(width: number, tree: number, list: number): Columns {
  if (width < ONE_PANE) return 1;
  return width >= tree + list + COMPARE_MIN ? 3 : 2;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("resize", listener);
  return () => window.removeEventListener("resize", listener);
}

/** The window's width, followed. */
export function useWindowWidth(): number {
  return useSyncExternalStore(subscribe, () => window.innerWidth);
}
