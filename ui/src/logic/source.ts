import type { Level, ScopeName, Source } from "../ipc/types";
import { m } from "../messages/en";

/** How a scope is named in a sentence: its path, and the word for the instance. */
export function placeName(scope: { scope: { level: Level }; path: string }): string {
  return scope.scope.level === "instance" ? m.levels.instanceInSentence : scope.path;
}

/** The scope a source names, if it can be told. */
export function knownSource(source: Source | null): ScopeName | null {
  return source?.kind === "known" ? source.from : null;
}
