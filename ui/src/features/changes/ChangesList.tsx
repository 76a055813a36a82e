import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useReadyMark } from "../../app/appearance";
import { whyNoWrites } from "../../app/connection";
import { useNavigation } from "../../app/navigation";
import { Button } from "../../components/Button";
import { Empty, Failed, LoadingRows } from "../../components/Empty";
import { CategoryTile } from "../../components/icons";
import { app } from "../../ipc/backend";
import { queries } from "../../ipc/queries";
import type { Connection, DraftSummary, RunSummary, Tray } from "../../ipc/types";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import page from "./Page.module.css";
import styles from "./ChangesList.module.css";
import textStyles from "./Text.module.css";
import { HistoryList } from "./HistoryList";
import { useCloseRun, useResumeRun } from "./runActs";
import { TrayDrafts } from "./TrayDrafts";

/** What waits for a person, then what was done. */
export function ChangesList({ connection }: { connection: Connection }) {
  const { go } = useNavigation();
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const tray = useQuery(queries.tray(connection.id));
  const drafts = useQuery(queries.drafts(connection.id));
  const past = useQuery(queries.pastRuns(connection.id, 0));
  useReadyMark(!tray.isPending && !drafts.isPending && !past.isPending);
  const failed = tray.error ?? drafts.error ?? past.error;
  if (failed)
    return (
      <div className={page.view}>
        <Failed
          error={failed}
          onRetry={() => void Promise.all([tray.refetch(), drafts.refetch(), past.refetch()])}
        />
      </div>
    );
  if (!tray.data || !drafts.data || !past.data)
    return (
      <div className={page.view}>
        <LoadingRows />
      </div>
    );
  const open = (run: number) => go({ view: "changes", connection: connection.id, run });
  return (
    <div className={page.view} ref={setScroller} data-pane="changes">
      <h1 className="sr-only">{m.changes.label}</h1>
      <section aria-label={m.changes.tray.title}>
        <header className={styles.sectionHead}>
          <h2>{m.changes.tray.title}</h2>
          <span className={textStyles.meta}>{m.changes.tray.note}</span>
        </header>
        <TrayList connection={connection} tray={tray.data} drafts={drafts.data} onOpen={open} />
      </section>
      <section aria-label={m.changes.history.title}>
        <header className={styles.sectionHead}>
          <h2>{m.changes.history.title}</h2>
          <span className={textStyles.meta}>
            {past.data.total > 0 && m.changes.history.total(past.data.total)}
          </span>
        </header>
        {past.data.total === 0 ? (
          <Empty title={m.changes.history.empty} note={m.changes.history.emptyNext} />
        ) : (
          <HistoryList
            connection={connection}
            total={past.data.total}
            above={tray.data.open.length + tray.data.plans.length + drafts.data.length}
            scroller={scroller}
            onOpen={open}
          />
        )}
      </section>
    </div>
  );
}

interface TrayListProps {
  connection: Connection;
  tray: Tray;
  drafts: DraftSummary[];
  onOpen: (run: number) => void;
}

function TrayList({ connection, tray, drafts, onOpen }: TrayListProps) {
  if (tray.open.length + tray.plans.length + drafts.length === 0)
    return <Empty title={m.changes.tray.empty} note={m.changes.tray.emptyNext} />;
  return (
    <>
      <ul data-testid="tray">
        {tray.open.map((run) => (
          <OpenRun key={run.run} connection={connection} of={run} onOpen={() => onOpen(run.run)} />
        ))}
        {tray.plans.map((plan) => (
          <WaitingPlan key={plan.run} of={plan} onOpen={() => onOpen(plan.run)} />
        ))}
      </ul>
      {drafts.length > 0 && <TrayDrafts connection={connection} drafts={drafts} />}
    </>
  );
}

interface LineProps {
  of: RunSummary;
  onOpen: () => void;
}

/** A run that is under way, paused, or was cut short. */
function OpenRun({ connection, of, onOpen }: LineProps & { connection: Connection }) {
  // Whether anybody applies it is only told of one run by itself.
  const view = useQuery(queries.run(of.run));
  const resume = useResumeRun(of.run);
  const close = useCloseRun();
  const state = view.data?.summary.state ?? of.state;
  const { counts } = view.data?.summary ?? of;
  const stopped = state === "paused" || state === "interrupted";
  const needsSecrets = (view.data?.missing.length ?? 0) > 0;
  const refused = whyNoWrites(connection);
  return (
    <li className={styles.line} data-testid={`tray-run-${String(of.run)}`}>
      <CategoryTile category={of.category} />
      <button type="button" className={styles.lineText} onClick={onOpen}>
        <strong>{m.changes.title(of)}</strong>
        <span className={textStyles.meta}>
          {m.changes.history.run(of.run)}, {m.changes.states[state].toLocaleLowerCase("en")} ·{" "}
          {m.changes.tray.left(counts.open, counts.steps)}
        </span>
      </button>
      {stopped && (
        <>
          <Button
            small
            busy={close.isPending}
            title={m.changes.tray.closeNote(counts.open)}
            onClick={() => close.mutate(of.run)}
            data-testid="tray-close"
          >
            {m.changes.tray.close}
          </Button>
          <Button
            small
            variant="primary"
            busy={resume.isPending}
            disabled={refused !== null}
            title={refused ?? undefined}
            onClick={() => (needsSecrets ? onOpen() : resume.mutate(undefined, { onSuccess: onOpen }))}
            data-testid="tray-resume"
          >
            {m.changes.tray.resume}
          </Button>
        </>
      )}
      {!stopped && (
        <Button small onClick={onOpen}>
          {m.changes.tray.open}
        </Button>
      )}
    </li>
  );
}

function WaitingPlan({ of, onOpen }: LineProps) {
  const now = useNow();
  const discard = useMutation({
    mutationFn: () => app.discardPlan(String(of.run)),
    meta: { failure: m.failed.act },
  });
  const expired = Date.parse(of.expires_at) <= now;
  return (
    <li className={styles.line} data-testid={`tray-plan-${String(of.run)}`}>
      <CategoryTile category={of.category} />
      <button type="button" className={styles.lineText} onClick={onOpen}>
        <strong>{m.changes.title(of)}</strong>
        <span className={textStyles.meta} title={m.exact(of.planned_at)}>
          {m.changes.tray.plan}, {m.changes.tray.made(of.planned_at, now)} ·{" "}
          {m.changes.steps(of.counts.steps)} ·{" "}
          {expired ? m.changes.tray.expired : m.changes.tray.expires(of.expires_at, now)}
        </span>
      </button>
      <Button
        small
        busy={discard.isPending}
        aria-label={m.changes.tray.discardLabel(m.changes.title(of))}
        onClick={() => discard.mutate()}
        data-testid="tray-discard"
      >
        {m.changes.tray.discard}
      </Button>
      <Button small variant="primary" onClick={onOpen} data-testid="tray-review">
        {m.changes.tray.review}
      </Button>
    </li>
  );
}
