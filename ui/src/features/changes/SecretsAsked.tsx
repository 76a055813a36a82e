import { KeyRound, TriangleAlert } from "lucide-react";
import { useId } from "react";
import { RememberCheck } from "../../components/RememberCheck";
import { SecretInput } from "../../components/SecretInput";
import type { MissingSecrets, SecretAsked, SecretInput as Secret } from "../../ipc/types";
import { isGiven, lacking } from "../../logic/secrets";
import { m } from "../../messages/en";
import styles from "./SecretsAsked.module.css";
import textStyles from "./Text.module.css";

/** What somebody typed, and whether the keychain is to remember it. */
export interface Typed {
  secrets: Secret[];
  remember: boolean;
}

export const nothingTyped: Typed = { secrets: [], remember: false };

interface SecretsAskedProps {
  asked: SecretAsked[];
  missing: MissingSecrets[];
  /** How many steps there are. */
  steps: number;
  typed: Typed;
  onType: (typed: Typed) => void;
  note: string;
}

/** Secrets that some steps need: asked once for all of them. */
export function SecretsAsked({ asked, missing, steps, typed, onType, note }: SecretsAskedProps) {
  const id = useId();
  const t = m.changes.review;
  const { secrets, remember } = typed;
  const given = asked.filter(({ field }) => isGiven(secrets, field)).length;
  const waiting = lacking(missing, secrets);
  return (
    <fieldset className={styles.secrets} data-testid="plan-secrets">
      <legend>
        <KeyRound size={14} strokeWidth={2} aria-hidden="true" /> {t.secrets}{" "}
        <span className={textStyles.meta}>
          {t.given(given, asked.length)}. {note}
        </span>
      </legend>
      {asked.map(({ field, title, steps: needed, remembered }) => (
        <div key={field} className={styles.secret}>
          <label htmlFor={`${id}-${field}`}>{title}</label>
          <div>
            <SecretInput
              id={`${id}-${field}`}
              value={secrets.find((secret) => secret.field === field)?.value ?? ""}
              onChange={(value) =>
                onType({
                  remember,
                  secrets: [...secrets.filter((secret) => secret.field !== field), { field, value }],
                })
              }
              wanted={remembered < needed && !isGiven(secrets, field)}
              aria-describedby={`${id}-${field}-note`}
              data-testid={`plan-secret-${field}`}
            />
            <p id={`${id}-${field}-note`} className={textStyles.meta}>
              {t.neededBy(needed, remembered)}
            </p>
          </div>
        </div>
      ))}
      <RememberCheck checked={remember} onChange={(on) => onType({ secrets, remember: on })} />
      <p role="status" className={styles.lacking} data-testid="plan-lacking">
        {waiting > 0 && (
          <>
            <TriangleAlert size={14} strokeWidth={2} aria-hidden="true" />
            {waiting === steps ? t.allWaiting : t.waiting(waiting)}
          </>
        )}
      </p>
    </fieldset>
  );
}
