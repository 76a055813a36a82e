/** A cell by its row and column; column -1 is the scope itself. */
export interface Cell {
  row: number;
  column: number;
}

/** A block of cells, its ends included. */
export interface Block {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** The selected blocks. They never overlap. */
export type Blocks = readonly Block[];

export const nothing: Blocks = [];

/** The block between two corners. */
export function between(a: Cell, b: Cell): Block {
  return {
    top: Math.min(a.row, b.row),
    bottom: Math.max(a.row, b.row),
    left: Math.min(a.column, b.column),
    right: Math.max(a.column, b.column),
  };
}

export function holds(blocks: Blocks, { row, column }: Cell): boolean {
  return blocks.some(
    ({ top, bottom, left, right }) => row >= top && row <= bottom && column >= left && column <= right,
  );
}

/** Adds a cell, or takes it away when it is there. */
export function toggle(blocks: Blocks, cell: Cell): Blocks {
  const one = between(cell, cell);
  const rest = blocks.flatMap((block) => without(block, one));
  return holds(blocks, cell) ? rest : [...rest, one];
}

/** How many cells are selected. */
export function countCells(blocks: Blocks): number {
  return blocks.reduce(
    (sum, { top, bottom, left, right }) => sum + (bottom - top + 1) * (right - left + 1),
    0,
  );
}

/** The blocks that touch a row; the same empty list where none does, so that rows can tell. */
export function inRow(blocks: Blocks, row: number): Blocks {
  return blocks.some(({ top, bottom }) => row >= top && row <= bottom) ? blocks : nothing;
}

/** What is left of a block without another: above, below, left and right of it. */
function without(block: Block, gone: Block): Block[] {
  const { top, bottom, left, right } = block;
  if (gone.bottom < top || gone.top > bottom || gone.right < left || gone.left > right) return [block];
  const from = Math.max(top, gone.top);
  const to = Math.min(bottom, gone.bottom);
  return [
    { top, bottom: gone.top - 1, left, right },
    { top: gone.bottom + 1, bottom, left, right },
    { top: from, bottom: to, left, right: gone.left - 1 },
    { top: from, bottom: to, left: gone.right + 1, right },
  ].filter((piece) => piece.top <= piece.bottom && piece.left <= piece.right);
}
