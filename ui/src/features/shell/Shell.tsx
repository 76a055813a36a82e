import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState, type RefObject } from "react";
import { useConnection, whyNoWrites } from "../../app/connection";
import { useCommands } from "../../app/commands/useCommands";
import { useNoReload } from "../../app/hotkeys";
import { isShown, useNavigation, type PlaceOf, type View } from "../../app/navigation";
import { toastDone } from "../../app/toasts";
import { popupPlace } from "../../components/popupPlace";
import { app } from "../../ipc/backend";
import { queries } from "../../ipc/queries";
import type { Connection } from "../../ipc/types";
import { m } from "../../messages/en";
import { ChangesView } from "../changes/ChangesView";
import { usePlanFrom } from "../changes/runActs";
import { ConnectPage } from "../connect/ConnectPage";
import { ConnectionDialog } from "../connection/ConnectionDialog";
import { DriftView } from "../drift/DriftView";
import { useExport, wholeEstate } from "../export/useExport";
import { IntegrationsView } from "../integrations/IntegrationsView";
import { MatrixView } from "../matrix/MatrixView";
import { OverviewView } from "../overview/OverviewView";
import { Palette } from "../palette/Palette";
import { ScopesView } from "../scopes/ScopesView";
import { BannerBar } from "./BannerBar";
import { Boundary } from "./Boundary";
import { focusNextPane } from "./panes";
import { useFocusKept } from "./focus";
import { ShortcutSheet } from "./ShortcutSheet";
import styles from "./Shell.module.css";
import { StatusBar } from "./StatusBar";
import { TopBar } from "./TopBar";
import { views } from "./views";

const RECHECK_WHILE_OFFLINE = 60_000;

/** Top bar, banner, the view, status bar. */
export function Shell() {
  const { place, go, turnTo, back, forward } = useNavigation();
  const connection = useConnection(place.view === "connect" ? null : place.connection);
  const connections = useQuery(queries.connections());
  const status = useQuery({ ...queries.sync(connection?.id ?? 0), enabled: connection !== null });
  const [sheet, setSheet] = useState(false);
  const [palette, setPalette] = useState(false);
  const [managing, setManaging] = useState<number | null>(null);
  const managed = useConnection(managing);
  const filterRef = useRef<HTMLInputElement>(null);

  const id = connection?.id ?? 0;
  const sync = useMutation({ mutationFn: () => app.startSync(id, null), meta: { failure: m.failed.sync } });
  const cancel = useMutation({ mutationFn: () => app.cancelSync(id), meta: { failure: m.failed.act } });
  const idle = !sync.isPending && (status.data === undefined || status.data.phase === "idle");
  useRecheck(connection?.id ?? null, connection?.reach.state === "offline");
  useSyncToast(
    status.data?.last?.finished_at ?? null,
    status.data?.last?.requests ?? 0,
    connection?.id ?? null,
  );

  const exports = useExport(connection?.id ?? 0);
  const undo = usePlanFrom(id, "undo");
  const lastRun = useLastRun(connection?.id ?? null);
  useCommands({
    palette: connection && (() => setPalette(true)),
    back,
    forward,
    sync: idle && connection && connection.reach.state !== "offline" && (() => sync.mutate()),
    shortcuts: () => setSheet(true),
    manageConnection: connection && (() => setManaging(connection.id)),
    addConnection: () => go({ view: "connect" }),
    undo: connection && lastRun && whyNoWrites(connection) === null && (() => undo.mutate(lastRun)),
    exportCsv: connection && (() => exports.copy(wholeEstate, "csv")),
    exportJson: connection && (() => exports.copy(wholeEstate, "json")),
    exportReport: connection && (() => exports.copy(wholeEstate, "html")),
    ...Object.fromEntries(
      views.map(({ view }) => [
        `view-${view}`,
        connection && (() => (isShown(place, view) ? focusNextPane(1) : turnTo(view, connection.id))),
      ]),
    ),
  });
  useNoReload();
  usePaneKey();
  const main = useRef<HTMLElement>(null);
  useFocusKept(main, place);

  // The connection that was shown is gone: go where there is something.
  const gone = place.view !== "connect" && connections.data !== undefined && connection === null;
  const leave = useEffectEvent(() => {
    const next = connections.data?.[0];
    go(
      next
        ? { view: "scopes", connection: next.id, scope: null, slug: null, editing: false }
        : { view: "connect" },
      { replace: true, settled: true },
    );
  });
  useEffect(() => {
    if (gone) leave();
  }, [gone]);

  return (
    <div className={styles.shell}>
      <TopBar
        connection={connection}
        connections={connections.data ?? []}
        status={status.data}
        onManage={setManaging}
        onShortcuts={() => setSheet(true)}
        onSync={() => sync.mutate()}
        onCancelSync={() => cancel.mutate()}
        onFind={() => setPalette(true)}
      />
      {connection && (
        <BannerBar
          key={connection.id}
          connection={connection}
          status={status.data}
          onManage={() => setManaging(connection.id)}
          onSync={() => sync.mutate()}
          onCancel={() => cancel.mutate()}
        />
      )}
      <main className={styles.main} ref={main}>
        <Boundary place={place}>
          {place.view === "connect" ? (
            <ConnectPage />
          ) : (
            connection && (
              <ViewOf
                key={connection.id}
                connection={connection}
                place={place}
                filterRef={filterRef}
                onSync={() => sync.mutate()}
                onManage={() => setManaging(connection.id)}
              />
            )
          )}
        </Boundary>
        <div ref={popupPlace} data-popups="" />
      </main>
      <StatusBar connection={connection} status={status.data} />
      {palette && connection && (
        <Palette connection={connection} place={place} onClose={() => setPalette(false)} />
      )}
      <ShortcutSheet open={sheet} onClose={() => setSheet(false)} />
      {managed && <ConnectionDialog connection={managed} onClose={() => setManaging(null)} />}
    </div>
  );
}

interface ViewOfProps {
  connection: Connection;
  place: PlaceOf<View>;
  filterRef: RefObject<HTMLInputElement | null>;
  onSync: () => void;
  onManage: () => void;
}

function ViewOf({ connection, place, filterRef, onSync, onManage }: ViewOfProps) {
  switch (place.view) {
    case "scopes":
      return <ScopesView connection={connection} place={place} filterRef={filterRef} />;
    case "matrix":
      return <MatrixView connection={connection} place={place} filterRef={filterRef} />;
    case "overview":
      return <OverviewView connection={connection} place={place} onSync={onSync} onManage={onManage} />;
    case "drift":
      return <DriftView connection={connection} place={place} />;
    case "changes":
      return <ChangesView connection={connection} place={place} />;
    case "integrations":
      return <IntegrationsView connection={connection} place={place} filterRef={filterRef} />;
  }
}

/** Asks GitLab whether it answers: at the start, when the window is turned to, and every minute while it doesn't. */
function useRecheck(connection: number | null, offline: boolean): void {
  useEffect(() => {
    if (connection === null) return;
    // What comes of it arrives as a change of the connection; a failure to ask changes nothing shown.
    const ask = () => void app.recheck(connection).catch(() => undefined);
    ask();
    window.addEventListener("focus", ask);
    return () => window.removeEventListener("focus", ask);
  }, [connection]);
  useEffect(() => {
    if (connection === null || !offline) return;
    const timer = setInterval(
      () => void app.recheck(connection).catch(() => undefined),
      RECHECK_WHILE_OFFLINE,
    );
    return () => clearInterval(timer);
  }, [connection, offline]);
}

/** The run that ended last, if it changed anything. */
function useLastRun(connection: number | null): { run: number; steps: null } | null {
  const past = useQuery({ ...queries.pastRuns(connection ?? 0, 0), enabled: connection !== null });
  const last = past.data?.rows[0];
  return last && last.counts.applied > 0 ? { run: last.run, steps: null } : null;
}

/** Says once when a sync that was seen running has ended. */
function useSyncToast(finishedAt: string | null, requests: number, connection: number | null): void {
  const before = useRef<{ connection: number | null; at: string | null } | null>(null);
  useEffect(() => {
    const last = before.current;
    before.current = { connection, at: finishedAt };
    if (
      !last ||
      last.connection !== connection ||
      last.at === null ||
      last.at === finishedAt ||
      finishedAt === null
    )
      return;
    toastDone(m.shell.toast.syncDone, m.shell.sync.requests(requests));
  }, [connection, finishedAt, requests]);
}

/** F6 goes to the next pane, also while a notification is up (whose library would take the key). */
function usePaneKey(): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "F6") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      focusNextPane(event.shiftKey ? -1 : 1);
    };
    window.addEventListener("keydown", listen, { capture: true });
    return () => window.removeEventListener("keydown", listen, { capture: true });
  }, []);
}
