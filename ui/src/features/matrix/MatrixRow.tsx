import { ChevronRight } from "lucide-react";
import { memo } from "react";
import { cx } from "../../components/cx";
import { LevelIcon } from "../../components/icons";
import { Tag } from "../../components/Tag";
import { ScopeTags } from "../../components/ScopeTags";
import type { MatrixRow as Row } from "../../ipc/types";
import { m } from "../../messages/en";
import type { Column } from "./columns";
import { CELL, NAME } from "./layout";
import styles from "./Matrix.module.css";
import { MatrixCell } from "./MatrixCell";
import { holds, type Blocks } from "./selection";

interface MatrixRowProps {
  grid: string;
  index: number;
  row: Row | undefined;
  top: number;
  height: number;
  columns: readonly Column[];
  /** Columns in sight. */
  first: number;
  last: number;
  blocks: Blocks;
  /** The column that has the focus, if it is in this row; -1 is the scope. */
  focus: number | null;
  /** In a filtered matrix: rows stand alone, with their path. */
  flat: boolean;
  /** The depth that is drawn at the left edge. */
  base: number;
  folded: boolean;
}

/** A scope with its cells. */
export const MatrixRow = memo(function MatrixRow(props: MatrixRowProps) {
  const { grid, index, row, top, height, columns, first, last, blocks, focus } = props;
  const shown = columns.slice(first, last + 1);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-row={index}
      data-testid={row ? `matrix-row-${row.path}` : undefined}
      className={cx(styles.row, row && row.scope.level !== "project" && styles.group)}
      style={{ transform: `translateY(${String(top)}px)`, height, width: NAME + columns.length * CELL }}
    >
      <Name {...props} />
      {shown.map((column, offset) => {
        const at = first + offset;
        const here = { row: index, column: at };
        const selected = blocks.length > 0 && holds(blocks, here);
        return (
          <MatrixCell
            key={column.slug}
            id={`${grid}-${String(index)}-${String(at)}`}
            cell={row?.cells[at]}
            name={`${column.title}, ${row?.name ?? m.loading}`}
            column={at}
            left={at * CELL}
            selected={selected}
            focused={focus === at}
            edges={selected ? edgesOf(blocks, index, at) : undefined}
          />
        );
      })}
    </div>
  );
});

function Name({ grid, index, row, focus, flat, base, folded }: MatrixRowProps) {
  const branch = row !== undefined && row.children > 0 && !flat;
  const depth = row && !flat ? Math.max(0, row.depth - base) : 0;
  const above = flat && row ? row.path.slice(0, Math.max(0, row.path.lastIndexOf("/") + 1)) : "";
  return (
    <div
      id={`${grid}-${String(index)}--1`}
      role="rowheader"
      aria-colindex={1}
      aria-level={undefined}
      aria-expanded={branch ? !folded : undefined}
      data-column={-1}
      className={cx(styles.name, focus === -1 && styles.focused, row && quiet(row) && styles.quiet)}
      style={{ paddingLeft: 8 + depth * 14 }}
    >
      {row ? (
        <>
          <span
            className={cx(styles.chevron, branch && !folded && styles.open)}
            data-fold={branch || undefined}
          >
            {branch && <ChevronRight size={14} strokeWidth={2} />}
          </span>
          <LevelIcon level={row.scope.level} open={branch && !folded} />
          <span className={styles.path} title={row.path}>
            {above !== "" && <bdi className={styles.above}>{above}</bdi>}
            <bdi className={styles.own}>{row.name}</bdi>
          </span>
          <ScopeTags of={row} />
          {row.unreadable && <Tag title={row.unreadable.text}>{m.tree.notReadable}</Tag>}
        </>
      ) : (
        <span className={styles.waitingName} style={{ width: 90 + (index % 5) * 18 }} />
      )}
    </div>
  );
}

const quiet = (row: Row) => row.archived || row.pending_deletion || row.gone;

/** The outline of a block is drawn by the cells at its edges. */
function edgesOf(blocks: Blocks, row: number, column: number): string {
  const out = (by: number, to: number) => !holds(blocks, { row: row + by, column: column + to });
  return cx(
    out(-1, 0) && styles.edgeTop,
    out(1, 0) && styles.edgeBottom,
    out(0, -1) && styles.edgeLeft,
    out(0, 1) && styles.edgeRight,
  );
}
