import { ToggleGroup } from "@base-ui/react/toggle-group";
import { Toggle } from "@base-ui/react/toggle";
import styles from "./Segments.module.css";

interface SegmentsProps<V extends string> {
  label: string;
  value: V;
  options: { value: V; label: string; count?: string }[];
  onChange: (value: V) => void;
}

/** One of a few ways to look at the same list. */
export function Segments<V extends string>({ label, value, options, onChange }: SegmentsProps<V>) {
  return (
    <ToggleGroup
      aria-label={label}
      className={styles.group}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
    >
      {options.map((option) => (
        <Toggle key={option.value} value={option.value} className={styles.segment}>
          {option.label}
          {option.count !== undefined && <span className={styles.count}>{option.count}</span>}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
