import { useQuery } from "@tanstack/react-query";
import { queries } from "../ipc/queries";
import type { Connection } from "../ipc/types";
import { m } from "../messages/en";

/** The connection with this id, followed. */
export function useConnection(id: number | null): Connection | null {
  const { data } = useQuery(queries.connections());
  return data?.find((connection) => connection.id === id) ?? null;
}

/** Why nothing that writes is offered; `null`: it is. */
export function whyNoWrites(connection: Connection): string | null {
  const why = m.shell.noWrites;
  if (connection.reach.state === "offline") return why.offline;
  if (connection.token !== "stored") return why.token;
  if (connection.access !== "full") return why.reviewOnly;
  return connection.safety === "read_only" ? why.readOnly : null;
}

/** Whether anything that writes may be offered at all. */
export function mayWrite(connection: Connection): boolean {
  return whyNoWrites(connection) === null;
}
