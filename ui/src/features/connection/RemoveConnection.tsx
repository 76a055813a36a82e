import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { toastDone } from "../../app/toasts";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { app } from "../../ipc/backend";
import { queries } from "../../ipc/queries";
import type { Connection } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Connection.module.css";

interface RemoveConnectionProps {
  connection: Connection;
  onCancel: () => void;
  onRemoved: () => void;
}

/** Says what goes and what stays, then removes a connection with all its data. */
export function RemoveConnection({ connection, onCancel, onRemoved }: RemoveConnectionProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  const client = useQueryClient();
  const t = m.connection;
  const remove = useMutation({
    mutationFn: () => app.removeConnection(connection.id),
    meta: { failure: m.failed.remove },
    onSuccess: async () => {
      toastDone(t.removed, t.removedNote(connection.name));
      onRemoved();
      await client.invalidateQueries({ queryKey: queries.connections().queryKey });
    },
  });
  return (
    <Dialog
      open
      onClose={onCancel}
      title={t.removeTitle(connection.name)}
      lead={t.removeLead}
      initialFocus={cancel}
      data-testid="remove-connection-dialog"
      foot={
        <>
          <Button ref={cancel} keys={["Esc"]} onClick={onCancel}>
            {m.acts.cancel}
          </Button>
          <Button
            variant="primary"
            busy={remove.isPending}
            onClick={() => remove.mutate()}
            data-testid="confirm-remove-connection"
          >
            {t.remove}
          </Button>
        </>
      }
    >
      <ul className={styles.removed}>
        <li>{t.removeToken}</li>
        <li>{t.removeDrafts(connection.drafts)}</li>
        <li>{t.removeCopy(connection.groups, connection.projects)}</li>
      </ul>
      <p className={styles.kept}>{t.removeKept}</p>
    </Dialog>
  );
}
