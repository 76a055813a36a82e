import { useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useId, useRef, useState, type KeyboardEvent } from "react";
import { cx } from "../../components/cx";
import { LevelIcon } from "../../components/icons";
import { DRIFT_PAGE, queries } from "../../ipc/queries";
import type { DriftChange, DriftQuery } from "../../ipc/types";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import styles from "./ChangeList.module.css";
import { ChangeSides } from "./ChangeSides";

interface ChangeListProps {
  connection: number;
  query: DriftQuery;
  total: number;
  onOpen: (change: DriftChange) => void;
}

const ROW = 30;

/** The changes, latest first, asked for by index a page at a time. */
export function ChangeList({ connection, query, total, onOpen }: ChangeListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [kept, setAt] = useState(0);
  const at = Math.min(kept, total - 1);
  const id = useId();
  const now = useNow();
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const shown = rows.getVirtualItems();
  const from = Math.floor((shown[0]?.index ?? 0) / DRIFT_PAGE);
  const to = Math.floor((shown.at(-1)?.index ?? 0) / DRIFT_PAGE);
  const pages = useQueries({
    queries: Array.from({ length: to - from + 1 }, (_, page) =>
      queries.drift(connection, query, from + page),
    ),
    combine: (answers) => answers.map(({ data }) => data?.rows),
  });
  const changeAt = (index: number) => pages[Math.floor(index / DRIFT_PAGE) - from]?.[index % DRIFT_PAGE];

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW) - 1);
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: total - 1,
    };
    const next = moves[event.key];
    const change = changeAt(at);
    if (next !== undefined) {
      const index = Math.max(0, Math.min(total - 1, next));
      setAt(index);
      rows.scrollToIndex(index, { align: "auto" });
    } else if (event.key === "Enter" && change) onOpen(change);
    else return;
    event.preventDefault();
  }

  return (
    <section className={styles.pane} aria-label={m.drift.changes} data-pane="drift-changes">
      <div className={styles.head} aria-hidden="true">
        <span className={styles.when}>{m.drift.columns[0]}</span>
        <span className={styles.path}>{m.drift.columns[1]}</span>
        <span className={styles.kind}>{m.drift.columns[2]}</span>
        <span className={styles.change}>{m.drift.change}</span>
        <span className={styles.who}>{m.drift.columns[6]}</span>
      </div>
      <div
        ref={scroller}
        role="listbox"
        aria-label={m.drift.total(total)}
        aria-activedescendant={shown.some(({ index }) => index === at) ? `${id}-${String(at)}` : undefined}
        tabIndex={0}
        className={styles.list}
        data-pane-focus=""
        onKeyDown={onKeyDown}
        data-testid="drift-list"
      >
        <div role="presentation" style={{ height: rows.getTotalSize(), position: "relative" }}>
          {shown.map(({ index, start }) => {
            const change = changeAt(index);
            return (
              <div
                key={index}
                id={`${id}-${String(index)}`}
                role="option"
                aria-selected={index === at}
                aria-setsize={total}
                aria-posinset={index + 1}
                className={cx(styles.row, index === at && styles.active)}
                style={{ transform: `translateY(${String(start)}px)`, height: ROW }}
                onClick={() => setAt(index)}
                onDoubleClick={() => change && onOpen(change)}
              >
                {change ? <Change change={change} now={now} /> : <span className="sr-only">{m.loading}</span>}
              </div>
            );
          })}
        </div>
      </div>
      <p className={styles.foot}>{m.drift.foot}</p>
    </section>
  );
}

function Change({ change, now }: { change: DriftChange; now: number }) {
  const { at, path, title, scope, run } = change;
  return (
    <>
      <span className={styles.when} title={m.exact(at)}>
        {m.format.clock(at, now)}
      </span>
      <span className={styles.path} title={path}>
        <LevelIcon level={scope.level} />
        <bdi>{path}</bdi>
      </span>
      <span className={styles.kind} title={title ?? undefined}>
        {title ?? m.drift.scopeItself}
      </span>
      <span className={styles.change}>
        <ChangeSides change={change} />
      </span>
      <span className={cx(styles.who, run === null && styles.unknown)}>{m.drift.who(run)}</span>
    </>
  );
}
