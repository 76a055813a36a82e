import { Search, X } from "lucide-react";
import type { ComponentProps } from "react";
import { m } from "../messages/en";
import { cx } from "./cx";
import { Kbd } from "./Kbd";
import styles from "./SearchField.module.css";

interface SearchFieldProps extends Omit<ComponentProps<"input">, "onChange" | "value"> {
  label: string;
  value: string;
  onChange: (value: string) => void;
  keys?: string[];
  "data-testid"?: string;
}

/** A field that filters what is under it. Esc empties it. */
export function SearchField({
  label,
  value,
  onChange,
  keys,
  className,
  onKeyDown,
  ...rest
}: SearchFieldProps) {
  return (
    <span className={cx(styles.field, className)}>
      <Search size={14} strokeWidth={2} aria-hidden="true" />
      <input
        type="text"
        role="searchbox"
        aria-label={label}
        spellCheck={false}
        autoComplete="off"
        {...rest}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value !== "") {
            event.stopPropagation();
            onChange("");
          }
          onKeyDown?.(event);
        }}
      />
      {value !== "" ? (
        <button
          type="button"
          className={styles.clear}
          aria-label={m.tree.clearFilter}
          onClick={() => onChange("")}
        >
          <X size={14} strokeWidth={2} />
        </button>
      ) : (
        keys && <Kbd keys={keys} />
      )}
    </span>
  );
}
