import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import styles from "./Select.module.css";

interface SelectProps<V extends string> {
  id?: string;
  label: string;
  value: V;
  options: { value: V; label: string; note?: string }[];
  onChange: (value: V) => void;
  disabled?: boolean;
  "data-testid"?: string;
  placeholder?: string;
}

/** One of several choices, in a field. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { id, label, value, options, onChange, placeholder, disabled = false } = props;
  return (
    <Base.Root
      value={value}
      disabled={disabled}
      onValueChange={(next) => next !== null && onChange(next)}
      items={options}
    >
      <Base.Trigger id={id} aria-label={label} className={styles.trigger} data-testid={props["data-testid"]}>
        <Base.Value>
          {(current: string) =>
            options.find((option) => option.value === current)?.label ?? placeholder ?? current
          }
        </Base.Value>
        <Base.Icon className={styles.icon}>
          <ChevronsUpDown size={14} strokeWidth={2} />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className={styles.positioner} sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className={styles.popup}>
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} className={styles.item}>
                <span className={styles.check}>
                  <Base.ItemIndicator>
                    <Check size={14} strokeWidth={2} />
                  </Base.ItemIndicator>
                </span>
                <span>
                  <Base.ItemText>{option.label}</Base.ItemText>
                  {option.note !== undefined && <span className={styles.note}>{option.note}</span>}
                </span>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
