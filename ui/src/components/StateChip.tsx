import type { State } from "../ipc/types";
import { m } from "../messages/en";
import { cx } from "./cx";
import styles from "./StateChip.module.css";
import { StateGlyph } from "./StateGlyph";

const looks: Record<State, string | undefined> = {
  inherited: styles.outlined,
  inherited_differs: styles.warn,
  custom: styles.custom,
  disabled: styles.grey,
  off: styles.bare,
  not_set: styles.bare,
  unavailable: styles.bare,
  unknown: styles.dashed,
};

/** How a state looks everywhere: glyph and word in its dress. */
export function StateChip({ state, setsDefault = false }: { state: State; setsDefault?: boolean }) {
  return (
    <span className={cx(styles.chip, looks[state])}>
      <StateGlyph of={state === "custom" && setsDefault ? "sets_default" : state} />
      {state === "inherited_differs" ? m.states.inherited_differs : m.states[state]}
    </span>
  );
}
