import { describe, expect, it } from "vitest";
import { gridKey } from "./keyboard";
import { between, countCells, holds, inRow, nothing, toggle, type Blocks } from "./selection";

const cell = (row: number, column: number) => ({ row, column });

describe("selecting blocks", () => {
  it("spans two corners, whichever comes first", () => {
    expect(between(cell(5, 1), cell(2, 3)), "ordered").toEqual({ top: 2, bottom: 5, left: 1, right: 3 });
  });

  it("takes a cell out of the middle of a block and leaves every other", () => {
    const whole: Blocks = [between(cell(0, 0), cell(4, 4))];
    const rest = toggle(whole, cell(2, 2));
    expect(countCells(rest), "one of 25 is gone").toBe(24);
    expect(holds(rest, cell(2, 2)), "that one").toBe(false);
    for (const other of [cell(2, 1), cell(2, 3), cell(1, 2), cell(3, 2), cell(0, 0), cell(4, 4)])
      expect(holds(rest, other), `${other.row},${other.column} stays`).toBe(true);
  });

  it("puts the cell back without counting it twice", () => {
    const whole: Blocks = [between(cell(0, 0), cell(4, 4))];
    expect(countCells(toggle(toggle(whole, cell(2, 2)), cell(2, 2))), "as before").toBe(25);
  });

  it("tells rows that hold nothing of it by the same list", () => {
    const blocks: Blocks = [between(cell(3, 0), cell(3, 0))];
    expect(inRow(blocks, 2), "not touched").toBe(nothing);
    expect(inRow(blocks, 3), "touched").toBe(blocks);
  });
});

describe("keys in the grid", () => {
  const size = { rows: 100, columns: 10, page: 20 };
  const press = (key: string, held: { ctrlKey?: boolean; shiftKey?: boolean } = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...held,
  });

  it("stops at the edges", () => {
    expect(gridKey(press("ArrowUp"), cell(0, 0), size, null)).toMatchObject({ to: cell(0, 0) });
    expect(gridKey(press("PageDown"), cell(95, 0), size, null)).toMatchObject({ to: cell(99, 0) });
  });

  it("goes to the edge with Ctrl", () => {
    expect(gridKey(press("ArrowDown", { ctrlKey: true }), cell(3, 2), size, null)).toMatchObject({
      to: cell(99, 2),
    });
    expect(gridKey(press("End", { ctrlKey: true }), cell(3, 2), size, null)).toMatchObject({
      to: cell(99, 9),
    });
  });

  it("extends with Shift, but never over the scope's own column", () => {
    expect(gridKey(press("ArrowLeft", { shiftKey: true }), cell(3, 0), size, null)).toEqual({
      kind: "move",
      to: cell(3, 0),
      extend: true,
    });
  });

  it("selects with Space: a cell, a column with Ctrl, a row with Shift or on the scope", () => {
    expect(gridKey(press(" "), cell(1, 1), size, null)).toEqual({ kind: "toggle" });
    expect(gridKey(press(" ", { ctrlKey: true }), cell(1, 1), size, null)).toEqual({ kind: "column" });
    expect(gridKey(press(" ", { shiftKey: true }), cell(1, 1), size, null)).toEqual({ kind: "row" });
    expect(gridKey(press(" "), cell(1, -1), size, null)).toEqual({ kind: "row" });
  });

  it("folds and unfolds on a group's name before it moves", () => {
    expect(gridKey(press("ArrowLeft"), cell(1, -1), size, "open")).toEqual({ kind: "fold", open: false });
    expect(gridKey(press("ArrowRight"), cell(1, -1), size, "folded")).toEqual({ kind: "fold", open: true });
    expect(gridKey(press("ArrowRight"), cell(1, -1), size, "open"), "nothing to unfold").toMatchObject({
      to: cell(1, 0),
    });
  });
});
