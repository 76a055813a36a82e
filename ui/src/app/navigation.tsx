import { createContext, use, useEffect, useMemo, useReducer, useState, type ReactNode } from "react";
import { LeaveDialog } from "./LeaveDialog";
import type { DriftChange, FieldValue, Level, ScopeRef, State, Visibility } from "../ipc/types";

/** What the window shows. Plain data: two places are the same when they say the same. */
export type Place =
  | { view: "connect" }
  | { view: "scopes"; connection: number; scope: ScopeRef | null; slug: string | null; editing: boolean }
  | { view: "overview"; connection: number; root: ScopeRef | null; level: Level | null }
  | { view: "matrix"; connection: number; shown: MatrixShown }
  | { view: "integrations"; connection: number; slug: string | null; shown: KindShown }
  | { view: "drift"; connection: number; shown: DriftShown }
  /** `run`: one plan or run; `null`: what waits, and history. */
  | { view: "changes"; connection: number; run: number | null };

/** The views over a connection, by name. */
export type View = Exclude<Place["view"], "connect">;
export type PlaceOf<V extends Place["view"]> = Place & { view: V };

/** Which rows and columns the matrix shows. */
export interface MatrixShown {
  root: ScopeRef | null;
  text: string;
  states: State[];
  /** Columns by slug; `null`: the kinds in use. */
  kinds: string[] | null;
  value: string;
  level: Level | null;
  visibility: Visibility | null;
  archived: boolean;
  folded: ScopeRef[];
}

/** From when on: from when the last sync began, for so many days, or from a day on ("2026-03-23"). */
export type Since = { kind: "sync" } | { kind: "days"; days: number } | { kind: "day"; day: string };

/** Which changes are shown. */
export interface DriftShown {
  since: Since;
  below: ScopeRef | null;
  slug: string | null;
  sync: string | null;
  run: number | null;
}

export const allDrift: DriftShown = {
  since: { kind: "days", days: 7 },
  below: null,
  slug: null,
  sync: null,
  run: null,
};

/** What the view of one kind shows. */
export interface KindShown {
  /** The field that custom settings are grouped by; `null`: the first. */
  field: string | null;
  /** Only below this default. */
  below: ScopeRef | null;
  /** The group whose members are listed. */
  value: FieldValue | null;
}

export const wholeKind: KindShown = { field: null, below: null, value: null };

/** Everything of the matrix. */
export const wholeMatrix: MatrixShown = {
  root: null,
  text: "",
  states: [],
  kinds: null,
  value: "",
  level: null,
  visibility: null,
  archived: false,
  folded: [],
};

/** Where a view begins. */
export function startOf(view: View, connection: number): Place {
  switch (view) {
    case "scopes":
      return { view, connection, scope: null, slug: null, editing: false };
    case "matrix":
      return { view, connection, shown: wholeMatrix };
    case "overview":
      return { view, connection, root: null, level: null };
    case "drift":
      return { view, connection, shown: allDrift };
    case "changes":
      return { view, connection, run: null };
    case "integrations":
      return { view, connection, slug: null, shown: wholeKind };
  }
}

/** Where a change can be looked at: the integration where it happened. */
export function placeOfChange(connection: number, { scope, slug }: DriftChange): Place {
  return { view: "scopes", connection, scope, slug, editing: false };
}

export interface History {
  places: Place[];
  index: number;
}

export type Move = { kind: "go"; place: Place; replace: boolean } | { kind: "step"; by: 1 | -1 };

const LONGEST = 100;

function samePlace(a: Place, b: Place): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether a view is shown, and is not *Changes* with one plan or run in place of the list. */
export function isShown(place: Place, view: View): boolean {
  return place.view === view && !(place.view === "changes" && place.run !== null);
}

/**
 * A view of a connection as it was left, or where it begins. From a plan or a run, *Changes* leads to the
 * list of them.
 */
export function recall({ places, index }: History, view: View, connection: number): Place {
  const here = places[index];
  if (view === "changes" && here?.view === view) return startOf(view, connection);
  const left = places
    .slice(0, index + 1)
    .findLast((place) => place.view === view && place.connection === connection);
  return left ?? startOf(view, connection);
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
  /**
   * `replace`: without a step to come back to, as when moving through a list with the arrow keys.
   * `settled`: nothing would be lost that was not spoken of.
   */
  go: (place: Place, options?: { replace?: boolean; settled?: boolean }) => void;
  /** Turns to a view, as it was left. */
  turnTo: (view: View, connection: number) => void;
  /** What a view leaves behind for when it is come back to, such as where it was scrolled to. */
  left: <T>(key: string, initial: () => T) => T;
  back: (() => void) | null;
  forward: (() => void) | null;
  /** Has the person asked before the next move, until what it returns is called. */
  hold: () => () => void;
}

const Context = createContext<Navigation | null>(null);

export function NavigationProvider({ start, children }: { start: Place; children: ReactNode }) {
  const [history, move] = useReducer(moveHistory, { places: [start], index: 0 });
  const [left] = useState(() => keeper());
  const [holders] = useState(() => new Set<symbol>());
  const [asked, ask] = useState<Move | null>(null);
  const navigation = useMemo<Navigation>(() => {
    const wish = (to: Move) => {
      if (holders.size === 0) move(to);
      else if (moveHistory(history, to) !== history) ask(to);
    };
    return {
      place: history.places[history.index] ?? start,
      go: (place, options) =>
        (options?.settled ? move : wish)({ kind: "go", place, replace: options?.replace ?? false }),
      turnTo: (view, connection) =>
        wish({ kind: "go", place: recall(history, view, connection), replace: false }),
      left,
      back: history.index > 0 ? () => wish({ kind: "step", by: -1 }) : null,
      forward: history.index < history.places.length - 1 ? () => wish({ kind: "step", by: 1 }) : null,
      hold: () => {
        const holder = Symbol();
        holders.add(holder);
        return () => void holders.delete(holder);
      },
    };
  }, [history, start, left, holders]);
  return (
    <Context value={navigation}>
      {children}
      <LeaveDialog
        open={asked !== null}
        onStay={() => ask(null)}
        onLeave={() => {
          ask(null);
          if (asked) move(asked);
        }}
      />
    </Context>
  );
}

/** Keeps one thing by each name, made when it is first asked for. */
function keeper(): Navigation["left"] {
  const kept = new Map<string, unknown>();
  return <T,>(key: string, initial: () => T): T => {
    if (!kept.has(key)) kept.set(key, initial());
    return kept.get(key) as T;
  };
}

export function useNavigation(): Navigation {
  const navigation = use(Context);
  if (!navigation) throw new Error("There is no navigation outside the window.");
  return navigation;
}

/** Asks before leaving while something would be lost that is kept nowhere. */
export function useAskBeforeLeaving(active: boolean): void {
  const { hold } = useNavigation();
  useEffect(() => (active ? hold() : undefined), [active, hold]);
}
