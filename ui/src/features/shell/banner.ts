import type { Connection, SyncStatus } from "../../ipc/types";

/** The one thing to say above all panes. */
export type Banner =
  | { kind: "token"; state: "refused" | "missing" | "unreadable" }
  | { kind: "offline"; since: string; why: string }
  | { kind: "syncing"; first: boolean; status: SyncStatus }
  | { kind: "stopped"; why: string }
  | { kind: "half"; read: number; of: number }
  | { kind: "stale"; finishedAt: string }
  | { kind: "partial"; failed: number };

const DAY = 24 * 60 * 60 * 1000;

/**
 * The most severe thing there is to say. A running sync stands before stale, half, partial and stopped:
 * it is what mends them.
 */
export function chooseBanner(
  connection: Connection,
  status: SyncStatus | undefined,
  now: number,
): Banner | null {
  if (connection.token !== "stored") return { kind: "token", state: connection.token };
  if (connection.reach.state === "offline") {
    return { kind: "offline", since: connection.reach.since, why: connection.reach.why };
  }
  const last = status?.last ?? connection.synced;
  if (status && status.phase !== "idle") return { kind: "syncing", first: last === null, status };
  if (status?.stopped) return { kind: "stopped", why: status.stopped };
  if (status?.half) return { kind: "half", ...status.half };
  if (last && now - Date.parse(last.finished_at) > DAY)
    return { kind: "stale", finishedAt: last.finished_at };
  const failed = failedScopes(status, last);
  // What could not be read may have been read since, one scope at a time.
  const lacking = last?.complete === false && last.failed === 0;
  return failed > 0 || lacking ? { kind: "partial", failed } : null;
}

/** How many could not be read. After a start of the app only the number is known, not which they were. */
function failedScopes(status: SyncStatus | undefined, last: Connection["synced"]): number {
  const listed = status?.failed.length ?? 0;
  return status?.all_failed_known ? listed : Math.max(listed, last?.failed ?? 0);
}
