import type { ReactNode } from "react";
import { CommandError } from "../ipc/errors";
import { m } from "../messages/en";
import { Button } from "./Button";
import styles from "./Empty.module.css";

interface EmptyProps {
  title: string;
  note?: ReactNode;
  act?: ReactNode;
  /** Its place among the headings around it. */
  heading?: "h2" | "h3";
}

/** Nothing here: what, why, next step. */
export function Empty({ title, note, act, heading: Heading = "h3" }: EmptyProps) {
  return (
    <div className={styles.empty}>
      <Heading>{title}</Heading>
      {note !== undefined && <p>{note}</p>}
      {act}
    </div>
  );
}

/** A question that could not be answered, with the reason and a retry. */
export function Failed({ error, onRetry }: { error: CommandError; onRetry: () => void }) {
  return (
    <Empty
      title={m.failed.load}
      note={
        <span role="alert">
          {error.message} {error.hint}
        </span>
      }
      act={
        <Button small onClick={onRetry}>
          {m.acts.tryAgain}
        </Button>
      }
    />
  );
}

/** Rows in place while something loads; shown only after 150 ms. */
export function LoadingRows({ rows = 6 }: { rows?: number }) {
  return (
    <div className={styles.loading} role="status" aria-label={m.loading}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles.row}>
          <span className={styles.tile} />
          <span className={styles.lines}>
            <span style={{ width: `${58 - (row % 3) * 9}%` }} />
            <span style={{ width: `${38 - (row % 4) * 5}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}
