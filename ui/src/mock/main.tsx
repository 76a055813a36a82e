import { startApp } from "../app/start";
import { provideBackend } from "../ipc/backend";
import type { Connection, SyncStatus } from "../ipc/types";
import { find } from "./answers";
import { mockBackend, type MockOptions } from "./backend";

const asked = new URLSearchParams(location.search);
const minutes = (n: number) => new Date(Date.now() - n * 60_000).toISOString();

const scenes: Record<string, Partial<MockOptions>> = {
  offline: {
    connection: {
      reach: { state: "offline", since: minutes(30), why: "connection timed out" },
    } satisfies Partial<Connection>,
  },
  refused: { connection: { token: "refused" } },
  syncing: {
    sync: {
      phase: "integrations",
      done: 21,
      total: 89,
      requests: 140,
      last: null,
    } satisfies Partial<SyncStatus>,
  },
  first: { connected: false },
  runs: { runs: true },
  several: {
    others: [
      {
        name: "Acme staging",
        host: "gitlab-staging.acme.example",
        reach: { state: "offline", since: minutes(95), why: "connection timed out" },
        synced: { finished_at: minutes(60 * 30), complete: false, failed: 12, seconds: 80, requests: 912 },
        unreadable: 12,
        drafts: 2,
      },
      { name: "gitlab.com", host: "gitlab.com", token: "refused", drafts: 0, unreadable: 0 },
      {
        name: "Build cluster",
        host: "git.build.acme.example",
        reach: { state: "unknown" },
        synced: null,
        unreadable: 0,
        syncing: { phase: "integrations", done: 1210, total: 6214 },
      },
    ],
  },
};

const mock = mockBackend({
  preferences: {
    theme: asked.get("theme") ?? "system",
    density: asked.get("density") ?? "comfortable",
  },
  ...scenes[asked.get("scene") ?? ""],
});
const wanted = [...mock.company.all.values()].find(
  (scope) => scope.path === (asked.get("at") ?? "acme/platform/checkout/payments-api"),
);
mock.kept["expanded"] = {
  "1": [...mock.company.all.values()]
    .filter(
      (scope) =>
        ["instance", "acme", "platform", "mobile", "checkout", "data"].includes(scope.name) ||
        scope.depth === 0,
    )
    .map((scope) => `${scope.ref.level}:${scope.ref.id}`),
};
if (wanted)
  mock.kept["last"] = { connection: 1, ...find(mock.company, wanted.ref).ref, slug: asked.get("slug") };
provideBackend(mock.backend);
startApp();
