import { useSyncExternalStore } from "react";
import { backend } from "./backend";
import type { Level, Preference } from "./bindings.gen";

/** What the window remembers of itself. Nothing else is kept: no settings, no names of secrets, no tokens. */
export interface Preferences extends Record<Preference, unknown> {
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
  /** Whether keys without Ctrl act (U, E, N …). */
  singleLetters: boolean;
  treeWidth: number;
  listWidth: number;
  draftWidth: number;
  /** What was shown last. */
  last: { connection: number; level: Level; id: string; slug: string | null } | null;
  /** Open nodes of the tree, by connection. */
  expanded: Record<string, string[]>;
}

const initial: Preferences = {
  theme: "system",
  density: "comfortable",
  singleLetters: true,
  treeWidth: 316,
  listWidth: 364,
  draftWidth: 320,
  last: null,
  expanded: {},
};

let preferences = initial;
const listeners = new Set<() => void>();

function publish(next: Preferences): void {
  preferences = next;
  for (const listener of listeners) listener();
}

/** Reads what was kept. A broken or missing file means the initial ones. */
export async function loadPreferences(): Promise<void> {
  let kept: Record<string, unknown> = {};
  try {
    kept = await backend().preferences.read();
  } catch {
    // The window works without them; the next write makes the file anew.
  }
  const usable = Object.entries(initial).filter(([key, fallback]) => {
    const value = kept[key];
    return typeof value === typeof fallback || (fallback === null && typeof value === "object");
  });
  publish({ ...initial, ...Object.fromEntries(usable.map(([key]) => [key, kept[key]])) });
}

/** Changes one preference, at once here and soon on disk; there as `written`, if less is to be remembered. */
export function setPreference<K extends keyof Preferences>(
  key: K,
  value: Preferences[K],
  written: Preferences[K] = value,
): void {
  publish({ ...preferences, [key]: value });
  backend()
    .preferences.write(key, written)
    .catch(() => {
      // Not remembered next time; not worth stopping anyone for.
    });
}

/** The preferences now, without following them. */
export function currentPreferences(): Preferences {
  return preferences;
}

/** One preference, followed. */
export function usePreference<K extends keyof Preferences>(key: K): Preferences[K] {
  return useSyncExternalStore(subscribe, () => preferences[key]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
