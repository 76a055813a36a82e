import type { Connection, KindCounts, Overview, State } from "../../ipc/types";
import { countOf } from "../../logic/states";

/** Something to look at next; the first is the most urgent. */
export type Notable =
  | { kind: "token_expires"; on: string; days: number }
  | { kind: "stale"; at: string }
  | { kind: "unreadable"; n: number }
  | { kind: "differs"; of: KindCounts; n: number }
  | { kind: "most_custom"; of: KindCounts; n: number }
  | { kind: "disabled"; of: KindCounts; n: number };

const DAY = 24 * 60 * 60_000;
/** Plans need data younger than this. */
const STALE = DAY;
const SOON = 90;
/** Few custom settings are no pattern. */
const MANY = 2;

/** What is worth a look, from what is known. */
export function notable(connection: Connection, { kinds, unreadable }: Overview, now: number): Notable[] {
  const found: Notable[] = [];
  const days = connection.token_expires_on
    ? Math.round((Date.parse(`${connection.token_expires_on}T12:00:00`) - now) / DAY)
    : null;
  if (connection.token_expires_on && days !== null && days <= SOON)
    found.push({ kind: "token_expires", on: connection.token_expires_on, days });
  const at = connection.synced?.finished_at;
  if (at && now - Date.parse(at) > STALE) found.push({ kind: "stale", at });
  if (unreadable > 0) found.push({ kind: "unreadable", n: unreadable });
  for (const of of most(kinds, "inherited_differs").slice(0, 2))
    found.push({ kind: "differs", of, n: countOf(of.counts, "inherited_differs") });
  for (const of of most(kinds, "custom").slice(0, 1)) {
    const n = countOf(of.counts, "custom");
    if (n >= MANY) found.push({ kind: "most_custom", of, n });
  }
  for (const of of most(kinds, "disabled").slice(0, 1))
    found.push({ kind: "disabled", of, n: countOf(of.counts, "disabled") });
  return found;
}

function most(kinds: KindCounts[], state: State): KindCounts[] {
  return kinds
    .filter(({ counts }) => countOf(counts, state) > 0)
    .toSorted((a, b) => countOf(b.counts, state) - countOf(a.counts, state));
}
