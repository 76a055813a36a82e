import { cx } from "../../../components/cx";
import type { CompareRow, Shown } from "../../../ipc/types";
import { m } from "../../../messages/en";
import { markDifference } from "../../../logic/diff";
import { isPlain, readShown } from "../../../logic/shown";
import styles from "./Compare.module.css";

interface ValueProps {
  row: CompareRow;
  side: "default" | "own";
  /** The own side is an inherited row that was not read. */
  assumed: boolean;
}

/** One side of a row. Only the part that differs is marked, and only where both sides have a text. */
export function Value({ row, side, assumed }: ValueProps) {
  const shown = row[side];
  const other = row[side === "own" ? "default" : "own"];
  if (row.secret && shown.kind === "value") return <span className={styles.word}>{m.values.hidden}</span>;
  if (shown.kind === "none") {
    // The column's head says it in words; a whole column of them would drown the other.
    return (
      <span className={styles.word}>
        <span aria-hidden="true">–</span>
        <span className="sr-only">{side === "own" ? m.compare.notInherited : m.edit.noDefault}</span>
      </span>
    );
  }
  if (shown.kind === "unread" && side === "own" && assumed) {
    return (
      <span className={styles.word} title={m.compare.unreadValues}>
        {m.values.unread}
      </span>
    );
  }
  const reading = readShown(shown);
  const dress = cx(reading.literal ? styles.literal : wordy(shown), "selectable");
  if (row.verdict !== "differs" || !isPlain(shown) || !isPlain(other)) {
    return (
      <span className={dress} title={reading.text}>
        {reading.text}
      </span>
    );
  }
  const own = markDifference(reading.text, readShown(other).text);
  const wordOrWhole = !reading.literal || own.before + own.after === "";
  // The mark stands on the own side; on the default's only where the own side lacks something.
  const lacks = markDifference(readShown(other).text, reading.text).differs === "";
  if (wordOrWhole || own.differs === "" || (side === "default" && !lacks)) {
    return (
      <span className={dress} title={reading.text}>
        {reading.text}
      </span>
    );
  }
  return (
    <span className={dress} title={reading.text}>
      {own.before}
      <mark className={styles.mark}>{own.differs}</mark>
      {own.after}
    </span>
  );
}

function wordy(shown: Shown): string | undefined {
  return isPlain(shown) ? undefined : styles.word;
}
