import { useRef, useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { RememberCheck } from "../../components/RememberCheck";
import { SecretInput } from "../../components/SecretInput";
import { useHotkeysInDialog } from "../../app/hotkeys";
import type { BlastGroup, BlastRadius, Plan, SecretInput as Secret, SecretWanted } from "../../ipc/types";
import { m } from "../../messages/en";
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
  onApply: (typedCount: number | null) => void;
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
  const [count, setCount] = useState("");
  const cancel = useRef<HTMLButtonElement>(null);
  const now = useNow();
  // What was typed in the form is not asked for again.
  const [asked] = useState(() => {
    const given = new Set(typed.filter((secret) => secret.value !== "").map((secret) => secret.field));
    const wanted = new Map(
      plan.steps.flatMap((step) => step.secrets.map((secret) => [secret.field, secret])),
    );
    return [...wanted.values()].filter((secret) => !given.has(secret.field));
  });
  const step = plan.steps[0];
  const needed = plan.confirm.kind === "type_count" ? plan.confirm.count : null;
  const countFits = needed === null || Number(count.replaceAll(/[\s,.]/g, "")) === needed;
  const secretsGiven = asked.every(({ field }) =>
    typed.some((secret) => secret.field === field && secret.value !== ""),
  );
  const ready = countFits && secretsGiven && !applying && step !== undefined;
  const apply = () => ready && onApply(needed);
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
      <Blast blast={plan.blast} />
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
      {needed !== null && (
        <label className={styles.count}>
          <span>{m.plan.typeCount(needed)}</span>
          <input
            inputMode="numeric"
            autoComplete="off"
            value={count}
            onChange={(event) => setCount(event.target.value)}
            data-testid="confirm-count"
          />
        </label>
      )}
      {applying && (
        <p role="status" className={styles.meta}>
          {m.plan.applying}. {m.plan.applyingNote}
        </p>
      )}
    </Dialog>
  );
}

const order: (keyof BlastRadius)[] = ["change", "switch_on", "maybe", "keep", "unseen"];

/** Who else is touched, and who is not. */
function Blast({ blast }: { blast: BlastRadius }) {
  const groups = order.map((name) => [name, blast[name]] as const).filter(([, group]) => group.count > 0);
  if (groups.length === 0) return null;
  return (
    <div className={styles.blast}>
      {groups.map(([name, group]) => (
        <details key={name} data-testid={`blast-${name}`}>
          <summary>{m.plan.blast[name](group.count)}</summary>
          <Members group={group} />
        </details>
      ))}
    </div>
  );
}

function Members({ group }: { group: BlastGroup }) {
  return (
    <ul>
      {group.first.map((scope) => (
        <li key={scope.path}>
          <bdi>{scope.path}</bdi>
        </li>
      ))}
      {group.count > group.first.length && <li>{m.plan.blastMore(group.count - group.first.length)}</li>}
    </ul>
  );
}

interface SecretsProps {
  asked: SecretWanted[];
  typed: Secret[];
  onType: (secrets: Secret[]) => void;
}

/** Secrets the write needs and nobody typed yet. */
function Secrets({ asked, typed, onType }: SecretsProps) {
  return (
    <fieldset className={styles.secrets}>
      <legend>{m.plan.secretsTitle(asked.length)}</legend>
      {asked.map(({ field, title }) => (
        <label key={field}>
          <span>{title}</span>
          <SecretInput
            value={typed.find((secret) => secret.field === field)?.value ?? ""}
            onChange={(value) =>
              onType([...typed.filter((secret) => secret.field !== field), { field, value }])
            }
            data-testid={`confirm-secret-${field}`}
          />
        </label>
      ))}
    </fieldset>
  );
}
