import { useRef } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import type { Plan, Run } from "../../ipc/types";
import { m } from "../../messages/en";
import { ChangeTable } from "./ChangeTable";
import styles from "./Plan.module.css";

interface RunDialogProps {
  run: Run;
  plan: Plan;
  onClose: () => void;
  onAgain: () => void;
  onReadAgain: (() => void) | null;
}

/** What came of a plan that did not simply work: state, reason, next step. */
export function RunDialog({ run, plan, onClose, onAgain, onReadAgain }: RunDialogProps) {
  const close = useRef<HTMLButtonElement>(null);
  const bad = run.outcomes.find(
    ({ outcome, unexpected }) => outcome !== "already" && (outcome !== "applied" || unexpected.length > 0),
  );
  if (!bad) return null;
  const title = plan.steps.find((step) => step.id === bad.id)?.title ?? "";
  const conflict = bad.outcome === "conflict";
  const retry = conflict || bad.outcome === "failed";
  return (
    <Dialog
      open
      onClose={onClose}
      wide={bad.unexpected.length > 0}
      title={m.plan.outcomeTitles[bad.outcome]}
      lead={
        <>
          {title}, <bdi>{bad.scope.path}</bdi>. {bad.why}
        </>
      }
      initialFocus={close}
      data-testid={`run-${bad.outcome}`}
      foot={
        <>
          <Button ref={close} onClick={onClose}>
            {m.acts.close}
          </Button>
          {bad.outcome === "unknown" && onReadAgain && (
            <Button
              variant="primary"
              onClick={() => {
                onReadAgain();
                onClose();
              }}
            >
              {m.plan.readAgain}
            </Button>
          )}
          {retry && (
            <Button variant="primary" onClick={onAgain}>
              {m.plan.planAgain}
            </Button>
          )}
        </>
      }
    >
      {bad.unexpected.length > 0 && (
        <>
          <h3 className={styles.heading}>{conflict ? m.plan.found : m.plan.readBackTable}</h3>
          <ChangeTable
            changes={bad.unexpected}
            labels={{ before: m.plan.plannedColumn, after: m.plan.foundColumn }}
          />
        </>
      )}
      <p className={styles.hint}>{m.plan.outcomeNext[bad.outcome]}</p>
    </Dialog>
  );
}
