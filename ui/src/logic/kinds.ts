import type { KindCounts } from "../ipc/types";
import { countOf } from "./states";

/** Kinds with most custom settings first, then those used most, then by title. */
export function byUse(a: KindCounts, b: KindCounts): number {
  return (
    countOf(b.counts, "custom") - countOf(a.counts, "custom") ||
    countOf(b.counts, "inherited", "inherited_differs") -
      countOf(a.counts, "inherited", "inherited_differs") ||
    a.title.localeCompare(b.title, "en")
  );
}
