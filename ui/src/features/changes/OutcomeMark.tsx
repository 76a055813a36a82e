import { CircleCheck, CircleDashed, CircleHelp, CircleX, Equal, Ban, type LucideIcon } from "lucide-react";
import { cx } from "../../components/cx";
import { Spinner } from "../../components/Spinner";
import { StateGlyph } from "../../components/StateGlyph";
import type { Outcome, RunState, StepRow } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./OutcomeMark.module.css";
import textStyles from "./Text.module.css";

/** How a step ended, or where it is. */
export type Mark = Outcome | "running" | "waiting" | "cut" | "not_sent";

export function markOf(row: StepRow, state: RunState): Mark {
  if (row.outcome) return row.outcome;
  if (state === "ended") return "not_sent";
  if (!row.sent) return "waiting";
  return state === "running" ? "running" : "cut";
}

const words: Record<Mark, string> = {
  ...m.changes.outcomes,
  running: m.changes.run.runningOne,
  waiting: m.changes.run.waitingOne,
  cut: m.changes.run.cutOne,
  not_sent: m.changes.run.notSentOne,
};

export const markWord = (mark: Mark): string => words[mark];

const icons: Partial<Record<Mark, LucideIcon>> = {
  applied: CircleCheck,
  already: Equal,
  refused: Ban,
  failed: CircleX,
  unknown: CircleHelp,
  waiting: CircleDashed,
  cut: CircleHelp,
  not_sent: CircleDashed,
};

/** A step's outcome: its shape in its colour; the word stands beside it. */
export function MarkIcon({ mark, size = 14 }: { mark: Mark; size?: number }) {
  if (mark === "running") return <Spinner size={size} />;
  if (mark === "conflict") return <StateGlyph of="conflict" size={size} />;
  const Icon = icons[mark] ?? CircleDashed;
  return <Icon size={size} strokeWidth={2} aria-hidden="true" className={cx(styles.mark, tone[mark])} />;
}

const tone: Partial<Record<Mark, string | undefined>> = {
  applied: textStyles.ok,
  refused: textStyles.danger,
  failed: textStyles.danger,
};

/** Shape and word. */
export function OutcomeTag({ mark }: { mark: Mark }) {
  const bad = mark === "conflict" || mark === "refused" || mark === "failed";
  return (
    <span className={cx(styles.outcome, bad && textStyles.danger, mark === "applied" && textStyles.ok)}>
      <MarkIcon mark={mark} />
      {markWord(mark)}
    </span>
  );
}
