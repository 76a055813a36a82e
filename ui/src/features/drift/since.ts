import type { Since } from "../../app/navigation";
import type { Connection } from "../../ipc/types";

const DAY = 24 * 60 * 60_000;

/** The time that "since …" stands for. Whole minutes for spans, so that one question stays one. */
export function sinceTime(since: Since, { synced }: Connection, now: number): string {
  switch (since.kind) {
    case "sync": {
      // From when the last sync began: what it noticed is what is new.
      const took = Math.ceil((synced?.seconds ?? 0) * 1000);
      return new Date((synced ? Date.parse(synced.finished_at) : now) - took - 1000).toISOString();
    }
    case "days":
      return new Date(Math.floor(now / 60_000) * 60_000 - since.days * DAY).toISOString();
    case "day":
      return new Date(`${since.day}T00:00:00`).toISOString();
  }
}

/** A day as a date field takes it, in local time. */
export function dayOf(ms: number): string {
  const day = new Date(ms);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${String(day.getFullYear())}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
