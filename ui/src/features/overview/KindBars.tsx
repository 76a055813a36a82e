import { StateBar } from "../../components/StateBar";
import type { KindCounts, State } from "../../ipc/types";
import { byUse } from "../../logic/kinds";
import { countOf } from "../../logic/states";
import { m } from "../../messages/en";
import { BarLegend } from "./BarLegend";
import styles from "./Overview.module.css";

interface KindBarsProps {
  kinds: KindCounts[];
  scopes: number;
  onOpen: (slug: string) => void;
  onOpenState: (slug: string, states: State[]) => void;
}

const columns: readonly State[] = ["inherited", "inherited_differs", "custom", "disabled"];

/** Each kind in use, as a bar and its numbers. */
export function KindBars({ kinds, scopes, onOpen, onOpenState }: KindBarsProps) {
  const used = kinds.filter((kind) => kind.in_use).toSorted(byUse);
  return (
    <section className={styles.section} aria-labelledby="by-kind">
      <div className={styles.head}>
        <h2 id="by-kind">{m.overview.byKind}</h2>
        <span className={styles.meta}>{m.overview.inUse(used.length, kinds.length)}</span>
        <span className={styles.space} />
        <BarLegend />
      </div>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{m.kinds.integration}</th>
            <th scope="col">
              <span className="sr-only">{m.kinds.share}</span>
            </th>
            {columns.map((state) => (
              <th key={state} scope="col" className={styles.number}>
                {m.overview.columns[state]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {used.map((kind) => (
            <tr key={kind.slug} data-testid={`overview-${kind.slug}`}>
              <th scope="row">
                <button
                  type="button"
                  className={styles.rowLink}
                  onClick={() => onOpen(kind.slug)}
                  title={kind.title}
                >
                  {kind.title}
                </button>
              </th>
              <td>
                <StateBar counts={kind.counts} of={scopes} height={10} track={false} />
              </td>
              {columns.map((state) => (
                <td key={state} className={styles.number} data-state={state}>
                  <Number
                    n={countOf(kind.counts, state)}
                    label={m.overview.openState(kind.title, state)}
                    onOpen={() => onOpenState(kind.slug, [state])}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Number({ n, label, onOpen }: { n: number; label: string; onOpen: () => void }) {
  if (n === 0) return <span className={styles.none}>0</span>;
  return (
    <button type="button" className={styles.numberLink} onClick={onOpen} title={label}>
      {m.format.number(n)}
    </button>
  );
}
