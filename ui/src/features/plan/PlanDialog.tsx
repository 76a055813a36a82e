import { useId, useRef, useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { RememberCheck } from "../../components/RememberCheck";
import { SecretInput } from "../../components/SecretInput";
import { useHotkeysInDialog } from "../../app/hotkeys";
import type { Plan, SecretAsked, SecretInput as Secret } from "../../ipc/types";
import { m } from "../../messages/en";
import { isGiven } from "../../logic/secrets";
import { placeName } from "../../logic/source";
import { useNow } from "../../logic/time";
import { ChangeTable } from "./ChangeTable";
import { Effects } from "./Effects";
import styles from "./Plan.module.css";

interface PlanDialogProps {
  plan: Plan;
  typed: Secret[];
  onType: (secrets: Secret[]) => void;
  remember: boolean;
  onRemember: (remember: boolean) => void;
  applying: boolean;
  onClose: () => void;
  onApply: () => void;
}

/** Asks once, and says exactly what will happen. Focus starts on Cancel. */
export function PlanDialog({
  plan,
  typed,
  onType,
  applying,
  onClose,
  onApply,
  ...keychain
}: PlanDialogProps) {
  const [open, setOpen] = useState(false);
  const cancel = useRef<HTMLButtonElement>(null);
  const now = useNow();
  // What was typed in the form is not asked for again.
  const [asked] = useState(() => plan.secrets.filter(({ field }) => !isGiven(typed, field)));
  const step = plan.steps[0];
  const secretsGiven = asked.every((secret) => isRemembered(secret) || isGiven(typed, secret.field));
  const ready = secretsGiven && !applying && step !== undefined;
  const apply = () => ready && onApply();
  useHotkeysInDialog({ "Ctrl+Enter": apply });
  if (!step) return null;

  return (
    <Dialog
      open
      onClose={() => !applying && onClose()}
      wide={open}
      title={m.plan.title[step.action](step.title, step.scope.name)}
      lead={m.plan.lead(step.scope.scope.level, step.source ? placeName(step.source) : null, step.action)}
      initialFocus={cancel}
      data-testid="plan-dialog"
      foot={
        <>
          <Button
            variant="quiet"
            data-start=""
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            data-testid="show-plan"
          >
            {open ? m.plan.hide : m.plan.show}
          </Button>
          <Button
            ref={cancel}
            keys={["Esc"]}
            onClick={onClose}
            disabled={applying}
            data-testid="confirm-cancel"
          >
            {m.acts.cancel}
          </Button>
          <Button
            variant="primary"
            busy={applying}
            disabled={!ready && !applying}
            onClick={apply}
            data-testid="confirm-apply"
          >
            {m.plan.verb[step.action]}
          </Button>
        </>
      }
    >
      <Effects step={step} />
      {open && (
        <div className={styles.plan}>
          <ChangeTable changes={step.changes} labels={{ before: m.plan.before, after: m.plan.after }} />
          <p className={styles.meta}>{m.plan.requests(plan.requests, m.format.ago(plan.read_at, now))}</p>
        </div>
      )}
      {asked.length > 0 && <Secrets asked={asked} typed={typed} onType={onType} />}
      {step.secrets.length > 0 && (
        <RememberCheck checked={keychain.remember} onChange={keychain.onRemember} />
      )}
      {applying && (
        <p role="status" className={styles.meta}>
          {m.plan.applying}. {m.plan.applyingNote}
        </p>
      )}
    </Dialog>
  );
}

/** The keychain has it for whatever needs it. */
const isRemembered = ({ steps, remembered }: SecretAsked) => remembered >= steps;

interface SecretsProps {
  asked: SecretAsked[];
  typed: Secret[];
  onType: (secrets: Secret[]) => void;
}

/** Secrets the write needs and nobody typed yet. What the keychain remembers need not be typed. */
function Secrets({ asked, typed, onType }: SecretsProps) {
  const id = useId();
  return (
    <fieldset className={styles.secrets}>
      <legend>{m.plan.secretsTitle(asked.length)}</legend>
      {asked.map((secret) => {
        const { field, title } = secret;
        const known = isRemembered(secret);
        return (
          <div key={field} className={styles.secret}>
            <label htmlFor={`${id}-${field}`}>{title}</label>
            <SecretInput
              id={`${id}-${field}`}
              value={typed.find((each) => each.field === field)?.value ?? ""}
              onChange={(value) =>
                onType([...typed.filter((each) => each.field !== field), { field, value }])
              }
              wanted={!known && !isGiven(typed, field)}
              aria-required={!known}
              aria-describedby={known ? `${id}-${field}-note` : undefined}
              data-testid={`confirm-secret-${field}`}
            />
            {known && (
              <p id={`${id}-${field}-note`} className={styles.remembered}>
                {m.changes.review.neededBy(secret.steps, secret.remembered)}
              </p>
            )}
          </div>
        );
      })}
    </fieldset>
  );
}
