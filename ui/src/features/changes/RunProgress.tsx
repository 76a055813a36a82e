import { Clock, Gauge, Hourglass } from "lucide-react";
import type { Outcome, RunCounts, RunView } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./RunProgress.module.css";
import textStyles from "./Text.module.css";
import { Announced } from "./Announced";
import { Track } from "./Track";
import { MarkIcon } from "./OutcomeMark";

const shown: [Outcome, keyof RunCounts][] = [
  ["applied", "applied"],
  ["already", "already"],
  ["conflict", "conflicts"],
  ["refused", "refused"],
  ["failed", "failed"],
  ["unknown", "unknown"],
];
const small = { size: 14, strokeWidth: 1.75, "aria-hidden": true } as const;

/** How far a run is, in numbers, as a bar, and in words. */
export function RunProgress({ view }: { view: RunView }) {
  const { counts, state } = view.summary;
  const { progress } = view;
  const done = counts.steps - counts.open;
  const failing = counts.conflicts + counts.refused + counts.failed + counts.unknown;
  const paused = progress?.paused ?? null;
  const left =
    progress === null
      ? m.changes.run.state[state]
      : progress.stopping
        ? m.changes.run.stopping
        : progress.seconds_left === null
          ? ""
          : m.changes.run.left(progress.seconds_left);
  const text = m.changes.run.progressText(done, counts.steps, left);
  return (
    <section className={styles.progress} aria-label={m.changes.run.progress}>
      <div className={styles.head}>
        <strong className={styles.figure} data-testid="run-done">
          {m.format.number(done)}
        </strong>
        <span className={textStyles.meta}>{m.changes.run.of(counts.steps)}</span>
        {failing > 0 && (
          <span className={textStyles.danger} data-testid="run-failing">
            {m.changes.run.failing(failing)}
          </span>
        )}
        {counts.open > 0 && state !== "ended" && (
          <span className={textStyles.meta} data-testid="run-remaining">
            {m.changes.run.remaining(counts.open)}
          </span>
        )}
        <span className={styles.space} />
        {paused && (
          <span className={styles.paused} data-testid="run-paused">
            <Hourglass {...small} /> {m.changes.run.paused(paused.seconds, paused.all)}
          </span>
        )}
        {progress?.rate != null && progress.rate > 0 && (
          <span className={styles.withIcon}>
            <Gauge {...small} /> {m.changes.run.rate(progress.rate)}
          </span>
        )}
        {left !== "" && (
          <span className={styles.withIcon} data-testid="run-state">
            {progress && <Clock {...small} />} {left}
          </span>
        )}
      </div>
      <Track
        label={m.changes.run.progress}
        text={text}
        done={done}
        of={counts.steps}
        parts={[
          ...shown.map(([outcome, key]): [Outcome, number] => [outcome, counts[key]]),
          ["open", counts.open],
        ]}
      />
      <ul className={styles.counts} data-testid="run-counts">
        {shown.map(
          ([outcome, key]) =>
            counts[key] > 0 && (
              <li
                key={outcome}
                data-bad={
                  outcome === "conflict" || outcome === "refused" || outcome === "failed" || undefined
                }
              >
                <MarkIcon mark={outcome} />
                <strong>{m.format.number(counts[key])}</strong>{" "}
                {m.changes.outcomeCounts[outcome](counts[key])}
              </li>
            ),
        )}
        {counts.open > 0 && (
          <li>
            <MarkIcon mark="waiting" />
            <strong>{m.format.number(counts.open)}</strong>{" "}
            {state === "ended" ? m.changes.run.notSent : m.changes.run.waiting}
          </li>
        )}
      </ul>
      {view.left !== null && <p className={styles.leftWhy}>{view.left}</p>}
      {view.not_remembered !== null && (
        <p className={styles.leftWhy} data-testid="not-remembered">
          {m.changes.run.notRemembered(view.not_remembered)}
        </p>
      )}
      {view.elsewhere !== null && <p className={styles.leftWhy}>{m.changes.run.elsewhere(view.elsewhere)}</p>}
      <Announced text={text} />
    </section>
  );
}
