import { StateBar } from "../../components/StateBar";
import type { PartCounts, ScopeRef } from "../../ipc/types";
import { scopeKey } from "../../ipc/scopes";
import { countOf } from "../../logic/states";
import { m } from "../../messages/en";
import styles from "./Overview.module.css";

const MOST = 12;
const used = ({ counts }: PartCounts) =>
  countOf(counts, "inherited", "inherited_differs", "custom", "disabled");

/** What stands directly below, all integrations together. */
export function PartBars({ parts, onOpen }: { parts: PartCounts[]; onOpen: (scope: ScopeRef) => void }) {
  const sorted = parts.toSorted((a, b) => used(b) - used(a));
  const most = Math.max(1, ...sorted.map(used));
  return (
    <section className={styles.section} aria-labelledby="by-group">
      <div className={styles.head}>
        <h2 id="by-group">{m.overview.byGroup}</h2>
        <span className={styles.meta}>{m.overview.together}</span>
      </div>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{m.overview.group}</th>
            <th scope="col">
              <span className="sr-only">{m.kinds.share}</span>
            </th>
            <th scope="col" className={styles.number}>
              {m.states.inherited}
            </th>
            <th scope="col" className={styles.number}>
              {m.states.custom}
            </th>
            <th scope="col" className={styles.number}>
              {m.overview.share}
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, MOST).map(({ scope, counts }) => {
            const custom = countOf(counts, "custom");
            const inherited = countOf(counts, "inherited", "inherited_differs");
            return (
              <tr key={scopeKey(scope.scope)}>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.rowLink}
                    title={scope.path}
                    onClick={() => onOpen(scope.scope)}
                  >
                    <bdi>{scope.path}</bdi>
                  </button>
                </th>
                <td>
                  <StateBar counts={counts} of={most} height={10} track={false} />
                </td>
                <td className={styles.number}>{m.format.number(inherited)}</td>
                <td className={styles.number} data-state="custom">
                  {m.format.number(custom)}
                </td>
                <td className={styles.number}>{m.overview.percent(custom, custom + inherited)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {sorted.length > MOST && <p className={styles.rest}>{m.overview.otherGroups(sorted.length - MOST)}</p>}
    </section>
  );
}
