import { useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Undo2 } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { whyNoWrites } from "../../app/connection";
import { Button } from "../../components/Button";
import { CategoryTile } from "../../components/icons";
import { queries, RUN_PAGE } from "../../ipc/queries";
import type { Connection, RunSummary } from "../../ipc/types";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import styles from "./ChangesList.module.css";
import textStyles from "./Text.module.css";
import { usePlanFrom } from "./runActs";

const ROW = 48;

interface HistoryListProps {
  connection: Connection;
  total: number;
  /** Lines that stand above it: where it begins depends on them. */
  above: number;
  scroller: HTMLDivElement | null;
  onOpen: (run: number) => void;
}

/** The runs that are over, latest first; only those in sight are asked for. */
export function HistoryList({ connection, total, above, scroller, onOpen }: HistoryListProps) {
  const list = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => setMargin(list.current?.offsetTop ?? 0), [total, above]);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller,
    estimateSize: () => ROW,
    overscan: 6,
    scrollMargin: margin,
  });
  const shown = rows.getVirtualItems();
  const from = Math.floor((shown[0]?.index ?? 0) / RUN_PAGE);
  const to = Math.floor((shown.at(-1)?.index ?? 0) / RUN_PAGE);
  const pages = useQueries({
    queries: Array.from({ length: to - from + 1 }, (_, page) => queries.pastRuns(connection.id, from + page)),
    combine: (answers) => answers.map(({ data }) => data?.rows),
  });
  return (
    <div
      ref={list}
      role="list"
      className={styles.history}
      style={{ height: rows.getTotalSize() }}
      data-testid="history"
    >
      {shown.map(({ index, start }) => {
        const run = pages[Math.floor(index / RUN_PAGE) - from]?.[index % RUN_PAGE];
        return (
          <div
            key={index}
            role="listitem"
            aria-setsize={total}
            aria-posinset={index + 1}
            className={styles.historyRow}
            style={{ transform: `translateY(${String(start - margin)}px)`, height: ROW }}
          >
            {run ? (
              <PastRun connection={connection} of={run} onOpen={() => onOpen(run.run)} />
            ) : (
              <span className="sr-only">{m.loading}</span>
            )}
          </div>
        );
      })}
    </div>
  );
}

function PastRun({ connection, of, onOpen }: { connection: Connection; of: RunSummary; onOpen: () => void }) {
  const now = useNow();
  const undo = usePlanFrom(connection.id, "undo");
  const when = of.finished_at ?? of.started_at ?? of.planned_at;
  const refused = whyNoWrites(connection);
  const { fine, bad } = m.changes.history.counts(of.counts);
  return (
    <>
      <CategoryTile category={of.category} />
      <button
        type="button"
        className={styles.lineText}
        onClick={onOpen}
        data-testid={`run-${String(of.run)}`}
      >
        <strong>{m.changes.title(of)}</strong>
        <span className={textStyles.meta}>
          {m.changes.history.run(of.run)} · {fine}
          {fine !== "" && bad !== "" && ", "}
          <span className={textStyles.danger}>{bad}</span>
        </span>
      </button>
      <span className={styles.when} title={m.exact(when)}>
        {m.changes.history.when(when, now)}
      </span>
      <span className={styles.undo}>
        {of.counts.applied > 0 && refused === null && (
          <Button
            small
            icon={<Undo2 size={14} strokeWidth={2} />}
            busy={undo.isPending}
            aria-label={m.changes.history.undoLabel(of.run)}
            onClick={() => undo.mutate({ run: of.run, steps: null })}
            data-testid={`undo-${String(of.run)}`}
          >
            {m.changes.history.undo}
          </Button>
        )}
      </span>
    </>
  );
}
