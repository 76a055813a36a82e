import { CircleX } from "lucide-react";
import { Button } from "../../components/Button";
import { CommandError } from "../../ipc/errors";
import type { DraftCheck } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Edit.module.css";
import { focusField } from "./FormSections";
import type { Aim } from "./formState";

interface EditFooterProps {
  check: DraftCheck | null;
  checkError: CommandError | null;
  to: Aim;
  /** Why nothing that writes is offered; `null`: it is. */
  refused: string | null;
  ready: boolean;
  canDiscard: boolean;
  onDiscard: () => void;
  onReview: () => void;
}

/** What stands in the way, each a link to its field; and the way on. */
export function EditFooter(props: EditFooterProps) {
  const { check, checkError, to, refused, ready, canDiscard, onDiscard, onReview } = props;
  const problems = to === "draft" ? (check?.problems ?? []) : [];
  const t = m.edit.footer;
  return (
    <footer className={styles.foot}>
      <div className={styles.said} role="status">
        {checkError ? (
          <span className={styles.wrong}>
            {t.checkFailed} {checkError.message}
          </span>
        ) : problems.length > 0 ? (
          <span className={styles.wrong} data-testid="edit-problems">
            <CircleX size={15} strokeWidth={2} aria-hidden="true" />
            <strong>{t.needs(problems.length)}</strong>
            {problems.map((problem, index) => (
              <span key={problem.field}>
                <button type="button" className={styles.problem} onClick={() => focusField(problem.field)}>
                  {problem.title}
                </button>
                {index < problems.length - 1 && ","}
              </span>
            ))}
          </span>
        ) : (
          <span>{refused !== null ? t.refused(refused) : ready ? t.ready : t.unchanged}</span>
        )}
      </div>
      {canDiscard && (
        <Button variant="quiet" onClick={onDiscard} data-testid="discard-draft">
          {m.acts.discardDraft}
        </Button>
      )}
      {refused === null && (
        <Button
          variant="primary"
          keys={["Ctrl", "Enter"]}
          disabled={!ready}
          onClick={onReview}
          data-testid="review-plan"
        >
          {m.acts.reviewPlan}
        </Button>
      )}
    </footer>
  );
}
