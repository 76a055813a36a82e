import { KeyRound } from "lucide-react";
import { useId } from "react";
import { SecretInput } from "../../components/SecretInput";
import type { SecretInput as Secret, SecretWanted } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Changes.module.css";

interface SecretsAskedProps {
  asked: SecretWanted[];
  typed: Secret[];
  onType: (secrets: Secret[]) => void;
  note: string;
}

export const isGiven = (typed: Secret[], field: string) =>
  typed.some((secret) => secret.field === field && secret.value !== "");

/** Secrets that some steps need: asked once for all of them. */
export function SecretsAsked({ asked, typed, onType, note }: SecretsAskedProps) {
  const id = useId();
  const given = asked.filter(({ field }) => isGiven(typed, field)).length;
  return (
    <fieldset className={styles.secrets} data-testid="plan-secrets">
      <legend>
        <KeyRound size={14} strokeWidth={2} aria-hidden="true" /> {m.changes.review.secrets}{" "}
        <span className={styles.meta}>{m.changes.review.given(given, asked.length)}</span>
      </legend>
      {asked.map(({ field, title }) => (
        <div key={field} className={styles.secret}>
          <label htmlFor={`${id}-${field}`}>{title}</label>
          <SecretInput
            id={`${id}-${field}`}
            value={typed.find((secret) => secret.field === field)?.value ?? ""}
            onChange={(value) =>
              onType([...typed.filter((secret) => secret.field !== field), { field, value }])
            }
            data-testid={`plan-secret-${field}`}
          />
        </div>
      ))}
      <p className={styles.meta}>
        {note} {given < asked.length && m.changes.review.secretsMissing}
      </p>
    </fieldset>
  );
}
