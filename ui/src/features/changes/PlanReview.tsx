import { useMutation, useQuery } from "@tanstack/react-query";
import { Download, Terminal, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useNavigation } from "../../app/navigation";
import { toastDone, toastFailed } from "../../app/toasts";
import { Button } from "../../components/Button";
import { Failed, LoadingRows } from "../../components/Empty";
import { app } from "../../ipc/backend";
import { queries } from "../../ipc/queries";
import type { Connection, PlanReview as Review } from "../../ipc/types";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import { BlastPanel } from "./BlastPanel";
import page from "./Page.module.css";
import styles from "./PlanReview.module.css";
import textStyles from "./Text.module.css";
import { ConfirmBar } from "./ConfirmBar";
import { Crumbs } from "./Crumbs";
import { handedOver, taken } from "./handedOver";
import { PlanSums, usePlanSums } from "./PlanSums";
import { nothingTyped, SecretsAsked } from "./SecretsAsked";
import { StepDiff } from "./StepDiff";
import { StepList, useFirstStep } from "./StepList";

/** A plan of many steps, before anything is sent: steps, the chosen one's diff, who else is touched. */
export function PlanReview({ connection, run }: { connection: Connection; run: number }) {
  const review = useQuery(queries.plan(run));
  const first = useFirstStep(run);
  const [looked, setChosen] = useState<number | null>(null);
  const chosen = looked ?? first;
  // In memory only, and gone with this page.
  const [typed, setTyped] = useState({ ...nothingTyped, secrets: handedOver(run) });
  useEffect(taken, []);
  const sums = usePlanSums(run);
  // Once it is begun it is no plan any more, and its page is another.
  if (review.isError && !review.data)
    return (
      <div className={page.view}>
        <Failed error={review.error} onRetry={() => void review.refetch()} />
      </div>
    );
  if (!review.data)
    return (
      <div className={page.view}>
        <LoadingRows />
      </div>
    );
  const { data } = review;
  return (
    <div className={page.page} data-testid="plan-review">
      <Title connection={connection.id} review={data} />
      <div className={page.panes}>
        <StepList review={data} typed={typed.secrets} chosen={chosen} onChoose={setChosen} />
        <section className={styles.diff} aria-label={m.changes.run.changed} data-pane="diff">
          <div className={styles.body}>
            <StepDiff run={run} step={chosen} />
            {sums && <PlanSums sums={sums} steps={data.summary.counts.steps} />}
          </div>
          {data.secrets.length > 0 && (
            <SecretsAsked
              asked={data.secrets}
              missing={data.missing}
              steps={data.summary.counts.steps}
              typed={typed}
              onType={setTyped}
              note={m.changes.review.secretsNote}
            />
          )}
        </section>
        <BlastPanel
          review={data}
          losing={sums?.losing ?? 0}
          connection={connection.reach.state === "offline" ? null : connection.id}
        />
      </div>
      <ConfirmBar key={run} connection={connection} review={data} typed={typed} />
    </div>
  );
}

function Title({ connection, review }: { connection: number; review: Review }) {
  const { go } = useNavigation();
  const now = useNow();
  const { summary } = review;
  const discard = useMutation({
    mutationFn: () => app.discardPlan(String(summary.run)),
    meta: { failure: m.failed.act },
    onSuccess: () => {
      toastDone(m.changes.tray.discarded, m.changes.title(summary));
      go({ view: "changes", connection, run: null }, { replace: true });
    },
  });
  const save = useMutation({
    mutationFn: () => app.exportPlan(summary.run),
    meta: { failure: m.changes.review.notExported },
    onSuccess: (path) => {
      if (path !== null) toastDone(m.changes.review.exported, path);
    },
  });
  const copy = () => {
    if (review.command === null) return;
    navigator.clipboard.writeText(review.command).then(
      () => toastDone(m.changes.review.copied, review.command ?? undefined),
      (thrown: unknown) => toastFailed(m.changes.review.notCopied, thrown),
    );
  };
  const meta = [
    m.changes.review.meta(summary.counts.steps, summary.planned_at, now),
    ...(summary.same > 0 ? [m.changes.review.same(summary.same)] : []),
    ...(summary.left_out > 0 ? [m.changes.review.leftByYou(summary.left_out)] : []),
    ...(summary.skipped > 0 ? [m.changes.review.withoutStep(summary.skipped)] : []),
  ].join(" · ");
  return (
    <header className={page.title} data-pane="plan-title">
      <div className={page.titleText}>
        <Crumbs connection={connection} here={m.changes.review.crumb} />
        <h1 title={m.changes.title(summary)}>{m.changes.title(summary)}</h1>
        <p className={textStyles.meta} data-testid="plan-meta">
          {meta}
        </p>
      </div>
      <Button
        icon={<Terminal size={14} strokeWidth={2} />}
        onClick={copy}
        aria-disabled={review.command === null}
        title={review.command ?? m.changes.review.copiedFile}
        data-testid="plan-copy"
      >
        {m.changes.review.copy}
      </Button>
      <Button
        icon={<Download size={14} strokeWidth={2} />}
        busy={save.isPending}
        onClick={() => save.mutate()}
        data-testid="plan-export"
      >
        {m.changes.review.export}
      </Button>
      <Button
        icon={<Trash2 size={14} strokeWidth={2} />}
        busy={discard.isPending}
        onClick={() => discard.mutate()}
        data-testid="plan-discard"
      >
        {m.changes.review.discard}
      </Button>
    </header>
  );
}
