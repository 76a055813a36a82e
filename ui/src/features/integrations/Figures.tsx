import { StateBar } from "../../components/StateBar";
import { StateGlyph } from "../../components/StateGlyph";
import type { State, StateCount } from "../../ipc/types";
import { countOf } from "../../logic/states";
import { m } from "../../messages/en";
import styles from "./Figures.module.css";

const always: readonly State[] = ["inherited", "custom", "disabled"];
const sometimes: readonly State[] = ["inherited_differs", "off", "not_set", "unavailable", "unknown"];

/** How many are in each state. */
export function Figures({ counts, scopes }: { counts: StateCount[]; scopes: number }) {
  const shown = [...always, ...sometimes.filter((state) => countOf(counts, state) > 0)];
  return (
    <div className={styles.figures}>
      <dl>
        {shown.map((state) => (
          <div key={state}>
            <dt>
              <StateGlyph of={state} /> {m.states[state]}
            </dt>
            <dd>{m.format.number(countOf(counts, state))}</dd>
          </div>
        ))}
      </dl>
      <span className={styles.bar}>
        <StateBar counts={counts} of={scopes} height={12} />
      </span>
    </div>
  );
}
