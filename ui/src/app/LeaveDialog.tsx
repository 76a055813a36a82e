import { useRef } from "react";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { m } from "../messages/en";

interface LeaveDialogProps {
  open: boolean;
  onStay: () => void;
  onLeave: () => void;
}

/** Asks before typed secrets are lost. Focus starts on staying. */
export function LeaveDialog({ open, onStay, onLeave }: LeaveDialogProps) {
  const stay = useRef<HTMLButtonElement>(null);
  const t = m.shell.leaving;
  return (
    <Dialog
      open={open}
      onClose={onStay}
      title={t.title}
      lead={t.note}
      initialFocus={stay}
      data-testid="leave-dialog"
      foot={
        <>
          <Button ref={stay} keys={["Esc"]} onClick={onStay} data-testid="leave-stay">
            {t.stay}
          </Button>
          <Button variant="primary" onClick={onLeave} data-testid="leave-leave">
            {t.leave}
          </Button>
        </>
      }
    />
  );
}
