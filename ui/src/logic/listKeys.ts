import type { KeyboardEvent } from "react";

/**
 * Where a key leads in a list of so many, from one of them: arrows, Home and End, and the page keys
 * where a page has a size. `null` for other keys, and with Ctrl, ⌘ or Alt.
 */
export function listMove(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">,
  at: number,
  length: number,
  page: number | null = null,
): number | null {
  if (length === 0 || event.ctrlKey || event.metaKey || event.altKey) return null;
  const to = target(event.key, at, length, page);
  return to === null ? null : Math.max(0, Math.min(length - 1, to));
}

function target(key: string, at: number, length: number, page: number | null): number | null {
  switch (key) {
    case "ArrowDown":
      return at + 1;
    case "ArrowUp":
      return at - 1;
    case "PageDown":
      return page === null ? null : at + page;
    case "PageUp":
      return page === null ? null : at - page;
    case "Home":
      return 0;
    case "End":
      return length - 1;
    default:
      return null;
  }
}
