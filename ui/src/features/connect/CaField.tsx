import { useId, useState } from "react";
import { cx } from "../../components/cx";
import { FieldError } from "../../components/FieldError";
import input from "../../components/Input.module.css";
import { m } from "../../messages/en";
import styles from "./Connect.module.css";

interface CaFieldProps {
  value: string | null;
  readOnly: boolean;
  onChange: (value: string | null) => void;
  error: string | undefined;
}

/** A company's own certificate authority: pasted, or read from a file. */
export function CaField({ value, readOnly, onChange, error }: CaFieldProps) {
  const id = useId();
  const [unreadable, setUnreadable] = useState(false);

  async function read(file: File | undefined) {
    if (!file) return;
    try {
      onChange(await file.text());
      setUnreadable(false);
    } catch {
      setUnreadable(true);
    }
  }

  return (
    <div className={styles.field}>
      <label htmlFor={id}>{m.connect.caPem}</label>
      <textarea
        id={id}
        rows={3}
        spellCheck={false}
        className={cx(input.input, input.mono)}
        placeholder="-----BEGIN CERTIFICATE-----"
        value={value ?? ""}
        readOnly={readOnly}
        onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={`${id}-help`}
        data-testid="connect-ca"
      />
      <p id={`${id}-help`} className={styles.help}>
        {m.connect.caPemHelp}{" "}
        <label className={styles.file}>
          {m.connect.caPemFile}
          <input
            type="file"
            disabled={readOnly}
            accept=".pem,.crt,.cer,application/x-pem-file"
            onChange={(event) => void read(event.target.files?.[0])}
            data-testid="connect-ca-file"
          />
        </label>
      </p>
      <FieldError id={`${id}-error`} message={unreadable ? m.connect.caFileFailed : error} />
    </div>
  );
}
