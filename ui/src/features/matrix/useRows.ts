import { useQueries } from "@tanstack/react-query";
import { MATRIX_PAGE, queries } from "../../ipc/queries";
import type { MatrixFilter, MatrixRow } from "../../ipc/types";

type Pages = ReadonlyMap<number, MatrixRow[]>;

/** The rows in sight, asked for by index a page at a time. Pages that were seen stay in the cache. */
export function useRows(
  connection: number,
  filter: MatrixFilter,
  enabled: boolean,
  first: number,
  last: number,
): { at: (index: number) => MatrixRow | undefined; ready: boolean; error: Error | null } {
  const from = Math.floor(first / MATRIX_PAGE);
  const wanted = Array.from({ length: Math.floor(last / MATRIX_PAGE) - from + 1 }, (_, page) => from + page);
  return useQueries({
    queries: wanted.map((page) => ({ ...queries.matrixRows(connection, filter, page), enabled })),
    combine: (answers) => {
      const pages: Pages = new Map(
        answers.flatMap(({ data }, index) => (data ? [[from + index, data.rows] as const] : [])),
      );
      return {
        at: (index: number) => pages.get(Math.floor(index / MATRIX_PAGE))?.[index % MATRIX_PAGE],
        ready: answers.every(({ isPending }) => !isPending),
        error: answers.find(({ error }) => error)?.error ?? null,
      };
    },
  });
}
