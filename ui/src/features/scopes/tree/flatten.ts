import { scopeKey } from "../../../ipc/scopes";
import type { ScopeRef, TreePage, TreeRow } from "../../../ipc/types";

/** A line of the tree as drawn. */
export type TreeLine =
  | {
      kind: "row";
      key: string;
      row: TreeRow;
      expanded: boolean;
      parentKey: string | null;
      depth: number;
      position: number;
      siblings: number;
    }
  | {
      kind: "pending";
      key: string;
      parentKey: string;
      page: number;
      depth: number;
      position: number;
      siblings: number;
    };

/** Pages of children by parent's key; "root" for the top. */
export type Pages = Map<string, (TreePage | undefined)[]>;

/**
 * The tree as a list of lines. Children that were not fetched stand as pending lines, as many as
 * are known to exist, so that the scroll bar doesn't jump when they come.
 */
export function flatten(pages: Pages, expanded: ReadonlySet<string>, pageSize: number): TreeLine[] {
  const lines: TreeLine[] = [];
  const visit = (parentKey: string | null, known: number, depth: number) => {
    const children = pages.get(parentKey ?? "root") ?? [];
    const siblings = children.find((page) => page !== undefined)?.total ?? known;
    for (let index = 0; index < siblings; index++) {
      const page = Math.floor(index / pageSize);
      const row = children[page]?.rows[index % pageSize];
      const place = { depth, position: index + 1, siblings };
      if (!row) {
        // A loaded page that is shorter than announced: the count is from before a change.
        if (children[page]) continue;
        const under = parentKey ?? "root";
        lines.push({ kind: "pending", key: `${under}/${String(index)}`, parentKey: under, page, ...place });
        continue;
      }
      const key = scopeKey(row.scope);
      const open = row.children > 0 && expanded.has(key);
      lines.push({ kind: "row", key, row, expanded: open, parentKey, ...place });
      if (open) visit(key, row.children, depth + 1);
    }
  };
  visit(null, 0, 0);
  return lines;
}

/** Found rows with their ancestors, in tree order, all open. */
export function flattenFound(rows: TreeRow[]): TreeLine[] {
  const parents = new Map<string, number>();
  const parentOf = (row: TreeRow) => (row.parent ? scopeKey(row.parent) : "root");
  for (const row of rows) parents.set(parentOf(row), (parents.get(parentOf(row)) ?? 0) + 1);
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const parent = parentOf(row);
    const position = (seen.get(parent) ?? 0) + 1;
    seen.set(parent, position);
    const key = scopeKey(row.scope);
    return {
      kind: "row",
      key,
      row,
      expanded: parents.has(key),
      parentKey: row.parent ? parent : null,
      depth: row.depth,
      position,
      siblings: parents.get(parent) ?? 1,
    };
  });
}

/** Where a key is: of a line that was pending and has come since, too. -1: nowhere. */
export function indexOfKey(lines: TreeLine[], key: string | null): number {
  const index = lines.findIndex((line) => line.key === key);
  const cut = key?.lastIndexOf("/") ?? -1;
  if (index >= 0 || key === null || cut < 0) return index;
  const [under, position] = [key.slice(0, cut), Number(key.slice(cut + 1)) + 1];
  return lines.findIndex((line) => (line.parentKey ?? "root") === under && line.position === position);
}

/** The scope that a key names. */
export function scopeOfKey(key: string): ScopeRef {
  const cut = key.indexOf(":");
  return { level: key.slice(0, cut) as ScopeRef["level"], id: key.slice(cut + 1) };
}
