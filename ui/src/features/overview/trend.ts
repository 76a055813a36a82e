import type { State, Trend } from "../../ipc/types";
import { countOf } from "../../logic/states";

const DAY = 24 * 60 * 60_000;
/** How far back the trend looks. */
export const DAYS = 90;

/** One point of the line: when, and how many. */
export interface Point {
  at: number;
  n: number;
}

/** How many were in a state at each sync that read everything, of the last 90 days. */
export function pointsOf(trend: Trend, state: State, now: number): Point[] {
  return trend.points
    .filter(({ complete }) => complete)
    .map(({ at, counts }) => ({ at: Date.parse(at), n: countOf(counts, state) }))
    .filter(({ at }) => at >= now - DAYS * DAY);
}

/** By how many a state grew since the first of those points; `null` where there is nothing to compare. */
export function changeSince(trend: Trend, state: State, now: number): { by: number; days: number } | null {
  const points = pointsOf(trend, state, now);
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || first === last) return null;
  const days = Math.round((now - first.at) / DAY);
  return days < 1 ? null : { by: last.n - first.n, days };
}

/** Both ends of the axis: the line fills most of it, and small moves don't look large. */
export function domainOf(points: readonly Point[]): [low: number, high: number] {
  const values = points.map(({ n }) => n);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = Math.max(4, Math.ceil((high - low) * 0.2), Math.ceil(high * 0.02));
  return [Math.max(0, low - room), high + room];
}
