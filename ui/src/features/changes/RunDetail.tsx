import { useMutation, useQuery } from "@tanstack/react-query";
import { Info, PanelsTopLeft, RotateCcw, Undo2 } from "lucide-react";
import { whyNoWrites } from "../../app/connection";
import { useNavigation } from "../../app/navigation";
import { toastDone } from "../../app/toasts";
import { Button } from "../../components/Button";
import { app } from "../../ipc/backend";
import { queries } from "../../ipc/queries";
import type { Connection, Following, KeptSecret, RunView, StepDetail } from "../../ipc/types";
import { m } from "../../messages/en";
import { ChangeTable } from "../plan/ChangeTable";
import styles from "./RunDetail.module.css";
import textStyles from "./Text.module.css";
import { Track } from "./Track";
import { markOf, OutcomeTag } from "./OutcomeMark";
import { Reasons } from "./Reasons";
import { usePlanFrom } from "./runActs";

interface RunDetailProps {
  connection: Connection;
  view: RunView;
  step: number | null;
}

/** One step with what can be done about it, and how far the run's changes came. */
export function RunDetail({ connection, view, step }: RunDetailProps) {
  const { run, state } = view.summary;
  const found = useQuery({ ...queries.step(run, step ?? 0), enabled: step !== null });
  const note =
    state === "running"
      ? m.changes.run.noteRunning
      : state === "paused"
        ? m.changes.run.notePaused
        : state === "interrupted"
          ? m.changes.run.noteInterrupted
          : null;
  return (
    <aside className={styles.detail} aria-label={m.changes.run.changed} data-pane="run-detail">
      {found.data && <OneStep connection={connection} view={view} of={found.data} />}
      {view.following && <Reaching of={view.following} />}
      {view.kept.length > 0 && <Remembered run={run} kept={view.kept} />}
      {view.reasons.length > 0 && (
        <section className={styles.one} data-testid="run-left-out">
          <h2>{m.changes.review.reasons}</h2>
          <Reasons reasons={view.reasons} of={view.summary.skipped} />
        </section>
      )}
      {note !== null && (
        <p className={styles.note}>
          <Info size={15} strokeWidth={1.75} aria-hidden="true" /> {note}
        </p>
      )}
    </aside>
  );
}

function OneStep({ connection, view, of }: { connection: Connection; view: RunView; of: StepDetail }) {
  const { row } = of;
  const mark = markOf(row, view.summary.state);
  const open =
    row.outcome === "conflict" ||
    row.outcome === "refused" ||
    row.outcome === "failed" ||
    row.outcome === "unknown"
      ? row.outcome
      : null;
  return (
    <section className={styles.one} data-testid="step-detail">
      <header>
        <h2>{m.changes.review.step(row.number)}</h2>
        <OutcomeTag mark={mark} />
      </header>
      <p className={styles.path}>
        <bdi>{row.path}</bdi>
      </p>
      {row.why !== null && <p>{row.why}</p>}
      {row.kept ? (
        <p className={textStyles.meta}>{m.changes.run.kept}</p>
      ) : (
        open !== null && <p className={textStyles.meta}>{m.changes.run.next[open]}</p>
      )}
      {of.unexpected.length > 0 && (
        <>
          <h3>{row.outcome === "conflict" ? m.changes.run.plannedNow : m.changes.run.plannedBack}</h3>
          <ChangeTable
            changes={of.unexpected}
            labels={{ before: m.plan.plannedColumn, after: m.plan.foundColumn }}
            narrow
          />
        </>
      )}
      <StepActs connection={connection} view={view} of={of} again={open !== null && !row.kept} />
      {of.step.changes.length > 0 && of.unexpected.length === 0 && (
        <>
          <h3>{m.changes.run.changed}</h3>
          <ChangeTable
            changes={of.step.changes}
            labels={{ before: m.plan.before, after: m.plan.after }}
            narrow
          />
        </>
      )}
    </section>
  );
}

function StepActs({
  connection,
  view,
  of: { row },
  again: mayAgain,
}: {
  connection: Connection;
  view: RunView;
  of: StepDetail;
  /** It did not simply work. */
  again: boolean;
}) {
  const { go } = useNavigation();
  const { run, slug, state } = view.summary;
  const again = usePlanFrom(connection.id, "again");
  const undo = usePlanFrom(connection.id, "undo");
  const keep = useMutation({
    mutationFn: () => app.keepSteps(run, [row.number]),
    meta: { failure: m.failed.act },
  });
  // Applied, and GitLab stored something else.
  const odd = row.outcome === "applied" && row.why !== null && !row.kept;
  const writes = whyNoWrites(connection) === null && state !== "running";
  return (
    <div className={styles.acts}>
      {(mayAgain || odd) && (
        <Button small busy={keep.isPending} onClick={() => keep.mutate()} data-testid="step-keep">
          {m.changes.run.keep}
        </Button>
      )}
      {mayAgain && writes && (
        <Button
          small
          icon={<RotateCcw size={14} strokeWidth={2} />}
          busy={again.isPending}
          onClick={() => again.mutate({ run, steps: [row.number] })}
          data-testid="step-again"
        >
          {m.changes.run.againOne}
        </Button>
      )}
      {row.outcome === "applied" && writes && (
        <Button
          small
          icon={<Undo2 size={14} strokeWidth={2} />}
          busy={undo.isPending}
          onClick={() => undo.mutate({ run, steps: [row.number] })}
          data-testid="step-undo"
        >
          {m.changes.run.undoStep}
        </Button>
      )}
      <Button
        small
        icon={<PanelsTopLeft size={14} strokeWidth={2} />}
        onClick={() =>
          go({ view: "scopes", connection: connection.id, scope: row.scope, slug, editing: false })
        }
      >
        {m.changes.run.open}
      </Button>
    </div>
  );
}

/** What the keychain remembers of the run, and a way to forget it. */
function Remembered({ run, kept }: { run: number; kept: KeptSecret[] }) {
  const t = m.changes.run;
  const forget = useMutation({
    mutationFn: () => app.forgetSecrets(run),
    meta: { failure: t.notForgotten },
    onSuccess: () => toastDone(t.forgotten),
  });
  return (
    <section className={styles.one} data-testid="remembered">
      <header>
        <h2>{t.rememberedTitle}</h2>
        <Button small busy={forget.isPending} onClick={() => forget.mutate()} data-testid="forget-secrets">
          {t.forget}
        </Button>
      </header>
      {kept.map(({ title, scopes }) => (
        <p key={title}>{t.rememberedLine(title, scopes)}</p>
      ))}
      <p className={textStyles.meta}>{t.rememberedNote}</p>
    </section>
  );
}

/** How far a changed default came to those who inherit it. */
function Reaching({ of }: { of: Following }) {
  const share = of.read > 0 ? of.matching / of.read : 0;
  const text = m.changes.run.followingText(of.matching, of.read, of.inherit);
  return (
    <section className={styles.one} data-testid="following">
      <h2>{m.changes.run.following}</h2>
      {of.inherit > 0 && (
        <>
          <Track
            label={m.changes.run.following}
            text={text}
            done={of.matching}
            of={of.read}
            parts={[
              ["applied", share],
              ["open", 1 - share],
            ]}
          />
          <p>
            {text}.{" "}
            {of.matching === of.read
              ? of.read === of.inherit && m.changes.run.followingDone
              : of.over
                ? m.changes.run.followingOver
                : m.changes.run.followingOn}{" "}
            {of.read < of.inherit && m.changes.run.followingPart(of.read, of.inherit)}
          </p>
        </>
      )}
      {of.maybe.count > 0 && (
        <p data-testid="following-maybe">
          {of.maybe.read === 0 && !of.over
            ? m.changes.run.followingMaybeLater(of.maybe.count)
            : m.changes.run.followingMaybe(of.maybe.count, of.maybe.read, of.maybe.matching)}
        </p>
      )}
    </section>
  );
}
