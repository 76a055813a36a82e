import type { Cell } from "./selection";

/** What a key does in the grid. */
export type GridAct =
  | { kind: "move"; to: Cell; extend: boolean }
  | { kind: "toggle" }
  | { kind: "column" }
  | { kind: "row" }
  | { kind: "open" }
  | { kind: "clear" }
  | { kind: "fold"; open: boolean };

interface GridSize {
  rows: number;
  columns: number;
  /** Rows in sight, for Page up and down. */
  page: number;
}

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** ui.md: arrows, Ctrl arrows to the edge, Space, Shift arrows, Ctrl Space column, Shift Space row, Enter, Esc. */
export function gridKey(
  press: Press,
  at: Cell,
  size: GridSize,
  foldable: "open" | "folded" | null,
): GridAct | null {
  if (press.altKey) return null;
  const far = press.ctrlKey || press.metaKey;
  if (press.key === " ") {
    if (far) return at.column >= 0 ? { kind: "column" } : null;
    return { kind: press.shiftKey || at.column < 0 ? "row" : "toggle" };
  }
  if (press.key === "Enter") return far ? null : { kind: "open" };
  if (press.key === "Escape") return { kind: "clear" };
  // On the scope itself, the arrows fold and unfold as in the tree.
  if (at.column < 0 && !far && !press.shiftKey) {
    if (press.key === "ArrowLeft" && foldable === "open") return { kind: "fold", open: false };
    if (press.key === "ArrowRight" && foldable === "folded") return { kind: "fold", open: true };
  }
  const to = target(press.key, far, at, size);
  if (!to) return null;
  // A block is of cells: it never holds the scope's own column.
  const least = press.shiftKey ? 0 : -1;
  const cell = {
    row: clamp(to.row, 0, size.rows - 1),
    column: clamp(to.column, Math.min(least, size.columns - 1), size.columns - 1),
  };
  return { kind: "move", to: cell, extend: press.shiftKey };
}

function target(
  key: string,
  far: boolean,
  { row, column }: Cell,
  { rows, columns, page }: GridSize,
): Cell | null {
  switch (key) {
    case "ArrowDown":
      return { row: far ? rows - 1 : row + 1, column };
    case "ArrowUp":
      return { row: far ? 0 : row - 1, column };
    case "ArrowRight":
      return { row, column: far ? columns - 1 : column + 1 };
    case "ArrowLeft":
      return { row, column: far ? -1 : column - 1 };
    case "PageDown":
      return { row: row + page, column };
    case "PageUp":
      return { row: row - page, column };
    case "Home":
      return { row: far ? 0 : row, column: -1 };
    case "End":
      return { row: far ? rows - 1 : row, column: columns - 1 };
    default:
      return null;
  }
}

const clamp = (n: number, low: number, high: number) => Math.max(low, Math.min(high, n));
