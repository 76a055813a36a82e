import { useQueries, type UseQueryOptions } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useId, useRef, useState, type CSSProperties, type KeyboardEvent } from "react";
import type { Key } from "../ipc/queries";
import type { CommandError } from "../ipc/errors";
import { listMove } from "../logic/listKeys";

interface PagedListOptions<Page extends { rows: unknown[] }, K extends Key> {
  total: number;
  /** Height of a row. */
  height: number;
  /** Rows of a page. */
  size: number;
  /** How a page is asked for. */
  page: (page: number) => UseQueryOptions<Page, CommandError, Page, K>;
  onOpen: (row: Page["rows"][number]) => void;
}

/** A listbox of very many rows: only what is in sight is drawn, and asked for a page at a time. */
export function usePagedList<Page extends { rows: unknown[] }, K extends Key>(
  options: PagedListOptions<Page, K>,
) {
  const { total, height, size, page, onOpen } = options;
  const scroller = useRef<HTMLDivElement>(null);
  const [kept, setAt] = useState(0);
  const at = Math.max(0, Math.min(kept, total - 1));
  const id = useId();
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 10,
  });
  const shown = rows.getVirtualItems();
  const from = Math.floor((shown[0]?.index ?? 0) / size);
  const to = Math.floor((shown.at(-1)?.index ?? 0) / size);
  const pages = useQueries({
    queries: Array.from({ length: to - from + 1 }, (_, index) => page(from + index)),
    combine: (answers) => answers.map(({ data }) => data?.rows),
  });
  const rowAt = (index: number): Page["rows"][number] | undefined =>
    pages[Math.floor(index / size) - from]?.[index % size];

  function onKeyDown(event: KeyboardEvent) {
    const inSight = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
    const next = listMove(event, at, total, inSight);
    const row = rowAt(at);
    if (next !== null) {
      setAt(next);
      rows.scrollToIndex(next, { align: "auto" });
    } else if (event.key === "Enter" && row && !event.ctrlKey && !event.metaKey && !event.altKey) onOpen(row);
    else return;
    event.preventDefault();
  }

  return {
    rows: shown.map(({ index, start }) => ({
      index,
      row: rowAt(index),
      active: index === at,
      option: {
        id: `${id}-${String(index)}`,
        role: "option" as const,
        "aria-selected": index === at,
        "aria-setsize": total,
        "aria-posinset": index + 1,
        style: { transform: `translateY(${String(start)}px)`, height } satisfies CSSProperties,
        onClick: () => setAt(index),
        onDoubleClick: () => {
          const row = rowAt(index);
          if (row) onOpen(row);
        },
      },
    })),
    list: {
      ref: scroller,
      role: "listbox" as const,
      "aria-activedescendant": shown.some(({ index }) => index === at) ? `${id}-${String(at)}` : undefined,
      tabIndex: 0,
      onKeyDown,
    },
    canvas: {
      role: "presentation" as const,
      style: { height: rows.getTotalSize(), position: "relative" } satisfies CSSProperties,
    },
  };
}
