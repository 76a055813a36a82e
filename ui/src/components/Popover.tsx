import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import styles from "./Popover.module.css";

interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactElement;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  label: string;
  align?: "start" | "center" | "end";
  /** The trigger is something else than a button. */
  notAButton?: boolean;
}

/** Says more about what it hangs on. Esc closes; focus returns. */
export function Popover({
  trigger,
  children,
  open,
  onOpenChange,
  label,
  align = "start",
  notAButton = false,
}: PopoverProps) {
  return (
    <Base.Root
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange: (next) => onOpenChange(next) } : {})}
    >
      <Base.Trigger render={trigger} nativeButton={!notAButton} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={align} className={styles.positioner} collisionPadding={8}>
          <Base.Popup className={styles.popup} aria-label={label}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
