import { createContext, use, useMemo, useReducer, type ReactNode } from "react";
import type { ScopeRef } from "../ipc/types";
import { sameScope } from "../ipc/scopes";

/** What the window shows. */
export type Place =
  | { view: "connect" }
  | { view: "scopes"; connection: number; scope: ScopeRef | null; slug: string | null; editing: boolean };

export interface History {
  places: Place[];
  index: number;
}

export type Move = { kind: "go"; place: Place; replace: boolean } | { kind: "step"; by: 1 | -1 };

const LONGEST = 100;

function samePlace(a: Place, b: Place): boolean {
  if (a.view === "connect" || b.view === "connect") return a.view === b.view;
  return (
    a.connection === b.connection &&
    sameScope(a.scope, b.scope) &&
    a.slug === b.slug &&
    a.editing === b.editing
  );
}

/** Back and forward, as in a browser: going somewhere new forgets what was ahead. */
export function moveHistory(history: History, move: Move): History {
  if (move.kind === "step") {
    const index = Math.min(history.places.length - 1, Math.max(0, history.index + move.by));
    return index === history.index ? history : { ...history, index };
  }
  const here = history.places[history.index];
  if (here && samePlace(here, move.place)) return history;
  const kept = history.places.slice(0, move.replace ? history.index : history.index + 1);
  const places = [...kept, move.place].slice(-LONGEST);
  return { places, index: places.length - 1 };
}

export interface Navigation {
  place: Place;
  /** `replace`: without a step to come back to, as when moving through a list with the arrow keys. */
  go: (place: Place, options?: { replace?: boolean }) => void;
  back: (() => void) | null;
  forward: (() => void) | null;
}

const Context = createContext<Navigation | null>(null);

export function NavigationProvider({ start, children }: { start: Place; children: ReactNode }) {
  const [history, move] = useReducer(moveHistory, { places: [start], index: 0 });
  const navigation = useMemo<Navigation>(
    () => ({
      place: history.places[history.index] ?? start,
      go: (place, options) => move({ kind: "go", place, replace: options?.replace ?? false }),
      back: history.index > 0 ? () => move({ kind: "step", by: -1 }) : null,
      forward: history.index < history.places.length - 1 ? () => move({ kind: "step", by: 1 }) : null,
    }),
    [history, start],
  );
  return <Context value={navigation}>{children}</Context>;
}

export function useNavigation(): Navigation {
  const navigation = use(Context);
  if (!navigation) throw new Error("There is no navigation outside the window.");
  return navigation;
}
