import {
  keepPreviousData,
  type MutationCache,
  QueryClient,
  queryOptions,
  skipToken,
} from "@tanstack/react-query";
import { app, backend } from "./backend";
import type { IntegrationRef, ScopeRef } from "./bindings.gen";
import type { CommandError } from "./errors";
import { scopeKey } from "./scopes";

/** Children of the tree are fetched in pages of this many. */
export const PAGE_SIZE = 200;
/** The most matches a filtered tree shows. */
const SEARCH_LIMIT = 400;

type Key =
  | readonly ["app"]
  | readonly ["connections"]
  | readonly ["sync", number]
  | readonly ["sync-cost", number, string]
  | readonly ["tree", number, string, number]
  | readonly ["tree-search", number, string]
  | readonly ["tree-path", number, string]
  | readonly ["scope", number, string]
  | readonly ["compare", number, string, string]
  | readonly ["edit", number, string, string]
  | readonly ["drafts", number];

declare module "@tanstack/react-query" {
  interface Register {
    queryKey: Key;
    defaultError: CommandError;
    /** `failure`: title of the toast when it fails; `null`: said where it was asked for. */
    mutationMeta: { failure: string | null };
  }
}

const at = (ref: IntegrationRef) => [ref.connection, scopeKey(ref.scope), ref.slug] as const;

/** Everything that can be asked, with its key. */
export const queries = {
  app: () => queryOptions({ queryKey: ["app"], queryFn: () => app.appInfo(), staleTime: Infinity }),
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
  compare: (ref: IntegrationRef) =>
    queryOptions({ queryKey: ["compare", ...at(ref)], queryFn: () => app.compare(ref) }),
  edit: (ref: IntegrationRef) =>
    queryOptions({ queryKey: ["edit", ...at(ref)], queryFn: () => app.editForm(ref), gcTime: 0 }),
  drafts: (connection: number) =>
    queryOptions({ queryKey: ["drafts", connection], queryFn: () => app.listDrafts(connection) }),
};

/** The cache of answers. They come from a local copy: cheap to ask, and only out of date after a `changed`. */
export function makeQueryClient(mutationCache: MutationCache): QueryClient {
  return new QueryClient({
    mutationCache,
    defaultOptions: {
      queries: { staleTime: Infinity, retry: false, networkMode: "always", refetchOnWindowFocus: false },
      mutations: { networkMode: "always" },
    },
  });
}

/** Asks again for what is shown, whenever the app says that something moved. Returns how to stop. */
export function followChanges(client: QueryClient): Promise<() => void> {
  return backend().onChanged(() => {
    void client.invalidateQueries();
  });
}
