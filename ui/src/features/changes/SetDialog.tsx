import { useRef, useState } from "react";
import { Dialog } from "../../components/Dialog";
import { m } from "../../messages/en";
import styles from "./Bulk.module.css";
import { BulkFoot } from "./BulkFoot";
import { countSet, nothingSet, saySet, SetFields, type Setting } from "./SetFields";

interface SetDialogProps {
  connection: number;
  slug: string;
  title: string;
  /** How many scopes are given the settings. */
  scopes: number;
  busy: boolean;
  onClose: () => void;
  onSet: (setting: Setting) => void;
}

/** Asks which settings are set in the selected scopes. */
export function SetDialog({ connection, slug, title, scopes, busy, onClose, onSet }: SetDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  const [setting, setSetting] = useState(nothingSet);
  return (
    <Dialog
      open
      onClose={onClose}
      title={m.changes.bulk.set.title(title, m.changes.scopes(scopes))}
      lead={m.changes.bulk.belowLead}
      initialFocus={cancel}
      wide
      data-testid="set-dialog"
      foot={
        <BulkFoot
          cancel={cancel}
          said={saySet(setting)}
          busy={busy}
          ready={countSet(setting) > 0}
          onClose={onClose}
          onMake={() => onSet(setting)}
          testid="set-go"
        />
      }
    >
      <div className={styles.fields}>
        <SetFields connection={connection} slug={slug} value={setting} onChange={setSetting} />
      </div>
    </Dialog>
  );
}
