import { Menu } from "@base-ui/react/menu";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./ChoiceMenu.module.css";
import menu from "./Menu.module.css";
import { popupPlace } from "./popupPlace";

interface ChoiceMenuProps {
  label: ReactNode;
  /** What is chosen now, quieter. */
  value?: ReactNode;
  icon?: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  "data-testid"?: string;
}

/** A button that opens choices; it stays open while they are made. */
export function ChoiceMenu({ label, value, icon, children, align = "start", ...rest }: ChoiceMenuProps) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className={styles.trigger} data-testid={rest["data-testid"]}>
        {icon}
        <span className={styles.label}>{label}</span>
        {value !== undefined && <span className={styles.value}>{value}</span>}
        <ChevronDown size={14} strokeWidth={2} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal container={popupPlace}>
        <Menu.Positioner sideOffset={6} align={align} className={menu.positioner}>
          <Menu.Popup className={menu.popup}>{children}</Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

interface ChoiceProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  note?: string;
}

/** One of several that may be chosen together. */
export function Choice({ checked, onChange, children, note }: ChoiceProps) {
  return (
    <Menu.CheckboxItem
      className={menu.item}
      checked={checked}
      onCheckedChange={onChange}
      closeOnClick={false}
    >
      <span className={menu.check}>
        <Menu.CheckboxItemIndicator>
          <Check size={14} strokeWidth={2} />
        </Menu.CheckboxItemIndicator>
      </span>
      <span className={styles.choice}>{children}</span>
      {note !== undefined && <span className={styles.note}>{note}</span>}
    </Menu.CheckboxItem>
  );
}

interface OneOfProps<V extends string> {
  heading: string;
  value: V;
  options: readonly (readonly [value: V, label: string])[];
  onChange: (value: V) => void;
}

/** One of several, under a heading. */
export function OneOf<V extends string>({ heading, value, options, onChange }: OneOfProps<V>) {
  return (
    <Menu.RadioGroup value={value} onValueChange={(next) => onChange(next as V)} aria-label={heading}>
      <div className={menu.heading}>{heading}</div>
      {options.map(([each, label]) => (
        <Menu.RadioItem key={each} value={each} className={menu.item} closeOnClick={false}>
          <span className={menu.check}>
            <Menu.RadioItemIndicator>
              <Check size={14} strokeWidth={2} />
            </Menu.RadioItemIndicator>
          </span>
          {label}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

/** A line between groups of choices. */
export function ChoiceLine() {
  return <Menu.Separator className={menu.line} />;
}

/** What the choices under it are about. */
export function ChoiceHeading({ children }: { children: ReactNode }) {
  return <div className={menu.heading}>{children}</div>;
}

interface ChoiceActProps {
  onClick: () => void;
  /** It ends the choosing. */
  closes?: boolean;
  children: ReactNode;
}

/** An act among choices. */
export function ChoiceAct({ onClick, closes = false, children }: ChoiceActProps) {
  return (
    <Menu.Item className={menu.item} onClick={onClick} closeOnClick={closes}>
      {!closes && <span className={menu.check} />}
      {children}
    </Menu.Item>
  );
}
