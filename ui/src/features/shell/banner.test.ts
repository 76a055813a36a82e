import { describe, expect, it } from "vitest";
import type { Connection, SyncStatus } from "../../ipc/types";
import { chooseBanner } from "./banner";

const now = Date.parse("2026-03-24T14:32:00Z");
const last = { finished_at: "2026-03-24T14:28:00Z", complete: true, failed: 0, seconds: 20, requests: 400 };
const idle: SyncStatus = {
  phase: "idle",
  done: 0,
  total: 0,
  requests: 0,
  failed: [],
  all_failed_known: true,
  notes: [],
  paused: null,
  stopped: null,
  last,
  half: null,
};
const old = { ...last, finished_at: "2026-03-15T14:28:00Z" };
const failed = [{ scope: { level: "group" as const, id: "7" }, path: "acme/security", why: "403" }];
const offline = { state: "offline" as const, since: "2026-03-24T09:12:00Z", why: "connection timed out" };

function connection(change: Partial<Connection>): Connection {
  const base = { token: "stored", reach: { state: "online" }, synced: last };
  return { ...base, ...change } as Connection;
}
const kind = (change: Partial<Connection>, status: SyncStatus) =>
  chooseBanner(connection(change), status, now)?.kind;

describe("which banner is shown", () => {
  it("says nothing when all is well", () => {
    expect(kind({}, idle), "nothing to say").toBeUndefined();
  });

  it("puts a refused token before everything else", () => {
    expect(kind({ token: "refused", reach: offline }, { ...idle, last: old, failed }), "most severe").toBe(
      "token",
    );
  });

  it("puts offline before the age of the data", () => {
    expect(kind({ reach: offline }, { ...idle, last: old }), "age is said within the banner").toBe("offline");
  });

  it("shows progress rather than what the running sync will mend", () => {
    expect(kind({}, { ...idle, phase: "settings", last: old, failed }), "it is being mended").toBe("syncing");
  });

  it("puts stale before partial", () => {
    expect(kind({}, { ...idle, last: old, failed }), "old data matters more").toBe("stale");
    expect(kind({}, { ...idle, failed }), "then what failed").toBe("partial");
  });

  it("says of half a sync that it is half", () => {
    const half = { read: 40, of: 130 };
    expect(kind({}, { ...idle, half }), "also after a restart").toBe("half");
    expect(kind({}, { ...idle, half, last: old }), "it says more than its age").toBe("half");
    expect(kind({}, { ...idle, half, phase: "groups" }), "unless it goes on").toBe("syncing");
  });

  it("goes by the number that was kept while the list is not of the last sync", () => {
    const three = { ...last, complete: false, failed: 3 };
    const started = { ...idle, last: three, all_failed_known: false };
    expect(chooseBanner(connection({}), started, now), "the app was started since").toEqual({
      kind: "partial",
      failed: 3,
    });
    expect(
      chooseBanner(connection({}), { ...started, failed }, now),
      "one of them was tried again",
    ).toMatchObject({ failed: 3 });
    const known = { ...idle, last: three };
    expect(chooseBanner(connection({}), { ...known, failed }, now), "two were mended").toMatchObject({
      failed: 1,
    });
    expect(chooseBanner(connection({}), known, now), "all were").toBeNull();
  });

  it("says why the last sync stopped", () => {
    expect(kind({}, { ...idle, stopped: "The disk is full." }), "it didn't end by itself").toBe("stopped");
  });
});
