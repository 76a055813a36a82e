import { useId } from "react";
import { m } from "../messages/en";
import styles from "./RememberCheck.module.css";

interface RememberCheckProps {
  checked: boolean;
  onChange: (remember: boolean) => void;
}

/** Whether the keychain is to remember what is typed; off until somebody says so. */
export function RememberCheck({ checked, onChange }: RememberCheckProps) {
  const id = useId();
  return (
    <div className={styles.remember}>
      <label>
        <input
          type="checkbox"
          checked={checked}
          aria-describedby={id}
          onChange={(event) => onChange(event.target.checked)}
          data-testid="remember-secrets"
        />
        {m.changes.review.remember}
      </label>
      <p id={id}>{m.changes.review.rememberNote}</p>
    </div>
  );
}
