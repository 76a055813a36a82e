import { cx } from "../../components/cx";
import { StateGlyph } from "../../components/StateGlyph";
import type { MatrixCell as Cell } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Matrix.module.css";

interface MatrixCellProps {
  id: string;
  cell: Cell | undefined;
  /** "Jira issues, payments-api". */
  name: string;
  column: number;
  left: number;
  selected: boolean;
  focused: boolean;
  /** Sides of the block that end here. */
  edges: string | undefined;
}

/** One integration at one scope: a shape at a fixed place, and how many are custom below. */
export function MatrixCell({ id, cell, name, column, left, selected, focused, edges }: MatrixCellProps) {
  return (
    <div
      id={id}
      role="gridcell"
      aria-colindex={column + 2}
      aria-selected={selected}
      aria-label={cell ? m.matrix.cell(name, cell) : name}
      data-column={column}
      data-state={cell?.state}
      className={cx(styles.cell, selected && styles.picked, focused && styles.focused, edges)}
      style={{ transform: `translateX(${String(left)}px)` }}
    >
      {cell ? (
        <>
          <StateGlyph
            of={cell.sets_default && cell.state === "custom" ? "sets_default" : cell.state}
            size={13}
          />
          {cell.draft && <StateGlyph of="pending" size={11} />}
          {cell.custom_below > 0 && (
            <span className={styles.below}>
              <StateGlyph of="custom" size={8} />
              {m.format.number(cell.custom_below)}
            </span>
          )}
        </>
      ) : (
        <span className={styles.waiting} />
      )}
    </div>
  );
}
