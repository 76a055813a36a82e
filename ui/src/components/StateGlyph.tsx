import type { State } from "../ipc/types";
import styles from "./StateGlyph.module.css";
import { cx } from "./cx";

/** What a glyph stands for: a state, or one of the marks beside them. */
export type Glyph = State | "sets_default" | "conflict" | "pending";

const shapes: Record<Glyph, React.ReactNode> = {
  inherited: <circle cx="8" cy="8" r="3.6" fill="currentColor" />,
  inherited_differs: (
    <>
      <circle cx="8" cy="8" r="3.6" />
      <path d="M8 4.4a3.6 3.6 0 0 0 0 7.2Z" fill="currentColor" stroke="none" />
    </>
  ),
  custom: <path d="M8 2 14 8 8 14 2 8Z" fill="currentColor" stroke="none" />,
  sets_default: (
    <>
      <path d="M8 .8 12.8 5.6 8 10.4 3.2 5.6Z" fill="currentColor" stroke="none" />
      <path d="M4.4 11.6 8 15l3.6-3.4" />
    </>
  ),
  disabled: (
    <>
      <circle cx="8" cy="8" r="5" />
      <path d="m4.6 11.4 6.8-6.8" />
    </>
  ),
  off: <circle cx="8" cy="8" r="4.4" />,
  not_set: <path d="M5 8h6" />,
  unavailable: <path d="m4.5 4.5 7 7m0-7-7 7" />,
  unknown: (
    <>
      <circle cx="8" cy="8" r="6" strokeDasharray="2.2 1.6" />
      <path d="M6.4 6.6a1.65 1.65 0 0 1 3.2.5c0 1-1.5 1.3-1.5 2.1M8.05 11v.2" strokeWidth="1.3" />
    </>
  ),
  conflict: (
    <>
      <path d="M8 2 14.6 13.4H1.4Z" fill="currentColor" stroke="none" />
      <path d="M8 6.4v3M8 11.2v.3" stroke="var(--bg-panel)" />
    </>
  ),
  pending: <path d="M10.6 2.9 13.1 5.4 6 12.5l-3.2.7.7-3.2Z" />,
};

/** A state's shape in its colour; the word stands beside it or in the accessible name. */
export function StateGlyph({ of, size = 12, plain = false }: { of: Glyph; size?: number; plain?: boolean }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={cx(styles.glyph, !plain && styles[of])}
    >
      {shapes[of]}
    </svg>
  );
}
