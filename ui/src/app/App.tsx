import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Failed } from "../components/Empty";
import { Shell } from "../features/shell/Shell";
import { app } from "../ipc/backend";
import { currentPreferences } from "../ipc/preferences";
import { queries } from "../ipc/queries";
import type { Connection, Level } from "../ipc/types";
import { useAppearance } from "./appearance";
import { NavigationProvider, type Place } from "./navigation";
import { Toasts } from "./toasts";

/** The window: waits for the list of connections, then opens where it was left. */
export function App() {
  useAppearance();
  const info = useQuery(queries.app());
  const connections = useQuery(queries.connections());
  const demo = useDemoAtStart(info.data?.demo ?? false, connections.data);
  if (connections.isError)
    return <Failed error={connections.error} onRetry={() => void connections.refetch()} />;
  if (!connections.data || !info.data || demo === "starting") return null;
  return (
    <NavigationProvider start={firstPlace(connections.data)}>
      <Toasts>
        <Shell />
      </Toasts>
    </NavigationProvider>
  );
}

/** Started to show the demo company only: it is made at once, and read. */
function useDemoAtStart(wanted: boolean, connections: Connection[] | undefined): "starting" | "no" {
  const needed = wanted && connections !== undefined && !connections.some((connection) => connection.demo);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!needed) return;
    void app
      .startDemo()
      .then((connection) => app.startSync(connection.id, null))
      .catch(() => setFailed(true));
  }, [needed]);
  return needed && !failed ? "starting" : "no";
}

function firstPlace(connections: Connection[]): Place {
  const { last } = currentPreferences();
  const kept = last && connections.find((connection) => connection.id === last.connection);
  if (last && kept && isLevel(last.level)) {
    return {
      view: "scopes",
      connection: kept.id,
      scope: { level: last.level, id: last.id },
      slug: last.slug,
      editing: false,
    };
  }
  const first = connections[0];
  return first
    ? { view: "scopes", connection: first.id, scope: null, slug: null, editing: false }
    : { view: "connect" };
}

function isLevel(value: string): value is Level {
  return value === "instance" || value === "group" || value === "project";
}
