import { useMutation } from "@tanstack/react-query";
import { Button } from "../../components/Button";
import { app } from "../../ipc/backend";
import type { PlanReview } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./AskMaybe.module.css";
import textStyles from "./Text.module.css";
import { Track } from "./Track";

interface AskMaybeProps {
  review: PlanReview;
  connection: number;
}

/** Looks up who may be switched on: what it costs, how far it is, and a way to stop it. */
export function AskMaybe({ review, connection }: AskMaybeProps) {
  const t = m.changes.review;
  const { asking, blast, summary } = review;
  const ask = useMutation({
    mutationFn: () => app.askMaybe(summary.run),
    meta: { failure: t.notAsked },
  });
  const stop = useMutation({
    mutationFn: () => app.cancelAsk(connection),
    meta: { failure: m.failed.act },
  });
  if (asking === null && !ask.isPending)
    return (
      <div className={styles.ask}>
        <Button small onClick={() => ask.mutate()} data-testid="ask-maybe">
          {t.ask(blast.maybe)}
        </Button>
        <p className={textStyles.meta}>{t.askNote}</p>
      </div>
    );
  const { read, total } = asking ?? { read: 0, total: 0 };
  const text = t.asking(read, total);
  return (
    <div className={styles.ask} data-testid="asking">
      <p className={styles.asking}>
        <span>{text}</span>
        <Button small busy={stop.isPending} onClick={() => stop.mutate()} data-testid="ask-stop">
          {t.stopAsking}
        </Button>
      </p>
      <Track
        label={t.asking(0, 0)}
        text={text}
        done={read}
        of={total}
        parts={[
          ["asked", read],
          ["open", Math.max(total - read, read === 0 ? 1 : 0)],
        ]}
      />
    </div>
  );
}
