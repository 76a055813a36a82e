import type { State, StateCount } from "../ipc/types";
import { countOf } from "../logic/states";
import { cx } from "./cx";
import styles from "./StateBar.module.css";

/** What is drawn, in this order: those that differ count as inherited here, the number says more. */
const parts: [look: string | undefined, ...states: State[]][] = [
  [styles.inherited, "inherited", "inherited_differs"],
  [styles.custom, "custom"],
  [styles.disabled, "disabled"],
];

interface StateBarProps {
  counts: readonly StateCount[];
  /** What the whole width stands for. */
  of: number;
  height?: number;
  /** The rest of the width is drawn as a track. */
  track?: boolean;
}

/** Shares of states as one bar. The numbers stand beside it, so it says nothing by itself. */
export function StateBar({ counts, of, height = 5, track = true }: StateBarProps) {
  return (
    <span className={cx(styles.bar, track && styles.track)} style={{ height }} aria-hidden="true">
      {parts.map(([look, ...states]) => {
        const n = countOf(counts, ...states);
        return n > 0 && <span key={states[0]} className={look} style={{ width: share(n, of) }} />;
      })}
    </span>
  );
}

/** A share as a width. What is there at all is at least a pixel wide. */
function share(n: number, of: number): string {
  return `max(1px, ${String(of > 0 ? Math.min(100, (n / of) * 100) : 0)}%)`;
}
