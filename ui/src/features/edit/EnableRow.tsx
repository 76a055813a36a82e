import type { EditForm } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Edit.module.css";

interface EnableRowProps {
  form: EditForm;
  enabled: boolean;
  onChange: (on: boolean) => void;
}

/** GitLab's *Enable integration*, and what off means over its API. */
export function EnableRow({ form, enabled, onChange }: EnableRowProps) {
  const t = m.edit.enable;
  const { disable } = form;
  const stuck = form.enabled && disable.kind !== "offered";
  const note = stuck
    ? disable.kind === "refused"
      ? disable.why.text
      : t.nothing
    : enabled
      ? null
      : form.enabled
        ? t.off
        : t.isOff;
  return (
    <div className={styles.enable}>
      <label className={styles.check}>
        <input
          type="checkbox"
          role="switch"
          checked={enabled}
          disabled={stuck}
          aria-describedby={note === null ? undefined : "enable-note"}
          onChange={(event) => onChange(event.target.checked)}
          data-testid="edit-enabled"
        />
        <span>{t.label}</span>
      </label>
      {note !== null && (
        <p id="enable-note" className={styles.enableNote}>
          {note}
        </p>
      )}
    </div>
  );
}
