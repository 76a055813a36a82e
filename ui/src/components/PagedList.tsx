import { useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { PageQuery } from "../ipc/queries";
import { listMove } from "../logic/listKeys";
import { m } from "../messages/en";
import { cx } from "./cx";
import styles from "./PagedList.module.css";

/** Rows that belong together, asked for a page at a time. */
export interface Section<R> {
  key: string;
  /** Stands above them; `null`: nothing does. */
  head: ReactNode | null;
  total: number;
  page: (page: number) => PageQuery<R>;
}

interface PagedListProps<R> {
  label: string;
  sections: readonly Section<R>[];
  pageSize: number;
  rowHeight: number;
  row: (row: R) => ReactNode;
  isChosen?: (row: R) => boolean;
  onChoose?: (row: R) => void;
  onOpen?: (row: R) => void;
  rowClassName?: string | undefined;
  /** What tests find a row by. */
  rowTestId?: (row: R) => string;
  /** Whether a row is ticked, in a list of rows that can be; they show it with [data-mark]. */
  isMarked?: (row: R) => boolean;
  /** Space, or a click on the mark. */
  onMark?: ((row: R) => void) | undefined;
  className?: string | undefined;
  style?: React.CSSProperties;
  "data-testid"?: string;
}

type Item = { kind: "head"; section: number } | { kind: "row"; section: number; index: number };

/** A list of any length, of which only what is in sight is asked for and drawn. */
export function PagedList<R>({ sections, pageSize, rowHeight, ...props }: PagedListProps<R>) {
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const total = sections.reduce((sum, section) => sum + section.total, 0);
  const count = sections.reduce((sum, section) => sum + section.total + (section.head === null ? 0 : 1), 0);
  const [kept, setAt] = useState(0);
  const at = Math.min(kept, Math.max(0, total - 1));
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const shown = rows.getVirtualItems().map((drawn) => ({ drawn, item: itemAt(sections, drawn.index) }));

  const wanted = new Map<string, PageQuery<R>>();
  for (const { item } of shown) {
    const section = sections[item.section];
    if (item.kind === "head" || !section) continue;
    const page = Math.floor(item.index / pageSize);
    wanted.set(`${section.key}#${String(page)}`, section.page(page));
  }
  const keys = [...wanted.keys()];
  const pages = useQueries({
    queries: [...wanted.values()],
    combine: (answers) => answers.map(({ data, error, refetch }) => ({ rows: data?.rows, error, refetch })),
  });
  const pageOf = (item: Item) => {
    const section = sections[item.section];
    if (item.kind === "head" || !section) return undefined;
    return pages[keys.indexOf(`${section.key}#${String(Math.floor(item.index / pageSize))}`)];
  };
  const rowOf = (item: Item): R | undefined =>
    item.kind === "head" ? undefined : pageOf(item)?.rows?.[item.index % pageSize];
  /** What did not come, if this row is of it. */
  const failedOf = (item: Item) => {
    const page = pageOf(item);
    return page?.error && !page.rows ? page : undefined;
  };
  // Said once for each page, in the first of its rows that is in sight.
  const saying = new Set<number>();
  const said = new Set<unknown>();
  for (const { drawn, item } of shown) {
    const failed = failedOf(item);
    if (!failed || said.has(failed)) continue;
    said.add(failed);
    saying.add(drawn.index);
  }

  // A key may lead to a row that is still to come: it is chosen once it is there.
  const coming = useRef<number | null>(null);
  function choose(to: number) {
    const found = rowOf(itemAt(sections, drawnAt(sections, to)));
    coming.current = found === undefined ? to : null;
    if (found !== undefined) props.onChoose?.(found);
  }
  useEffect(() => {
    if (coming.current !== null) choose(coming.current);
  });

  function moveTo(to: number) {
    setAt(to);
    rows.scrollToIndex(drawnAt(sections, to), { align: "auto" });
    choose(to);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const next = listMove(event, at, total, page);
    const here = rowOf(itemAt(sections, drawnAt(sections, at)));
    if (next !== null) moveTo(next);
    else if (event.key === " " && here !== undefined && props.onMark) {
      props.onMark(here);
    } else if (event.key === "Enter" && failedOf(itemAt(sections, drawnAt(sections, at)))) {
      void failedOf(itemAt(sections, drawnAt(sections, at)))?.refetch();
    } else if (event.key === "Enter" && here !== undefined && (props.onOpen ?? props.onChoose)) {
      props.onChoose?.(here);
      props.onOpen?.(here);
    } else return;
    event.preventDefault();
  }

  const active = drawnAt(sections, at);
  return (
    <div
      ref={scroller}
      role="listbox"
      aria-label={props.label}
      aria-activedescendant={
        shown.some(({ drawn }) => drawn.index === active) ? `${id}-${String(active)}` : undefined
      }
      tabIndex={0}
      className={cx(styles.list, props.className)}
      style={props.style}
      data-pane-focus=""
      onKeyDown={onKeyDown}
      data-testid={props["data-testid"]}
    >
      <div role="presentation" style={{ height: rows.getTotalSize(), position: "relative" }}>
        {shown.map(({ drawn: { index, start }, item }) => {
          const place = { transform: `translateY(${String(start)}px)`, height: rowHeight };
          if (item.kind === "head") {
            return (
              <div key={`head ${String(index)}`} role="presentation" className={styles.head} style={place}>
                {sections[item.section]?.head}
              </div>
            );
          }
          const row = rowOf(item);
          const chosen = row !== undefined && (props.isChosen?.(row) ?? index === active);
          const position = rowAt(sections, index);
          const failed = failedOf(item);
          return (
            <div
              key={index}
              id={`${id}-${String(index)}`}
              role="option"
              aria-selected={chosen}
              aria-setsize={total}
              aria-posinset={position + 1}
              {...(row !== undefined && props.isMarked ? { "aria-checked": props.isMarked(row) } : {})}
              {...(row === undefined && !failed ? { "aria-label": m.loading } : {})}
              className={cx(
                styles.row,
                chosen && styles.chosen,
                index === active && styles.active,
                props.rowClassName,
              )}
              style={place}
              data-testid={row === undefined ? undefined : props.rowTestId?.(row)}
              onClick={(event) => {
                setAt(position);
                coming.current = null;
                if (failed) void failed.refetch();
                if (row === undefined) return;
                if (props.onMark && (event.target as Element).closest("[data-mark]")) props.onMark(row);
                props.onChoose?.(row);
              }}
              onDoubleClick={() => row !== undefined && props.onOpen?.(row)}
            >
              {row !== undefined && props.row(row)}
              {failed?.error && saying.has(index) && (
                <span role="alert" className={styles.failed}>
                  {m.failed.load}: {failed.error.message} <u>{m.acts.tryAgain}</u>
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const heads = (section: { head: ReactNode | null }) => (section.head === null ? 0 : 1);

/** What is drawn in a place. */
function itemAt<R>(sections: readonly Section<R>[], drawn: number): Item {
  let left = drawn;
  for (const [index, section] of sections.entries()) {
    const head = heads(section);
    if (head > 0 && left === 0) return { kind: "head", section: index };
    if (left < head + section.total) return { kind: "row", section: index, index: left - head };
    left -= head + section.total;
  }
  return { kind: "head", section: sections.length };
}

/** Where a row is drawn, heads counted. */
function drawnAt<R>(sections: readonly Section<R>[], row: number): number {
  let [left, drawn] = [row, 0];
  for (const section of sections) {
    if (left < section.total) return drawn + heads(section) + left;
    left -= section.total;
    drawn += heads(section) + section.total;
  }
  return drawn;
}

/** Which row is drawn in a place, heads not counted. */
function rowAt<R>(sections: readonly Section<R>[], drawn: number): number {
  let [left, row] = [drawn, 0];
  for (const section of sections) {
    const all = heads(section) + section.total;
    if (left < all) return row + left - heads(section);
    left -= all;
    row += section.total;
  }
  return row;
}
