import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Failed } from "../components/Empty";
import { ClosingDialog } from "../features/shell/ClosingDialog";
import { Shell } from "../features/shell/Shell";
import { app } from "../ipc/backend";
import { currentPreferences } from "../ipc/preferences";
import { queries } from "../ipc/queries";
import type { Connection, Level } from "../ipc/types";
import { useAppearance } from "./appearance";
import { NavigationProvider, type Place } from "./navigation";
import { Toasts } from "./toasts";

/** The window. It can be closed whatever it shows. */
export function App() {
  return (
    <>
      <Opened />
      <ClosingDialog />
    </>
  );
}

/** Waits for the list of connections, then opens where it was left. */
function Opened() {
  useAppearance();
  const info = useQuery(queries.app());
  const connections = useQuery(queries.connections());
  const demo = useDemoAtStart(info.data?.demo ?? false);
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

/** Started to show the demo company only: waits until it runs. The app starts and reads it by itself. */
function useDemoAtStart(wanted: boolean): "starting" | "no" {
  const client = useQueryClient();
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    if (!wanted) return;
    // If it can't start, the page that offers it again is shown, and says why when it is asked.
    void app
      .startDemo()
      .then(() => client.refetchQueries({ queryKey: queries.connections().queryKey }))
      .catch(() => undefined)
      .finally(() => setSettled(true));
  }, [wanted, client]);
  return wanted && !settled ? "starting" : "no";
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
