import { X } from "lucide-react";
import { m } from "../messages/en";
import styles from "./FilterChip.module.css";

/** A filter that is on. Pressing it takes it away. */
export function FilterChip({ label, onClear }: { label: string; onClear: () => void }) {
  return (
    <button type="button" className={styles.chip} onClick={onClear} title={m.acts.clearFilter}>
      <bdi>{label}</bdi>
      <X size={12} strokeWidth={2.2} aria-hidden="true" />
      <span className="sr-only">{m.acts.clearFilter}</span>
    </button>
  );
}
