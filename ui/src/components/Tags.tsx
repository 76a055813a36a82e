import { X } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { m } from "../messages/en";
import styles from "./Input.module.css";

interface TagsProps {
  id: string;
  labelledBy: string;
  values: string[];
  invalid: boolean;
  onChange: (values: string[]) => void;
  "data-testid"?: string;
}

/** Several short texts: Enter or a comma adds, Backspace takes the last away. */
export function Tags({ id, labelledBy, values, invalid, onChange, ...rest }: TagsProps) {
  const [typed, setTyped] = useState("");

  function add() {
    const next = typed.trim();
    setTyped("");
    if (next !== "" && !values.includes(next)) onChange([...values, next]);
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "," || (event.key === "Enter" && !event.ctrlKey && !event.metaKey)) {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && typed === "") onChange(values.slice(0, -1));
  }

  return (
    <div
      id={id}
      role="group"
      aria-labelledby={labelledBy}
      className={styles.tags}
      data-invalid={invalid || undefined}
    >
      {values.map((value) => (
        <span key={value} className={styles.tag}>
          <bdi>{value}</bdi>
          <button
            type="button"
            aria-label={m.edit.removeTag(value)}
            onClick={() => onChange(values.filter((other) => other !== value))}
          >
            <X size={12} strokeWidth={2.2} />
          </button>
        </span>
      ))}
      <input
        aria-labelledby={labelledBy}
        placeholder={m.edit.addTag}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={add}
        {...rest}
      />
    </div>
  );
}
