import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { toastDone } from "../../app/toasts";
import { Button } from "../../components/Button";
import { FieldError } from "../../components/FieldError";
import { SecretInput } from "../../components/SecretInput";
import { app } from "../../ipc/backend";
import type { Connection } from "../../ipc/types";
import { m } from "../../messages/en";
import { Checks } from "../connect/Checks";
import styles from "./Connection.module.css";

/** Takes a new token; it is checked, and only then replaces the old one. */
export function ReplaceToken({ connection }: { connection: Connection }) {
  const [token, setToken] = useState("");
  const id = useId();
  const t = m.connection;
  const check = useMutation({
    mutationFn: () => app.checkToken(connection.id, token),
    meta: { failure: null },
  });
  const replace = useMutation({
    mutationFn: () => app.replaceToken(connection.id, token),
    meta: { failure: null },
    onSuccess: () => {
      setToken("");
      check.reset();
      replace.reset();
      toastDone(t.replaced, t.replacedNote);
    },
  });
  const failed = replace.error ?? check.error;
  return (
    <form
      className={styles.field}
      onSubmit={(event) => {
        event.preventDefault();
        if (token !== "") replace.mutate();
      }}
    >
      <label htmlFor={id}>{t.newToken}</label>
      <SecretInput
        id={id}
        value={token}
        onChange={(value) => {
          setToken(value);
          check.reset();
          replace.reset();
        }}
        aria-invalid={failed !== null || undefined}
        data-testid="connection-token"
      />
      <FieldError
        id={`${id}-error`}
        message={failed ? `${failed.message} ${failed.hint ?? ""}`.trim() : undefined}
        testid="connection-token-error"
      />
      <Checks report={check.data ?? null} busy={check.isPending} url={connection.url} />
      <span className={styles.line}>
        <Button disabled={token === ""} busy={check.isPending} onClick={() => check.mutate()}>
          {t.check}
        </Button>
        <Button
          type="submit"
          variant="primary"
          disabled={token === ""}
          busy={replace.isPending}
          data-testid="connection-replace-token"
        >
          {t.replace}
        </Button>
      </span>
    </form>
  );
}
