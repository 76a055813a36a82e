import { useMutation } from "@tanstack/react-query";
import { Button } from "../../components/Button";
import { app } from "../../ipc/backend";
import type { PlanReview } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Changes.module.css";

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
        <p className={styles.meta}>{t.askNote}</p>
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
      <div
        role="progressbar"
        aria-label={t.asking(0, 0)}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={read}
        aria-valuetext={text}
        className={styles.track}
      >
        <span data-outcome="asked" style={{ flexGrow: read }} />
        <span data-outcome="open" style={{ flexGrow: Math.max(total - read, read === 0 ? 1 : 0) }} />
      </div>
    </div>
  );
}
