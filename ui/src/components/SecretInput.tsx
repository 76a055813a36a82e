import { Eye, EyeOff } from "lucide-react";
import { useState, type ChangeEvent, type ComponentProps } from "react";
import { m } from "../messages/en";
import { IconButton } from "./Button";
import { cx } from "./cx";
import styles from "./Input.module.css";

interface SecretInputProps extends Omit<ComponentProps<"input">, "value" | "onChange" | "type" | "ref"> {
  value: string;
  onChange: (value: string) => void;
  /** It may have several lines, as a key file has. */
  lines?: boolean;
  /** Something must be entered here. */
  wanted?: boolean;
  "data-testid"?: string;
}

/** Takes a secret. Only what was typed now can be shown; nothing is ever filled in. */
export function SecretInput({ value, onChange, lines, wanted, className, ...rest }: SecretInputProps) {
  const [shown, setShown] = useState(false);
  const Control = lines === true ? "textarea" : "input";
  return (
    <span className={cx(styles.holder, className)}>
      <Control
        autoComplete="off"
        spellCheck={false}
        {...(rest as object)}
        {...(lines === true ? { rows: 3 } : { type: shown && value !== "" ? "text" : "password" })}
        className={cx(
          styles.input,
          styles.mono,
          styles.withButton,
          lines && !shown && styles.masked,
          wanted && styles.wanted,
        )}
        value={value}
        onChange={(event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
          onChange(event.target.value)
        }
      />
      {value !== "" && (
        <IconButton
          label={shown ? m.acts.conceal : m.acts.reveal}
          aria-pressed={shown}
          className={styles.inside}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff size={15} strokeWidth={1.75} /> : <Eye size={15} strokeWidth={1.75} />}
        </IconButton>
      )}
    </span>
  );
}
