import { StateBar } from "../../components/StateBar";
import type { State } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Overview.module.css";

const parts: readonly State[] = ["inherited", "custom", "disabled"];

/** What the parts of the bars are. */
export function BarLegend() {
  return (
    <ul className={styles.legend} aria-label={m.overview.legend}>
      {parts.map((state) => (
        <li key={state}>
          <span className={styles.swatch}>
            <StateBar counts={[{ state, n: 1 }]} of={1} height={10} track={false} />
          </span>
          {m.states[state]}
        </li>
      ))}
    </ul>
  );
}
