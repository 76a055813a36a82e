import type { Outcome } from "../../ipc/types";
import styles from "./Track.module.css";

interface TrackProps {
  label: string;
  /** How far it is, in words. */
  text: string;
  done: number;
  of: number;
  /** What the bar is made of, from left to right; their shares are as their numbers. */
  parts: [Outcome | "asked" | "open", number][];
}

/** How far something is, as a bar of what came of its parts. */
export function Track({ label, text, done, of, parts }: TrackProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={done}
      aria-valuetext={text}
      className={styles.track}
    >
      {parts.map(
        ([part, share]) => share > 0 && <span key={part} data-outcome={part} style={{ flexGrow: share }} />,
      )}
    </div>
  );
}
