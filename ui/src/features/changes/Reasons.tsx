import type { SkipReason } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Reasons.module.css";

/** Why scopes have no step, with how many for each reason. */
export function Reasons({ reasons, of }: { reasons: SkipReason[]; of: number }) {
  const rest = of - reasons.reduce((sum, { scopes }) => sum + scopes, 0);
  return (
    <ul className={styles.reasons} aria-label={m.changes.review.reasons} data-testid="reasons">
      {reasons.map(({ why, scopes }) => (
        <li key={why}>
          <span>{m.format.number(scopes)}</span> <span>{why}</span>
        </li>
      ))}
      {rest > 0 && (
        <li>
          <span>{m.format.number(rest)}</span> <span>{m.changes.review.reasonsRest}</span>
        </li>
      )}
    </ul>
  );
}
