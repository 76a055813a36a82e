import { useQuery } from "@tanstack/react-query";
import { queries } from "../ipc/queries";
import type { Connection } from "../ipc/types";

/** The connection with this id, followed. */
export function useConnection(id: number | null): Connection | null {
  const { data } = useQuery(queries.connections());
  return data?.find((connection) => connection.id === id) ?? null;
}

/** Whether anything that writes may be offered at all. */
export function mayWrite(connection: Connection): boolean {
  return (
    connection.reach.state !== "offline" &&
    connection.token === "stored" &&
    connection.access === "full" &&
    connection.safety !== "read_only"
  );
}
