import { useEffect, useRef, useState } from "react";
import { writeBeforeClose } from "../../app/beforeClose";
import { toastFailed } from "../../app/toasts";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { app, backend } from "../../ipc/backend";
import type { Closing } from "../../ipc/types";
import { m } from "../../messages/en";

/** Keeps what was typed before the window closes, and asks first while a run or a sync is under way. */
export function ClosingDialog() {
  const [asked, setAsked] = useState<Closing | null>(null);
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const listening = backend().onClosing((underWay) => void wish(underWay));
    return () => void listening.then((stop) => stop());

    async function wish(underWay: Closing) {
      try {
        await writeBeforeClose();
        if (!underWay.applying && !underWay.syncing) {
          await app.closeWindow();
          return;
        }
        setAsked(underWay);
      } catch (thrown) {
        // Not closed with something lost; asked once more, it closes all the same.
        toastFailed(m.failed.draft, thrown);
        return;
      }
      await app.stayOpen().catch(() => undefined);
    }
  }, []);
  const t = m.shell.closing;
  return (
    <Dialog
      open={asked !== null}
      onClose={() => setAsked(null)}
      title={asked?.applying ? t.applying : t.syncing}
      lead={asked?.applying ? t.applyingNote : t.syncingNote}
      initialFocus={stay}
      data-testid="closing-dialog"
      foot={
        <>
          <Button ref={stay} keys={["Esc"]} onClick={() => setAsked(null)}>
            {t.stay}
          </Button>
          <Button
            variant="primary"
            onClick={() =>
              void app.closeWindow().catch((thrown: unknown) => toastFailed(m.failed.act, thrown))
            }
            data-testid="closing-close"
          >
            {t.close}
          </Button>
        </>
      }
    />
  );
}
