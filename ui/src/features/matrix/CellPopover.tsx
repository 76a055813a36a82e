import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { Kbd } from "../../components/Kbd";
import { StateChip } from "../../components/StateChip";
import { queries } from "../../ipc/queries";
import type { CompareRow, IntegrationRef, MatrixCell, MatrixRow } from "../../ipc/types";
import { isPlain } from "../../logic/shown";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import { Value } from "../scopes/compare/Value";
import styles from "./CellPopover.module.css";
import type { Column } from "./columns";
import type { Cell } from "./selection";

/** A cell that is pointed at, and since when. */
export interface Pointed extends Cell {
  since: number;
}

interface CellPopoverProps {
  /** Id of the cell it hangs on. */
  anchor: string;
  at: IntegrationRef;
  cell: MatrixCell | undefined;
  row: MatrixRow;
  column: Column;
  /** *Use default settings* may be offered. */
  useDefault: boolean;
}

const WAITS = 400;
const MOST_ROWS = 4;
const WIDTH = 440;

/** Why a cell says so, and what differs; after a moment, and never over the row it is about. */
export function CellPopover({ anchor, at, cell, row, column, useDefault }: CellPopoverProps) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), WAITS);
    return () => clearTimeout(timer);
  }, []);
  const { data } = useQuery({ ...queries.compare(at), enabled: due });
  const now = useNow();
  const place = due ? placeAt(anchor) : null;
  if (!place || !cell || !data) return null;
  const differing = data.sections
    .flatMap(({ rows }) => rows)
    .filter(({ verdict, default: a, own: b }) => verdict === "differs" && (isPlain(a) || isPlain(b)));
  const view = document.getElementById(anchor)?.closest("[data-pane]") ?? document.body;
  return createPortal(
    <div role="tooltip" className={styles.popover} style={place} data-testid="cell-popover">
      <div className={styles.body}>
        <div className={styles.head}>
          <StateChip state={cell.state} setsDefault={cell.sets_default} />
          <strong>{column.title}</strong>
          <bdi className={styles.path}>{row.path}</bdi>
        </div>
        {m.integrations.why.known(data.item, row.scope.level, now).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {differing.length > 0 && (
        <dl className={styles.differ}>
          {differing.slice(0, MOST_ROWS).map((each) => (
            <Difference key={each.name} row={each} />
          ))}
          {differing.length > MOST_ROWS && (
            <div>
              <dt className={styles.more}>{m.matrix.moreDiffer(differing.length - MOST_ROWS)}</dt>
            </div>
          )}
        </dl>
      )}
      <div className={styles.foot} aria-hidden="true">
        <span>
          <Kbd keys={["Enter"]} /> {m.matrix.open}
        </span>
        <span>
          <Kbd keys={["Space"]} /> {m.matrix.select}
        </span>
        {useDefault && data.use_default.kind === "offered" && (
          <span>
            <Kbd keys={["U"]} /> {m.acts.useDefault}
          </span>
        )}
      </div>
    </div>,
    view,
  );
}

function Difference({ row }: { row: CompareRow }) {
  return (
    <div>
      <dt>{row.title}</dt>
      <dd>
        <Value row={row} side="default" assumed={false} />
        <span aria-hidden="true">→</span>
        <Value row={row} side="own" assumed={false} />
      </dd>
    </div>
  );
}

/** Below the cell's row, or above it where there is no room. */
function placeAt(anchor: string): { left: number; top?: number; bottom?: number } | null {
  const cell = document.getElementById(anchor);
  if (!cell) return null;
  const { left, top, bottom } = cell.getBoundingClientRect();
  const from = Math.max(8, Math.min(left, window.innerWidth - WIDTH - 8));
  return bottom + 220 < window.innerHeight
    ? { left: from, top: bottom + 6 }
    : { left: from, bottom: window.innerHeight - top + 6 };
}
