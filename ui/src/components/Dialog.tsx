import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode, RefObject } from "react";
import { cx } from "./cx";
import styles from "./Dialog.module.css";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  lead?: ReactNode;
  children?: ReactNode;
  /** Buttons; the one that does nothing comes first. */
  foot?: ReactNode;
  initialFocus?: RefObject<HTMLElement | null>;
  wide?: boolean;
  "data-testid"?: string;
}

/** Asks one question: focus is trapped, Esc closes, focus returns to where it was. */
export function Dialog({
  open,
  onClose,
  title,
  lead,
  children,
  foot,
  initialFocus,
  wide,
  ...rest
}: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.scrim} />
        <Base.Popup
          className={cx(styles.dialog, wide && styles.wide)}
          {...(initialFocus ? { initialFocus } : {})}
          data-modal=""
          data-testid={rest["data-testid"]}
        >
          <div className={styles.body}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            {lead !== undefined && <Base.Description className={styles.lead}>{lead}</Base.Description>}
            {children}
          </div>
          {foot !== undefined && <div className={styles.foot}>{foot}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
