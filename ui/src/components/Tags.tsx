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

/**
 * Several short texts: Enter or a comma ends one, Backspace takes the last away. What is being typed
 * is among the values already, so that nothing which looks at them misses it.
 */
export function Tags({ id, labelledBy, values, invalid, onChange, ...rest }: TagsProps) {
  const [typed, setTyped] = useState("");
  // The last value, while it is the one being typed.
  const [open, setOpen] = useState(false);
  const ended = open ? values.slice(0, -1) : values;

  function type(text: string) {
    // Of a pasted list all but the last are ended.
    const parts = text.split(",").map((part) => part.trim());
    const last = parts.pop() ?? "";
    const before = [...new Set([...ended, ...parts.filter((part) => part !== "")])];
    const lifted = last !== "" && !before.includes(last);
    setTyped(parts.length > 0 ? last : text);
    setOpen(lifted);
    const next = lifted ? [...before, last] : before;
    if (next.join() !== values.join()) onChange(next);
  }
  function end() {
    setTyped("");
    setOpen(false);
  }
  function onKeyDown(event: KeyboardEvent) {
    // An input method's own Enter chooses a word.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "," || (event.key === "Enter" && !event.ctrlKey && !event.metaKey)) {
      event.preventDefault();
      end();
    } else if (event.key === "Backspace" && typed === "") onChange(ended.slice(0, -1));
  }

  return (
    <div
      id={id}
      role="group"
      aria-labelledby={labelledBy}
      className={styles.tags}
      data-invalid={invalid || undefined}
    >
      {ended.map((value) => (
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
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={end}
        {...rest}
      />
    </div>
  );
}
