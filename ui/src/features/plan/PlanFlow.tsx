import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useNavigation } from "../../app/navigation";
import { toastDone, toastFailed } from "../../app/toasts";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Spinner } from "../../components/Spinner";
import { app } from "../../ipc/backend";
import { CommandError } from "../../ipc/errors";
import { queries } from "../../ipc/queries";
import type { ChangeRequest, Plan, Run, SecretInput } from "../../ipc/types";
import { m } from "../../messages/en";
import { handOver } from "../changes/handedOver";
import { usePlanFrom } from "../changes/runActs";
import styles from "./Plan.module.css";
import { PlanDialog } from "./PlanDialog";
import { RunDialog } from "./RunDialog";

/** A change that was asked for, with the secrets typed for it. They stay in memory. */
export interface PlanWish {
  request: ChangeRequest;
  secrets: SecretInput[];
}

interface PlanFlowProps {
  wish: PlanWish;
  onClose: () => void;
  /** It is done: what was read back is as planned, or it already was so. */
  onApplied: () => void;
  onReadAgain: (() => void) | null;
}

/**
 * Plan → confirm → result. A plan that touches others, too, is looked at as a whole, on a page of its own: who
 * they are is listed there, and can be asked for. Nothing is sent that was not shown; nothing is called
 * done that was not read back.
 */
export function PlanFlow({ wish, onClose, onApplied, onReadAgain }: PlanFlowProps) {
  const [typed, setTyped] = useState(wish.secrets);
  const [remember, setRemember] = useState(false);
  const undo = usePlanFrom(wish.request.at.connection, "undo");
  const { go } = useNavigation();
  const client = useQueryClient();
  const { connection } = wish.request.at;
  const made = useMutation({
    mutationFn: () => app.makePlan(wish.request),
    meta: { failure: null },
    onSuccess: (plan) => {
      if (!touchesOthers(plan)) return;
      const run = Number(plan.id);
      handOver(run, secretsFor(plan, typed));
      void client.invalidateQueries({ queryKey: queries.tray(connection).queryKey });
      onClose();
      go({ view: "changes", connection, run }, { settled: true });
    },
  });
  const applied = useMutation({
    mutationFn: (plan: Plan) => app.applyPlan(plan.id, secretsFor(plan, typed), remember),
    meta: { failure: null },
    onSuccess: (run, plan) => {
      if (run.not_remembered !== null) toastFailed(m.plan.notRemembered, run.not_remembered);
      if (allFine(run)) {
        sayDone(run, plan, () => undo.mutate({ run: run.run, steps: null }));
        onApplied();
      }
    },
  });

  const { mutate: make } = made;
  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    make();
  }, [make]);

  const plan = made.data;
  const close = () => {
    // Nobody waits for this: an unused plan is forgotten by the app anyway.
    if (plan && applied.isIdle) void app.discardPlan(plan.id).catch(() => undefined);
    onClose();
  };
  const again = () => {
    applied.reset();
    make();
  };

  if (made.isError)
    return <Problem title={m.plan.notMade} error={made.error} onClose={onClose} onAgain={again} />;
  if (!plan || touchesOthers(plan)) return <Waiting onClose={onClose} />;
  if (applied.isError)
    return <Problem title={m.plan.notApplied} error={applied.error} onClose={onClose} onAgain={again} />;
  if (applied.data) {
    return allFine(applied.data) ? null : (
      <RunDialog run={applied.data} plan={plan} onClose={onClose} onAgain={again} onReadAgain={onReadAgain} />
    );
  }
  return (
    <PlanDialog
      key={plan.id}
      plan={plan}
      typed={typed}
      onType={setTyped}
      remember={remember}
      onRemember={setRemember}
      applying={applied.isPending}
      onClose={close}
      onApply={() => applied.mutate(plan)}
    />
  );
}

/** More than its own scope: who inherits from it, or cannot be seen below it. */
function touchesOthers({ blast, confirm }: Plan): boolean {
  return confirm.kind === "type_count" || Object.values(blast).some((count) => count > 0);
}

function secretsFor(plan: Plan, typed: SecretInput[]): SecretInput[] {
  const wanted = new Set(plan.steps.flatMap((step) => step.secrets.map((secret) => secret.field)));
  return typed.filter((secret) => wanted.has(secret.field) && secret.value !== "");
}

/** Written and read back as planned, or nothing to do. */
function allFine(run: Run): boolean {
  return run.outcomes.every(
    ({ outcome, unexpected }) => (outcome === "applied" && unexpected.length === 0) || outcome === "already",
  );
}

/** What was done, and a way back: a plan of its own. */
function sayDone(run: Run, plan: Plan, undo: () => void): void {
  const step = plan.steps[0];
  if (!step) return;
  const already = run.outcomes.every(({ outcome }) => outcome === "already");
  if (already) toastDone(m.plan.outcomeTitles.already, m.plan.alreadyNote(step.title, step.scope.path));
  else
    toastDone(m.plan.done[step.action], m.plan.readBack(step.title, step.scope.path), {
      label: m.changes.history.undo,
      run: undo,
    });
}

/** Shown only if making the plan takes long enough to be noticed. */
function Waiting({ onClose }: { onClose: () => void }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Dialog
      open={late}
      onClose={onClose}
      title={
        <span className={styles.waiting}>
          <Spinner /> {m.plan.making}
        </span>
      }
    />
  );
}

interface ProblemProps {
  title: string;
  error: CommandError;
  onClose: () => void;
  onAgain: () => void;
}

function Problem({ title, error, onClose, onAgain }: ProblemProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      lead={error.message}
      initialFocus={cancel}
      data-testid="plan-problem"
      foot={
        <>
          <Button ref={cancel} onClick={onClose}>
            {m.acts.close}
          </Button>
          {error.code !== "read_only" && (
            <Button variant="primary" onClick={onAgain}>
              {m.plan.planAgain}
            </Button>
          )}
        </>
      }
    >
      {error.hint !== null && <p className={styles.hint}>{error.hint}</p>}
    </Dialog>
  );
}
