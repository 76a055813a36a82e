import {
  keepPreviousData,
  type MutationCache,
  QueryClient,
  queryOptions,
  skipToken,
} from "@tanstack/react-query";
import { app, backend } from "./backend";
import type {
  Aside,
  DriftChange,
  DriftQuery,
  IntegrationRef,
  KindView,
  Level,
  MatrixFilter,
  Member,
  MemberQuery,
  RunSummary,
  ScopeRef,
  StepQuery,
  StepRow,
  Touch,
} from "./bindings.gen";
import { newestOnly } from "../logic/newest";
import type { CommandError } from "./errors";
import { scopeKey } from "./scopes";

/** Children of the tree are fetched in pages of this many. */
export const PAGE_SIZE = 200;
/** The most matches a filtered tree shows. */
const SEARCH_LIMIT = 400;
/** Rows of the matrix are fetched in pages of this many. */
export const MATRIX_PAGE = 100;
/** Members of a group of values, too. */
export const MEMBER_PAGE = 100;
/** Steps of a plan or run, and scopes beside it. */
export const STEP_PAGE = 100;
/** Runs. */
export const RUN_PAGE = 50;
/** And changes. */
export const DRIFT_PAGE = 100;

/** Names of everything that can be asked. */
export type Key =
  | readonly ["app"]
  | readonly ["history-kept"]
  | readonly ["connections"]
  | readonly ["sync", number]
  | readonly ["sync-cost", number, string]
  | readonly ["deep-cost", number, string, string]
  | readonly ["tree", number, string, number]
  | readonly ["tree-search", number, string]
  | readonly ["tree-path", number, string]
  | readonly ["scope", number, string]
  | readonly ["gitlab-page", number, string, string]
  | readonly ["compare", number, string, string]
  | readonly ["edit", number, string, string]
  | readonly ["drafts", number]
  | readonly ["kinds", number, string]
  | readonly ["kind", number, string, string]
  | readonly ["suggest", number, string, string]
  | readonly ["overview", number, string, string]
  | readonly ["trend", number]
  | readonly ["drift", number, string, number]
  | readonly ["drift-counts", number, string]
  | readonly ["value-groups", number, string, string, string]
  | readonly ["members", number, string, number]
  | readonly ["tray", number]
  | readonly ["past-runs", number, number]
  | readonly ["run", number]
  | readonly ["plan", number]
  | readonly ["plan-sums", number]
  | readonly ["secret-fields", string]
  | readonly ["bulk-form", number, string]
  | readonly ["step-groups", number, string]
  | readonly ["steps", number, string, number]
  | readonly ["step", number, number]
  | readonly ["skipped", number, string, number]
  | readonly ["touched", number, string, string, number]
  | readonly ["matrix-head", number, string]
  | readonly ["matrix-rows", number, string, number]
  | readonly ["matrix-sum", number, string, string];

declare module "@tanstack/react-query" {
  interface Register {
    queryKey: Key;
    defaultError: CommandError;
    /** `failure`: title of the toast when it fails; `null`: said where it was asked for. */
    mutationMeta: { failure: string | null };
  }
}

/** Some rows of many. */
export interface Page<R> {
  total: number;
  rows: R[];
}

/** How a page of rows is asked for. */
export interface PageQuery<R> {
  queryKey: Key;
  queryFn: () => Promise<Page<R>>;
}

/** As somebody types, one question is under way, and what was overtaken is not asked. */
const newest = newestOnly();
/** The most of each sort that is offered to somebody who types. */
const SUGGESTIONS = 40;

const at = (ref: IntegrationRef) => [ref.connection, scopeKey(ref.scope), ref.slug] as const;

/** Everything that can be asked, with its key. */
export const queries = {
  app: () => queryOptions({ queryKey: ["app"], queryFn: () => app.appInfo(), staleTime: Infinity }),
  historyKept: () => queryOptions({ queryKey: ["history-kept"], queryFn: () => app.historyKeptDays() }),
  connections: () => queryOptions({ queryKey: ["connections"], queryFn: () => app.listConnections() }),
  sync: (connection: number) =>
    queryOptions({
      queryKey: ["sync", connection],
      queryFn: () => app.syncStatus(connection),
      // Progress comes with `changed`; this only guards against a lost event.
      refetchInterval: ({ state }) => (state.data && state.data.phase !== "idle" ? 1000 : false),
    }),
  syncCost: (connection: number, scope: ScopeRef | null) =>
    queryOptions({
      queryKey: ["sync-cost", connection, scope ? scopeKey(scope) : "all"],
      queryFn: () => app.syncCost(connection, scope),
    }),
  deepScanCost: (ref: IntegrationRef) =>
    queryOptions({ queryKey: ["deep-cost", ...at(ref)], queryFn: () => app.deepScanCost(ref), gcTime: 0 }),
  treeChildren: (connection: number, parent: ScopeRef | null, page: number) =>
    queryOptions({
      queryKey: ["tree", connection, parent ? scopeKey(parent) : "root", page],
      queryFn: () => app.treeChildren(connection, parent, page * PAGE_SIZE, PAGE_SIZE),
    }),
  treeSearch: (connection: number, query: string) =>
    queryOptions({
      queryKey: ["tree-search", connection, query],
      queryFn: query === "" ? skipToken : () => app.treeSearch(connection, query, SEARCH_LIMIT),
      placeholderData: keepPreviousData,
    }),
  treePath: (connection: number, scope: ScopeRef) =>
    queryOptions({
      queryKey: ["tree-path", connection, scopeKey(scope)],
      queryFn: () => app.treePath(connection, scope),
    }),
  scope: (connection: number, scope: ScopeRef) =>
    queryOptions({
      queryKey: ["scope", connection, scopeKey(scope)],
      queryFn: () => app.scopeView(connection, scope),
    }),
  gitlabPage: (connection: number, scope: ScopeRef, slug: string | null) =>
    queryOptions({
      queryKey: ["gitlab-page", connection, scopeKey(scope), slug ?? ""],
      queryFn: () => app.gitlabPage(connection, scope, slug),
    }),
  compare: (ref: IntegrationRef) =>
    queryOptions({ queryKey: ["compare", ...at(ref)], queryFn: () => app.compare(ref) }),
  edit: (ref: IntegrationRef) =>
    queryOptions({ queryKey: ["edit", ...at(ref)], queryFn: () => app.editForm(ref), gcTime: 0 }),
  drafts: (connection: number) =>
    queryOptions({ queryKey: ["drafts", connection], queryFn: () => app.listDrafts(connection) }),
  kinds: (connection: number, root: ScopeRef | null) =>
    queryOptions({
      queryKey: ["kinds", connection, root ? scopeKey(root) : "all"],
      queryFn: () => app.kinds(connection, root),
      placeholderData: keepPreviousData,
    }),
  kindView: (connection: number, slug: string, fields: string[]) =>
    queryOptions({
      queryKey: ["kind", connection, slug, fields.join()],
      queryFn: () => app.kindView(connection, slug, fields),
      placeholderData: (before: KindView | undefined) => (before?.kind.slug === slug ? before : undefined),
    }),
  valueGroups: (connection: number, slug: string, field: string, below: ScopeRef | null) =>
    queryOptions({
      queryKey: ["value-groups", connection, slug, field, below ? scopeKey(below) : "all"],
      queryFn: () => app.valueGroups(connection, slug, field, below),
    }),
  members: (connection: number, query: MemberQuery, page: number): PageQuery<Member> => ({
    queryKey: ["members", connection, JSON.stringify(query), page],
    queryFn: () => app.groupMembers(connection, query, page * MEMBER_PAGE, MEMBER_PAGE),
  }),
  suggest: (connection: number, text: string, slug: string | null) =>
    queryOptions({
      queryKey: ["suggest", connection, text, slug ?? ""],
      queryFn:
        text === ""
          ? skipToken
          : ({ signal }) =>
              newest(signal, async () => {
                const began = performance.now();
                const found = await app.suggest(connection, text, slug, SUGGESTIONS);
                return { found, ms: performance.now() - began };
              }),
      gcTime: 10_000,
    }),
  overview: (connection: number, root: ScopeRef | null, level: Level | null) =>
    queryOptions({
      queryKey: ["overview", connection, root ? scopeKey(root) : "all", level ?? "any"],
      queryFn: () => app.overview(connection, root, level),
      placeholderData: keepPreviousData,
    }),
  trend: (connection: number) =>
    queryOptions({ queryKey: ["trend", connection], queryFn: () => app.trend(connection) }),
  drift: (connection: number, query: DriftQuery, page: number): PageQuery<DriftChange> => ({
    queryKey: ["drift", connection, JSON.stringify(query), page],
    queryFn: () => app.drift(connection, query, page * DRIFT_PAGE, DRIFT_PAGE),
  }),
  driftCounts: (connection: number, since: string) =>
    queryOptions({
      queryKey: ["drift-counts", connection, since],
      queryFn: () => app.driftCounts(connection, since),
    }),
  tray: (connection: number) =>
    queryOptions({ queryKey: ["tray", connection], queryFn: () => app.tray(connection) }),
  pastRuns: (connection: number, page: number): PageQuery<RunSummary> => ({
    queryKey: ["past-runs", connection, page],
    queryFn: () => app.pastRuns(connection, page * RUN_PAGE, RUN_PAGE),
  }),
  run: (run: number) =>
    queryOptions({
      queryKey: ["run", run],
      queryFn: () => app.runView(run),
      // Progress comes with `changed`; this only guards against a lost event.
      refetchInterval: ({ state }) => (state.data?.progress ? 1000 : false),
    }),
  plan: (run: number) => queryOptions({ queryKey: ["plan", run], queryFn: () => app.planReview(run) }),
  planSums: (run: number) =>
    queryOptions({
      queryKey: ["plan-sums", run],
      queryFn: () => app.planSums(run),
      placeholderData: keepPreviousData,
    }),
  secretFields: (slug: string) =>
    queryOptions({ queryKey: ["secret-fields", slug], queryFn: () => app.secretFields(slug) }),
  bulkForm: (connection: number, slug: string) =>
    queryOptions({
      queryKey: ["bulk-form", connection, slug],
      queryFn: () => app.bulkForm(connection, slug),
    }),
  stepGroups: (run: number, query: StepQuery) =>
    queryOptions({
      queryKey: ["step-groups", run, JSON.stringify(query)],
      queryFn: () => app.stepGroups(run, query),
      placeholderData: keepPreviousData,
    }),
  steps: (run: number, query: StepQuery, page: number): PageQuery<StepRow> => ({
    queryKey: ["steps", run, JSON.stringify(query), page],
    queryFn: () => app.runSteps(run, query, page * STEP_PAGE, STEP_PAGE),
  }),
  step: (run: number, step: number) =>
    queryOptions({
      queryKey: ["step", run, step],
      queryFn: () => app.runStep(run, step),
      placeholderData: keepPreviousData,
    }),
  skipped: (run: number, text: string, page: number): PageQuery<Aside> => ({
    queryKey: ["skipped", run, text, page],
    queryFn: () => app.planSkipped(run, text, page * STEP_PAGE, STEP_PAGE),
  }),
  touched: (run: number, how: Touch, text: string, page: number): PageQuery<Aside> => ({
    queryKey: ["touched", run, how, text, page],
    queryFn: () => app.planTouched(run, how, text, page * STEP_PAGE, STEP_PAGE),
  }),
  matrixHead: (connection: number, filter: MatrixFilter) =>
    queryOptions({
      queryKey: ["matrix-head", connection, JSON.stringify(filter)],
      queryFn: () => app.matrixHead(connection, filter),
      placeholderData: keepPreviousData,
    }),
  matrixRows: (connection: number, filter: MatrixFilter, page: number) =>
    queryOptions({
      queryKey: ["matrix-rows", connection, JSON.stringify(filter), page],
      queryFn: () => app.matrixRows(connection, filter, page * MATRIX_PAGE, MATRIX_PAGE),
    }),
  matrixSum: (connection: number, filter: MatrixFilter, kinds: string[], first: number, last: number) =>
    queryOptions({
      queryKey: [
        "matrix-sum",
        connection,
        JSON.stringify(filter),
        `${kinds.join()}@${String(first)}-${String(last)}`,
      ],
      queryFn: () => app.matrixSum(connection, filter, kinds, first, last),
      placeholderData: keepPreviousData,
    }),
};

/** The cache of answers. They come from a local copy: cheap to ask, and only out of date after a `changed`. */
export function makeQueryClient(mutationCache: MutationCache): QueryClient {
  return new QueryClient({
    mutationCache,
    defaultOptions: {
      queries: { staleTime: Infinity, retry: false, networkMode: "always", refetchOnWindowFocus: false },
      // What was done is not looked at again, and some of it holds what was typed of a secret.
      mutations: { networkMode: "always", gcTime: 0 },
    },
  });
}

/**
 * Asks again for what is shown, whenever the app says that something moved. Returns how to stop.
 * What is asked already is answered and shown first: it cannot be taken back, and where events are
 * steady nothing would ever be shown. Its answer may be older than the event, so it is asked once more.
 */
export async function followChanges(client: QueryClient): Promise<() => void> {
  const cache = client.getQueryCache();
  const overtaken = new Set<string>();
  const stop = await backend().onChanged(() => {
    for (const query of cache.getAll())
      if (query.state.fetchStatus === "fetching") overtaken.add(query.queryHash);
    void client.invalidateQueries({}, { cancelRefetch: false });
  });
  const unsubscribe = cache.subscribe(({ type, query }) => {
    if (type === "removed") overtaken.delete(query.queryHash);
    if (type !== "updated" || query.state.fetchStatus !== "idle") return;
    if (overtaken.delete(query.queryHash))
      void client.invalidateQueries({ predicate: (other) => other === query }, { cancelRefetch: false });
  });
  return () => {
    stop();
    unsubscribe();
  };
}
