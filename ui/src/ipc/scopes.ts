import type { ScopeRef } from "./bindings.gen";

/** A scope's name within its connection, as one string; for keys of all sorts. */
export function scopeKey(scope: ScopeRef): string {
  return `${scope.level}:${scope.id}`;
}

/** Whether both name the same scope. */
export function sameScope(a: ScopeRef | null | undefined, b: ScopeRef | null | undefined): boolean {
  return a?.level === b?.level && a?.id === b?.id;
}
