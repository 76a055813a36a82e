import { useQuery } from "@tanstack/react-query";
import { CircleStop, Pause, Play, RotateCcw, Undo2, X } from "lucide-react";
import { useState } from "react";
import { whyNoWrites } from "../../app/connection";
import { useHotkeys } from "../../app/hotkeys";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { queries } from "../../ipc/queries";
import type { Connection, RunView, StepQuery } from "../../ipc/types";
import { m } from "../../messages/en";
import page from "./Page.module.css";
import { Crumbs } from "./Crumbs";
import { useCancelRun, useCloseRun, usePauseRun, usePlanFrom, useResumeRun } from "./runActs";
import { RunDetail } from "./RunDetail";
import { RunProgress } from "./RunProgress";
import { RunTable } from "./RunTable";
import { nothingTyped, SecretsAsked } from "./SecretsAsked";

/** A run: how far it is, what came of each step, what can be done about it. */
export function RunPage({ connection, view }: { connection: Connection; view: RunView }) {
  const { summary } = view;
  const [chosen, setChosen] = useState<number | null>(null);
  const [query, setQuery] = useState<StepQuery>({ which: "all", action: null, text: "" });
  const first = useQuery(queries.steps(summary.run, query, 0));
  const shown = chosen ?? first.data?.rows[0]?.number ?? null;
  return (
    <div className={page.page} data-testid="run-page" data-state={summary.state}>
      <header className={page.title} data-pane="run-title">
        <div className={page.titleText}>
          <Crumbs connection={connection.id} here={m.changes.run.crumb(summary.run)} />
          <h1 title={m.changes.title(summary)}>{m.changes.title(summary)}</h1>
        </div>
        <Acts connection={connection} view={view} />
      </header>
      <RunProgress view={view} />
      <div className={page.panes}>
        <RunTable
          view={view}
          query={query}
          onQuery={(to) => {
            setQuery(to);
            setChosen(null);
          }}
          chosen={shown}
          onChoose={setChosen}
        />
        <RunDetail connection={connection} view={view} step={shown} />
      </div>
    </div>
  );
}

function Acts({ connection, view }: { connection: Connection; view: RunView }) {
  const { summary, progress } = view;
  const pause = usePauseRun(connection.id);
  const cancel = useCancelRun(connection.id);
  const undo = usePlanFrom(connection.id, "undo");
  const again = usePlanFrom(connection.id, "again");
  const running = summary.state === "running" && progress !== null;
  const stopping = progress?.stopping ?? false;
  const refused = whyNoWrites(connection);
  const stopped = summary.state === "paused" || summary.state === "interrupted";
  const hold = running && !stopping ? () => pause.mutate() : null;
  useHotkeys({ P: hold });
  const failed =
    summary.counts.conflicts + summary.counts.refused + summary.counts.failed + summary.counts.unknown;
  const undecided = Math.min(failed, view.needs_you);
  // What a run that is not over has still to do, it can go on with.
  const notSent = summary.state === "ended" ? summary.counts.open : 0;
  return (
    <>
      {running && (
        <>
          <Button
            icon={<Pause size={14} strokeWidth={2} />}
            keys={["P"]}
            disabled={stopping}
            onClick={() => hold?.()}
            data-testid="run-pause"
          >
            {m.changes.run.pause}
          </Button>
          <Button
            icon={<CircleStop size={14} strokeWidth={2} />}
            disabled={stopping}
            onClick={() => cancel.mutate()}
            data-testid="run-cancel"
          >
            {m.changes.run.cancel}
          </Button>
        </>
      )}
      {stopped && <Stopped view={view} refused={refused} />}
      {summary.state !== "running" && undecided + notSent > 0 && (
        <Button
          icon={<RotateCcw size={14} strokeWidth={2} />}
          busy={again.isPending}
          disabled={refused !== null}
          title={refused ?? undefined}
          onClick={() => again.mutate({ run: summary.run, steps: null })}
          data-testid="run-again"
        >
          {undecided > 0 ? m.changes.run.again(undecided + notSent) : m.changes.run.againNotSent(notSent)}
        </Button>
      )}
      {summary.state === "ended" && summary.counts.applied > 0 && (
        <Button
          icon={<Undo2 size={14} strokeWidth={2} />}
          busy={undo.isPending}
          disabled={refused !== null}
          title={refused ?? undefined}
          onClick={() => undo.mutate({ run: summary.run, steps: null })}
          data-testid="run-undo"
        >
          {m.changes.run.undo}
        </Button>
      )}
    </>
  );
}

/** What can be done with a run that is neither going on nor over. */
function Stopped({ view, refused }: { view: RunView; refused: string | null }) {
  const { run, counts } = view.summary;
  const close = useCloseRun();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState(nothingTyped);
  const resume = useResumeRun(run, typed);
  const leave = () => {
    setAsking(false);
    setTyped(nothingTyped);
    resume.reset();
  };
  const go = () => resume.mutate(undefined, { onSuccess: leave });
  return (
    <>
      <Button
        icon={<X size={14} strokeWidth={2} />}
        busy={close.isPending}
        title={m.changes.tray.closeNote(counts.open)}
        onClick={() => close.mutate(run)}
        data-testid="run-close"
      >
        {m.changes.run.close}
      </Button>
      <Button
        variant="primary"
        icon={<Play size={14} strokeWidth={2} />}
        busy={resume.isPending}
        disabled={refused !== null}
        title={refused ?? undefined}
        onClick={() => (view.missing.length > 0 ? setAsking(true) : go())}
        data-testid="run-resume"
      >
        {m.changes.run.resume}
      </Button>
      <Dialog
        open={asking}
        onClose={leave}
        title={m.changes.run.resumeTitle}
        foot={
          <>
            <Button onClick={leave}>{m.acts.cancel}</Button>
            <Button variant="primary" busy={resume.isPending} onClick={go} data-testid="resume-go">
              {m.changes.run.resume}
            </Button>
          </>
        }
      >
        <SecretsAsked
          asked={view.secrets}
          missing={view.missing}
          steps={counts.open}
          typed={typed}
          onType={setTyped}
          note={m.changes.run.secrets}
        />
      </Dialog>
    </>
  );
}
