import { useQueries } from "@tanstack/react-query";
import { MATRIX_PAGE, queries } from "../../ipc/queries";
import type { CommandError } from "../../ipc/errors";
import type { MatrixFilter, MatrixPage, MatrixRow } from "../../ipc/types";

type Pages = ReadonlyMap<number, MatrixPage>;

export interface Rows {
  at: (index: number) => MatrixRow | undefined;
  /** The order that a row was drawn from; `undefined`: it is not here yet. */
  orderAt: (index: number) => string | undefined;
  ready: boolean;
  /** Why some of the rows in sight are not here. */
  error: CommandError | null;
  /** Asks again for those that failed. */
  retry: () => void;
}

/** The rows in sight, asked for by index a page at a time. Pages that were seen stay in the cache. */
export function useRows(
  connection: number,
  filter: MatrixFilter,
  enabled: boolean,
  first: number,
  last: number,
): Rows {
  const from = Math.floor(first / MATRIX_PAGE);
  const wanted = Array.from({ length: Math.floor(last / MATRIX_PAGE) - from + 1 }, (_, page) => from + page);
  return useQueries({
    queries: wanted.map((page) => ({ ...queries.matrixRows(connection, filter, page), enabled })),
    combine: (answers): Rows => {
      const pages: Pages = new Map(
        answers.flatMap(({ data }, index) => (data ? [[from + index, data] as const] : [])),
      );
      return {
        at: (index) => pages.get(Math.floor(index / MATRIX_PAGE))?.rows[index % MATRIX_PAGE],
        orderAt: (index) => pages.get(Math.floor(index / MATRIX_PAGE))?.order,
        ready: answers.every(({ isPending }) => !isPending),
        error: answers.find(({ data, error }) => !data && error)?.error ?? null,
        retry: () => {
          for (const answer of answers) if (answer.isError) void answer.refetch();
        },
      };
    },
  });
}
