import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type MouseEvent } from "react";
import { rowHeights } from "../../app/appearance";
import { cx } from "../../components/cx";
import { Failed } from "../../components/Empty";
import { StateBar } from "../../components/StateBar";
import { StateGlyph } from "../../components/StateGlyph";
import { usePreference } from "../../ipc/preferences";
import { scopeKey } from "../../ipc/scopes";
import type { MatrixFilter, MatrixRow as Row, ScopeRef } from "../../ipc/types";
import { m } from "../../messages/en";
import { CellPopover, type Pointed } from "./CellPopover";
import type { Column } from "./columns";
import { gridKey } from "./keyboard";
import { CELL, HEAD, NAME } from "./layout";
import styles from "./Matrix.module.css";
import { MatrixRow } from "./MatrixRow";
import { between, inRow, nothing, toggle, type Blocks, type Cell } from "./selection";
import { useRows } from "./useRows";

/** What the grid lets others do with what is under the focus. */
export interface GridActs {
  open: (row: Row, column: Column | null) => void;
  fold: (scope: ScopeRef, open: boolean) => void;
  /** *Use default settings* may be offered at all. */
  mayUseDefault: boolean;
}

interface MatrixGridProps {
  connection: number;
  filter: MatrixFilter;
  columns: Column[];
  rows: number;
  ready: boolean;
  scopes: number;
  flat: boolean;
  base: number;
  /** Where it was left. */
  memory: GridMemory;
  /** The order the rows are in; another one is another matrix. */
  order: string;
  blocks: Blocks;
  /** `order`: that of the rows that were seen when this was selected. */
  onSelect: (blocks: Blocks, order: string) => void;
  acts: GridActs;
}

export interface GridMemory {
  top: number;
  left: number;
  focus: Cell;
}

/** Scopes × integrations: frozen head and first column, rows and columns drawn as they come in sight. */
export function MatrixGrid(props: MatrixGridProps) {
  const { connection, filter, columns, rows, blocks, memory, acts, flat, base } = props;
  const height = rowHeights[usePreference("density")].matrix;
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useId();
  const [kept, setFocus] = useState(memory.focus);
  const focus = {
    row: Math.max(0, Math.min(kept.row, rows - 1)),
    column: Math.min(kept.column, columns.length - 1),
  };
  const [anchor, setAnchor] = useState<Cell | null>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  // Another question: begin where that one was left. The grid itself stays, and with it the focus.
  const [seen, setSeen] = useState(memory);
  if (seen !== memory) {
    setSeen(memory);
    setFocus(memory.focus);
    setAnchor(null);
    setPointed(null);
  }

  // A block is not drawn out from where another row stood.
  const [orderSeen, setOrderSeen] = useState(props.order);
  if (orderSeen !== props.order) {
    setOrderSeen(props.order);
    setAnchor(null);
  }

  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const down = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    scrollPaddingStart: HEAD,
    scrollMargin: HEAD,
    initialOffset: memory.top,
  });
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CELL,
    overscan: 3,
    scrollPaddingStart: NAME,
    scrollMargin: NAME,
    initialOffset: memory.left,
  });
  useEffect(() => down.measure(), [down, height]);
  useEffect(() => {
    scroller.current?.scrollTo({ top: memory.top, left: memory.left });
  }, [memory]);
  const shown = down.getVirtualItems();
  const inSight = across.getVirtualItems();
  const [first, last] = [inSight[0]?.index ?? 0, inSight.at(-1)?.index ?? -1];
  const page = useRows(
    connection,
    filter,
    rows > 0 && columns.length > 0,
    shown[0]?.index ?? 0,
    shown.at(-1)?.index ?? 0,
  );
  const focused = page.at(focus.row);
  const folded = new Set(filter.folded.map(scopeKey));

  const focusedColumn = columns[focus.column] ?? null;
  const onSelect = (next: Blocks, row: number) => props.onSelect(next, page.orderAt(row) ?? props.order);

  function moveTo(to: Cell) {
    memory.focus = to;
    setFocus(to);
    setPointed(null);
    down.scrollToIndex(to.row, { align: "auto" });
    if (to.column >= 0) across.scrollToIndex(to.column, { align: "auto" });
  }
  function select(next: Blocks, from: Cell | null) {
    setAnchor(from);
    onSelect(next, from?.row ?? focus.row);
  }
  const wholeRow = (row: number) =>
    between({ row, column: 0 }, { row, column: Math.max(0, columns.length - 1) });
  const wholeColumn = (column: number) => between({ row: 0, column }, { row: Math.max(0, rows - 1), column });

  function onKeyDown(event: KeyboardEvent) {
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD) / height) - 1);
    const group = focused && focused.children > 0 && !flat ? focused.scope : null;
    const act = gridKey(
      event,
      focus,
      { rows, columns: columns.length, page },
      group && (folded.has(scopeKey(group)) ? "folded" : "open"),
    );
    if (!act || rows === 0) return;
    if (act.kind === "clear" && blocks.length === 0 && !pointed) return;
    event.preventDefault();
    event.stopPropagation();
    switch (act.kind) {
      case "move":
        if (act.extend) {
          const from = anchor ?? { row: focus.row, column: Math.max(0, focus.column) };
          select([between(from, act.to)], from);
        } else setAnchor(null);
        moveTo(act.to);
        setPointed({ ...act.to, since: performance.now() });
        break;
      case "toggle":
        select(toggle(blocks, focus), focus);
        break;
      case "column":
        select([wholeColumn(focus.column)], { row: 0, column: focus.column });
        break;
      case "row":
        select([wholeRow(focus.row)], { row: focus.row, column: 0 });
        break;
      case "open":
        if (focused) acts.open(focused, focusedColumn);
        break;
      case "clear":
        if (pointed) setPointed(null);
        else select(nothing, null);
        break;
      case "fold":
        if (group) acts.fold(group, act.open);
        break;
    }
  }

  function press(event: MouseEvent) {
    const to = cellOf(event.target);
    if (event.button !== 0 || !to) return;
    const row = page.at(to.row);
    if (row && (event.target as Element).closest("[data-fold]")) {
      acts.fold(row.scope, folded.has(scopeKey(row.scope)));
      return;
    }
    moveTo(to);
    if (to.column < 0) return select([wholeRow(to.row)], { row: to.row, column: 0 });
    if (event.shiftKey) select([between(anchor ?? focus, to)], anchor ?? focus);
    else if (event.ctrlKey || event.metaKey) select(toggle(blocks, to), to);
    else select([between(to, to)], to);
  }
  function hover(event: MouseEvent) {
    const to = cellOf(event.target);
    if (event.buttons === 1 && anchor && to && to.column >= 0) {
      onSelect([between(anchor, to)], to.row);
      setPointed(null);
    } else if (to?.row !== pointed?.row || to?.column !== pointed?.column) {
      setPointed(to && to.column >= 0 ? { ...to, since: performance.now() } : null);
    }
  }

  const active =
    shown.some(({ index }) => index === focus.row) &&
    (focus.column < 0 || (focus.column >= first && focus.column <= last))
      ? `${grid}-${String(focus.row)}-${String(focus.column)}`
      : undefined;
  const picked = new Set(
    blocks
      .filter(({ top, bottom }) => top === 0 && bottom === rows - 1)
      .flatMap(({ left, right }) => columns.slice(left, right + 1).map(({ slug }) => slug)),
  );
  const tip = pointed && page.at(pointed.row);
  const tipColumn = pointed && columns[pointed.column];
  return (
    <>
      <div
        ref={scroller}
        role="grid"
        aria-label={m.matrix.label}
        aria-rowcount={rows + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable
        aria-activedescendant={active}
        aria-busy={!page.ready || !props.ready}
        tabIndex={0}
        className={cx(styles.grid, rows === 0 && styles.bare)}
        data-pane-focus=""
        data-testid="matrix-grid"
        onKeyDown={onKeyDown}
        onMouseDown={press}
        onMouseMove={hover}
        onMouseLeave={() => setPointed(null)}
        onDoubleClick={(event) => {
          const at = cellOf(event.target);
          const row = at && page.at(at.row);
          if (row) acts.open(row, columns[at.column] ?? null);
        }}
        onScroll={(event) => {
          memory.top = event.currentTarget.scrollTop;
          memory.left = event.currentTarget.scrollLeft;
          setPointed(null);
        }}
      >
        <div
          role="row"
          aria-rowindex={1}
          className={styles.head}
          style={{ width: NAME + columns.length * CELL }}
        >
          <div role="columnheader" aria-colindex={1} className={styles.corner}>
            {m.matrix.scope}
            <span className={styles.cornerNote} aria-hidden="true">
              <StateGlyph of="custom" size={8} />
              {m.matrix.customBelow}
            </span>
          </div>
          {columns.slice(first, last + 1).map((column, offset) => (
            <div
              key={column.slug}
              role="columnheader"
              aria-colindex={first + offset + 2}
              className={cx(styles.columnHead, picked.has(column.slug) && styles.columnPicked)}
              style={{ transform: `translateX(${String((first + offset) * CELL)}px)` }}
              title={m.matrix.columnTitle(column)}
              data-testid={`matrix-column-${column.slug}`}
              onMouseDown={(event) => {
                if (event.button !== 0 || rows === 0) return;
                moveTo({ row: focus.row, column: first + offset });
                select([wholeColumn(first + offset)], { row: 0, column: first + offset });
              }}
            >
              <span>{column.title}</span>
              <StateBar counts={column.counts} of={props.scopes} />
            </div>
          ))}
        </div>
        <div role="rowgroup" className={styles.canvas} style={{ height: rows * height }}>
          {shown.map(({ index, start }) => {
            const row = page.at(index);
            return (
              <MatrixRow
                key={index}
                grid={grid}
                index={index}
                row={row}
                top={start - HEAD}
                height={height}
                columns={columns}
                first={first}
                last={last}
                blocks={inRow(blocks, index)}
                focus={index === focus.row ? focus.column : null}
                flat={flat}
                base={base}
                folded={row !== undefined && folded.has(scopeKey(row.scope))}
              />
            );
          })}
        </div>
        {pointed && tip && tipColumn && (
          <CellPopover
            key={`${String(pointed.row)}-${String(pointed.column)}`}
            anchor={`${grid}-${String(pointed.row)}-${String(pointed.column)}`}
            at={{ connection, scope: tip.scope, slug: tipColumn.slug }}
            cell={tip.cells[pointed.column]}
            row={tip}
            column={tipColumn}
            useDefault={acts.mayUseDefault}
          />
        )}
      </div>
      {page.error && <Failed error={page.error} onRetry={page.retry} />}
    </>
  );
}

function cellOf(target: EventTarget): Cell | null {
  if (!(target instanceof Element)) return null;
  const column = target.closest("[data-column]")?.getAttribute("data-column");
  const row = target.closest("[data-row]")?.getAttribute("data-row");
  return column && row ? { row: Number(row), column: Number(column) } : null;
}
