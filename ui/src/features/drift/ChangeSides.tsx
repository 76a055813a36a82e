import { StateGlyph } from "../../components/StateGlyph";
import type { DriftChange, DriftSide } from "../../ipc/types";
import { cx } from "../../components/cx";
import { markDifference } from "../../logic/diff";
import { isPlain, readShown } from "../../logic/shown";
import { m } from "../../messages/en";
import styles from "./ChangeSides.module.css";

/** Before → after, as it is read. */
export function ChangeSides({ change, short = false }: { change: DriftChange; short?: boolean }) {
  return (
    <span className={styles.sides}>
      {change.what.kind !== "state" && !short && (
        <span className={styles.what}>{m.drift.what(change.what)}</span>
      )}
      <Side of={change.before} other={change.after} glyphOnly={short} />
      <span aria-hidden="true" className={styles.arrow}>
        →
      </span>
      <span className="sr-only">{m.drift.became}</span>
      <Side of={change.after} other={change.before} glyphOnly={short} />
    </span>
  );
}

function Side({ of, other, glyphOnly }: { of: DriftSide; other: DriftSide; glyphOnly: boolean }) {
  if (of.kind === "state") {
    return (
      <span className={styles.state} title={m.states[of.state]}>
        <StateGlyph of={of.state} />
        <span className={cx(glyphOnly && "sr-only")}>{m.states[of.state]}</span>
      </span>
    );
  }
  const text = m.drift.side(of);
  const literal = of.kind === "path" || (of.kind === "setting" && readShown(of.shown).literal);
  return (
    <span className={cx(styles.value, literal && styles.literal)} title={text}>
      {literal && isText(other) ? (
        <Apart text={text} other={m.drift.side(other)} />
      ) : (
        <bdi className={styles.cut}>{text}</bdi>
      )}
    </span>
  );
}

const isText = (side: DriftSide) => side.kind === "path" || (side.kind === "setting" && isPlain(side.shown));

/** A text whose own part stays in sight: what it shares with the other gives way first. */
function Apart({ text, other }: { text: string; other: string }) {
  const { before, differs, after } = markDifference(text, other);
  if (differs === "") return <bdi className={styles.cut}>{text}</bdi>;
  return (
    <bdi className={styles.apart}>
      <span className={styles.shared}>{before}</span>
      <mark className={styles.own}>{differs}</mark>
      <span className={styles.shared}>{after}</span>
    </bdi>
  );
}
