import { StateGlyph } from "../../components/StateGlyph";
import type { KindCounts } from "../../ipc/types";
import { addCounts, allStates, countOf } from "../../logic/states";
import { m } from "../../messages/en";
import styles from "./Legend.module.css";

interface LegendProps {
  columns: readonly KindCounts[];
  drafts: number;
  /** How many cells are selected no more, because the rows changed. */
  dropped: number;
}

/** What the shapes mean, and how many there are below the chosen scope. */
export function Legend({ columns, drafts, dropped }: LegendProps) {
  const counts = addCounts(columns.map((column) => column.counts));
  const defaults = columns.reduce((sum, column) => sum + column.defaults, 0);
  return (
    <div className={styles.bar}>
      <ul className={styles.legend} aria-label={m.matrix.legend}>
        {allStates.map((state) => {
          const n = countOf(counts, state);
          return (
            <li key={state}>
              <StateGlyph of={state} />
              {m.states[state]}
              {n > 0 && <span className={styles.n}>{m.format.number(n)}</span>}
            </li>
          );
        })}
        <li>
          <StateGlyph of="sets_default" />
          {m.matrix.setsDefault}
          {defaults > 0 && <span className={styles.n}>{m.format.number(defaults)}</span>}
        </li>
        {drafts > 0 && (
          <li>
            <StateGlyph of="pending" />
            {m.matrix.draft}
            <span className={styles.n}>{m.format.number(drafts)}</span>
          </li>
        )}
      </ul>
      <span role="status" className={styles.dropped}>
        {dropped > 0 && m.matrix.dropped(dropped)}
      </span>
    </div>
  );
}
