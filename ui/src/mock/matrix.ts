import type {
  KindCounts,
  MatrixCell,
  MatrixFilter,
  MatrixHead,
  MatrixPage,
  MatrixRow,
  MatrixSum,
  ScopeRef,
  State,
  StateCount,
} from "../ipc/types";
import { ancestors, find, item, treeRow } from "./answers";
import type { Company, Scope } from "./company";
import { kinds } from "./kinds";

const none: ReadonlySet<string> = new Set();
type Drafts = (scope: Scope) => ReadonlySet<string>;

const visit = (scope: Scope): Scope[] => [scope, ...scope.children.flatMap(visit)];
const rootOf = (company: Company, root: ScopeRef | null) => (root ? find(company, root) : company.root);

/** States as counts, in the order they were met. */
export function counted(states: State[]): StateCount[] {
  const counts = new Map<State, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, n]) => ({ state, n }));
}

/** One kind's figures over some scopes; the instance's own row is the default itself and not counted. */
export function kindCounts(company: Company, scopes: Scope[], slug: string): KindCounts {
  const [, title = slug, category = "other"] = kinds.find(([each]) => each === slug) ?? [];
  const below = scopes.filter((scope) => scope.ref.level !== "instance");
  const rows = below.filter((scope) => scope.rows.has(slug));
  return {
    slug,
    title,
    category,
    counts: counted(below.map((scope) => item(company, scope, slug, none).state)),
    defaults: scopes.filter(
      (scope) => scope.ref.level !== "project" && scope.rows.get(slug)?.link === "custom",
    ).length,
    in_use: rows.length > 0,
  };
}

export function kindList(company: Company, root: ScopeRef | null): KindCounts[] {
  const scopes = visit(rootOf(company, root));
  return kinds.filter(([, , , levels]) => levels !== "i").map(([slug]) => kindCounts(company, scopes, slug));
}

function rowsOf(company: Company, filter: MatrixFilter): Scope[] {
  const folded = new Set(filter.folded.map(({ level, id }) => `${level}:${id}`));
  const text = filter.text.toLowerCase();
  const value = filter.value.toLowerCase();
  return visit(rootOf(company, filter.root)).filter((scope) => {
    const { level } = scope.ref;
    if (!filter.archived && scope.archived) return false;
    if (filter.level && level !== filter.level) return false;
    if (text !== "" && !scope.path.toLowerCase().includes(text)) return false;
    if (filter.visibility && filter.visibility !== "private") return false;
    if (ancestors(scope).some(({ ref }) => folded.has(`${ref.level}:${ref.id}`))) return false;
    if (
      filter.states.length > 0 &&
      !filter.kinds.some((slug) => filter.states.includes(item(company, scope, slug, none).state))
    )
      return false;
    return (
      value === "" ||
      filter.kinds.some((slug) =>
        Object.values(scope.rows.get(slug)?.fields ?? {}).some((held) =>
          JSON.stringify(held).toLowerCase().includes(value),
        ),
      )
    );
  });
}

const orderOf = (rows: Scope[]) => rows.map(({ ref }) => `${ref.level}:${ref.id}`).join(" ");

/** Whether rows that were selected by their place still stand there. */
export function inOrder(company: Company, filter: MatrixFilter, order: string): boolean {
  return orderOf(rowsOf(company, filter)) === order;
}

export function matrixHead(company: Company, filter: MatrixFilter): MatrixHead {
  const below = visit(rootOf(company, filter.root));
  const rows = rowsOf(company, filter);
  return {
    rows: rows.length,
    order: orderOf(rows),
    groups: below.filter(({ ref }) => ref.level === "group").length,
    projects: below.filter(({ ref }) => ref.level === "project").length,
    unreadable: below.filter(({ unreadable }) => unreadable).length,
  };
}

function cell(company: Company, scope: Scope, slug: string, drafts: ReadonlySet<string>): MatrixCell {
  const it = item(company, scope, slug, drafts);
  return { state: it.state, sets_default: it.sets_default, custom_below: it.custom_below, draft: it.draft };
}

export function matrixRows(
  company: Company,
  filter: MatrixFilter,
  offset: number,
  limit: number,
  drafts: Drafts,
): MatrixPage {
  const all = rowsOf(company, filter);
  return {
    order: orderOf(all),
    rows: all.slice(offset, offset + limit).map((scope): MatrixRow => {
      const row = treeRow(company, scope, 0);
      const kept = drafts(scope);
      return {
        scope: row.scope,
        depth: row.depth,
        name: row.name,
        path: row.path,
        children: row.children,
        archived: row.archived,
        pending_deletion: row.pending_deletion,
        gone: row.gone,
        unreadable: row.unreadable,
        cells: filter.kinds.map((slug) => cell(company, scope, slug, kept)),
      };
    }),
  };
}

export function matrixSum(
  company: Company,
  filter: MatrixFilter,
  slugs: string[],
  first: number,
  last: number,
): MatrixSum {
  const scopes = rowsOf(company, filter).slice(first, last + 1);
  return {
    groups: scopes.filter(({ ref }) => ref.level === "group").length,
    projects: scopes.filter(({ ref }) => ref.level === "project").length,
    states: counted(scopes.flatMap((scope) => slugs.map((slug) => item(company, scope, slug, none).state))),
  };
}
