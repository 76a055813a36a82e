import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { toastDone } from "../../app/toasts";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import input from "../../components/Input.module.css";
import { Select } from "../../components/Select";
import { app } from "../../ipc/backend";
import type { Connection, Safety } from "../../ipc/types";
import { m } from "../../messages/en";
import { useNow } from "../../logic/time";
import { safetyOptions } from "../connect/ConnectForm";
import styles from "./Connection.module.css";
import { RemoveConnection } from "./RemoveConnection";
import { ReplaceToken } from "./ReplaceToken";

/** A connection's name, safety and token; and its removal. */
export function ConnectionDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const [removing, setRemoving] = useState(false);
  const id = useId();
  const now = useNow();
  const t = m.connection;
  const safety = useMutation({
    mutationFn: (level: Safety) => app.setSafety(connection.id, level),
    meta: { failure: m.failed.safety },
  });
  const expiry = connection.token_expires_on;
  if (removing)
    return (
      <RemoveConnection connection={connection} onCancel={() => setRemoving(false)} onRemoved={onClose} />
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.title(connection.name)}
      lead={connection.url}
      data-testid="connection-dialog"
      foot={
        <>
          <Button
            variant="quiet"
            data-start=""
            onClick={() => setRemoving(true)}
            data-testid="connection-remove"
          >
            {t.remove}
          </Button>
          <Button onClick={onClose}>{m.acts.close}</Button>
        </>
      }
    >
      <Rename connection={connection} />
      <div className={styles.field}>
        <label htmlFor={`${id}-safety`}>{t.safety}</label>
        <Select
          id={`${id}-safety`}
          label={t.safety}
          value={connection.safety}
          options={safetyOptions}
          onChange={(level) => safety.mutate(level)}
          data-testid="connection-safety"
        />
      </div>
      <section className={styles.token}>
        <h3>{t.token}</h3>
        <p>
          {t.tokenOf(connection.username)}. {connection.demo ? t.demoToken : t.states[connection.token]}.
        </p>
        <p>
          {t.access[connection.access]}.{" "}
          <span data-testid="connection-expiry">
            {expiry === null ? t.noExpiry : t.expires(expiry, m.format.daysUntil(expiry, now))}
          </span>
          .
        </p>
        {!connection.demo && <ReplaceToken connection={connection} />}
      </section>
    </Dialog>
  );
}

function Rename({ connection }: { connection: Connection }) {
  // Nothing typed: the name as it is, also when it is another by now.
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? connection.name;
  const id = useId();
  const rename = useMutation({
    mutationFn: () => app.renameConnection(connection.id, name.trim()),
    meta: { failure: m.failed.rename },
    onSuccess: () => {
      setTyped(null);
      toastDone(m.connection.renamed);
    },
  });
  const changed = name.trim() !== "" && name.trim() !== connection.name;
  return (
    <form
      className={styles.field}
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) rename.mutate();
      }}
    >
      <label htmlFor={id}>{m.connection.name}</label>
      <span className={styles.line}>
        <input
          id={id}
          className={input.input}
          value={name}
          onChange={(event) => setTyped(event.target.value)}
          data-testid="connection-name"
        />
        <Button
          type="submit"
          aria-disabled={!changed}
          busy={rename.isPending}
          data-testid="connection-rename"
        >
          {m.connection.rename}
        </Button>
      </span>
    </form>
  );
}
