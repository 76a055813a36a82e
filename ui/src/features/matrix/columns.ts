import { useMemo, useState } from "react";
import type { KindCounts } from "../../ipc/types";
import { byUse } from "../../logic/kinds";

/** A column of the matrix. */
export type Column = KindCounts;

/** The kinds in an order that is kept while the view is open: figures move, columns don't. */
export function useColumns(kinds: KindCounts[] | undefined, chosen: string[] | null): Column[] {
  const [order, setOrder] = useState<readonly string[]>([]);
  const known = new Set(order);
  const added = (kinds ?? []).filter(({ slug }) => !known.has(slug));
  if (added.length > 0) setOrder([...order, ...added.toSorted(byUse).map(({ slug }) => slug)]);
  return useMemo(() => {
    const wanted = chosen && new Set(chosen);
    const all = new Map((kinds ?? []).map((kind) => [kind.slug, kind]));
    return order.flatMap((slug) => {
      const kind = all.get(slug);
      return kind && (wanted ? wanted.has(slug) : kind.in_use) ? [kind] : [];
    });
  }, [kinds, chosen, order]);
}
