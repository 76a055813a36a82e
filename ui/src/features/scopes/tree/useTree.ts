import { useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { setPreference, usePreference } from "../../../ipc/preferences";
import { PAGE_SIZE, queries } from "../../../ipc/queries";
import type { CommandError } from "../../../ipc/errors";
import type { TreePage } from "../../../ipc/types";
import { flatten, flattenFound, scopeOfKey, type Pages, type TreeLine } from "./flatten";
import { ancestorsIn, toRemember } from "./remembered";

const onlyRoot = ["instance:0"];

interface Answers {
  pages: (TreePage | undefined)[];
  error: CommandError | null;
  retry: () => void;
}

const pagesOf = (results: UseQueryResult<TreePage>[]): Answers => ({
  pages: results.map((result) => result.data),
  error: results.find(({ data, error }) => !data && error)?.error ?? null,
  retry: () => {
    for (const result of results) if (result.isError) void result.refetch();
  },
});

export interface Tree {
  lines: TreeLine[];
  loading: boolean;
  /** Why some of it is not here. */
  error: CommandError | null;
  /** Asks again for what failed. */
  retry: () => void;
  /** In a filtered tree: matches in all. */
  matches: number | null;
  expand: (keys: string[]) => void;
  collapse: (key: string) => void;
  /** Asks for children that are in sight but not here. */
  want: (lines: TreeLine[]) => void;
}

/** The tree of a connection, fetched page by page as it is opened and scrolled. */
export function useTree(connection: number, filter: string, selected: string | null): Tree {
  const remembered = usePreference("expanded");
  const open = remembered[String(connection)] ?? onlyRoot;
  const expanded = useMemo(() => new Set(open), [open]);
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set<string>());

  const asked = useMemo(() => {
    const all = new Map<string, { key: string; page: number }>();
    for (const key of ["root", ...expanded]) all.set(`${key}@0`, { key, page: 0 });
    for (const name of wanted) {
      const cut = name.lastIndexOf("@");
      const key = name.slice(0, cut);
      if (expanded.has(key)) all.set(name, { key, page: Number(name.slice(cut + 1)) });
    }
    return [...all.values()];
  }, [expanded, wanted]);

  const answers = useQueries({
    queries: asked.map(({ key, page }) =>
      queries.treeChildren(connection, key === "root" ? null : scopeOfKey(key), page),
    ),
    combine: pagesOf,
  });
  const root = useQuery(queries.treeChildren(connection, null, 0));
  const found = useQuery(queries.treeSearch(connection, filter));

  const lines = useMemo(() => {
    if (filter !== "" && found.data) return flattenFound(found.data.rows);
    // The whole tree under a filter that was not answered would be taken for its answer.
    if (filter !== "" && found.isError) return [];
    const pages: Pages = new Map();
    asked.forEach(({ key, page }, index) => {
      const list = pages.get(key) ?? [];
      list[page] = answers.pages[index];
      pages.set(key, list);
    });
    return flatten(pages, expanded, PAGE_SIZE);
  }, [filter, found.data, found.isError, asked, answers.pages, expanded]);

  const remember = useCallback(
    (keys: string[]) => {
      const all = { ...remembered, [String(connection)]: keys };
      const way = ancestorsIn(lines, selected);
      const written = Object.entries(all).map(
        ([of, open]) => [of, toRemember(open, of === String(connection) ? way : [])] as const,
      );
      setPreference("expanded", all, Object.fromEntries(written));
    },
    [remembered, connection, lines, selected],
  );
  const expand = useCallback(
    (keys: string[]) => {
      const added = keys.filter((key) => !expanded.has(key));
      if (added.length > 0) remember([...expanded, ...added]);
    },
    [expanded, remember],
  );
  const collapse = useCallback(
    (key: string) => remember([...expanded].filter((other) => other !== key)),
    [expanded, remember],
  );
  const want = useCallback((inSight: TreeLine[]) => {
    setWanted((before) => {
      const missing = inSight.flatMap((line) =>
        line.kind === "pending" && !before.has(`${line.parentKey}@${String(line.page)}`)
          ? [`${line.parentKey}@${String(line.page)}`]
          : [],
      );
      return missing.length > 0 ? new Set([...before, ...missing]) : before;
    });
  }, []);

  return {
    lines,
    loading: root.isPending,
    error: filter === "" ? (root.data ? answers.error : root.error) : found.data ? null : found.error,
    retry: () => {
      if (filter !== "") void found.refetch();
      else answers.retry();
    },
    matches: filter === "" ? null : (found.data?.total ?? null),
    expand,
    collapse,
    want,
  };
}
