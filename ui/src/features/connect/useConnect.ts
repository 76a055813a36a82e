import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useNavigation } from "../../app/navigation";
import { toastFailed } from "../../app/toasts";
import { app } from "../../ipc/backend";
import { CommandError } from "../../ipc/errors";
import { queries } from "../../ipc/queries";
import type { ConnectField, Connection, ConnectInput, ConnectionReport } from "../../ipc/types";
import { m } from "../../messages/en";

const blank: ConnectInput = {
  url: "",
  token: "",
  name: "",
  safety: "confirm_large",
  ca_pem: null,
  allow_plain_http: false,
};

export interface ConnectForm {
  input: ConnectInput;
  set: <K extends keyof ConnectInput>(name: K, value: ConnectInput[K]) => void;
  report: ConnectionReport | null;
  /** What to say at a field. */
  errors: Partial<Record<ConnectField, string>>;
  /** What belongs to no field. */
  error: CommandError | null;
  checking: boolean;
  connecting: boolean;
  test: () => void;
  connect: () => void;
}

/** The form of a new connection. What was typed survives every error. */
export function useConnect(): ConnectForm {
  const [input, setInput] = useState(blank);
  const [report, setReport] = useState<ConnectionReport | null>(null);
  const [missing, setMissing] = useState<Partial<Record<ConnectField, string>>>({});
  const opened = useOpened();

  // Counts what was typed that a check is about: an answer to what stood there before says nothing.
  const typed = useRef(0);

  function show(answer: ConnectionReport) {
    setReport(answer);
    // The address as it is understood, tidied.
    if (answer.url !== null) setInput((before) => ({ ...before, url: answer.url ?? before.url }));
  }
  const check = useMutation({
    mutationFn: async () => {
      const asked = typed.current;
      const answer = await app.checkConnection(input);
      if (asked === typed.current) show(answer);
    },
    meta: { failure: null },
  });
  // Nothing can be typed meanwhile: what is connected is what stands in the form.
  const connect = useMutation({
    mutationFn: async () => {
      const answer = await app.checkConnection(input);
      show(answer);
      if (!answer.can_connect) return null;
      return app.connect({ ...input, url: answer.url ?? input.url });
    },
    meta: { failure: null },
    onSuccess: (connection) => connection && opened(connection),
  });

  const complete = () => {
    const found: typeof missing = {};
    if (input.url.trim() === "") found.url = m.connect.urlMissing;
    if (input.token.trim() === "") found.token = m.connect.tokenMissing;
    setMissing(found);
    return Object.keys(found).length === 0;
  };
  const failed = Object.fromEntries(
    (report?.checks ?? []).flatMap((each) =>
      each.status === "failed" && each.field !== null ? [[each.field, each.detail || each.title]] : [],
    ),
  ) as Partial<Record<ConnectField, string>>;

  return {
    input,
    set: (name, value) => {
      if (connect.isPending) return;
      setInput({ ...input, [name]: value });
      setMissing({ ...missing, [name]: undefined });
      // What was found holds for what was typed then; a name or a safety level changes nothing of it.
      if (name === "name" || name === "safety") return;
      typed.current += 1;
      setReport(null);
      check.reset();
      connect.reset();
    },
    report,
    errors: { ...failed, ...withoutBlanks(missing) },
    error: connect.error ?? check.error,
    checking: check.isPending,
    connecting: connect.isPending,
    test: () => {
      connect.reset();
      if (complete()) check.mutate();
    },
    connect: () => {
      check.reset();
      if (complete()) connect.mutate();
    },
  };
}

function withoutBlanks(errors: Partial<Record<ConnectField, string | undefined>>) {
  return Object.fromEntries(Object.entries(errors).filter(([, error]) => error !== undefined));
}

/** Goes to a new connection and starts its first sync. */
export function useOpened(): (connection: Connection) => Promise<void> {
  const client = useQueryClient();
  const { go } = useNavigation();
  return async (connection) => {
    await client.refetchQueries({ queryKey: queries.connections().queryKey });
    go({ view: "scopes", connection: connection.id, scope: null, slug: null, editing: false });
    await app.startSync(connection.id, null).catch((thrown: unknown) => toastFailed(m.failed.sync, thrown));
  };
}
