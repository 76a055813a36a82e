import { useLayoutEffect, useSyncExternalStore } from "react";
import { usePreference } from "../ipc/preferences";

const dark = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;

function followSystem(listener: () => void): () => void {
  dark?.addEventListener("change", listener);
  return () => dark?.removeEventListener("change", listener);
}

/** Puts theme and density on the document. */
export function useAppearance(): void {
  const theme = usePreference("theme");
  const density = usePreference("density");
  const systemDark = useSyncExternalStore(followSystem, () => dark?.matches ?? false);
  useLayoutEffect(() => {
    const shown = theme === "system" ? (systemDark ? "dark" : "light") : theme;
    document.documentElement.dataset["theme"] = shown;
    document.documentElement.dataset["density"] = density;
  }, [theme, density, systemDark]);
}

/** Tells tests and screenshots that the first view has its data. */
export function useReadyMark(ready: boolean): void {
  useLayoutEffect(() => {
    if (ready) document.documentElement.dataset["ready"] = "true";
  }, [ready]);
}

/** Row heights, for lists that are drawn row by row. */
export const rowHeights = {
  comfortable: { tree: 26, list: 44, compare: 30, matrix: 29 },
  compact: { tree: 24, list: 40, compare: 28, matrix: 26 },
} as const;
