import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ArrowRight, Search } from "lucide-react";
import { useNavigation } from "../../app/navigation";
import { IconButton } from "../../components/Button";
import { Mark } from "../../components/icons";
import { Kbd } from "../../components/Kbd";
import { queries } from "../../ipc/queries";
import type { Connection, SyncStatus } from "../../ipc/types";
import { m } from "../../messages/en";
import { ConnectionSwitch } from "./ConnectionSwitch";
import { SettingsMenu } from "./SettingsMenu";
import { SyncButton } from "./SyncButton";
import { views } from "./views";
import styles from "./TopBar.module.css";

interface TopBarProps {
  connection: Connection | null;
  connections: Connection[];
  status: SyncStatus | undefined;
  onManage: (connection: number) => void;
  onShortcuts: () => void;
  onSync: () => void;
  onCancelSync: () => void;
  onFind: () => void;
}

/** Which connection, where to, how current. */
export function TopBar(props: TopBarProps) {
  const { connection, connections, status } = props;
  const { back, forward, place, turnTo } = useNavigation();
  return (
    <header className={styles.bar}>
      <Mark />
      {connections.length > 0 ? (
        <ConnectionSwitch connection={connection} connections={connections} onManage={props.onManage} />
      ) : (
        <span className={styles.app}>{m.appName}</span>
      )}
      {connections.length > 0 && (
        <nav className={styles.nav} aria-label={m.shell.navigation}>
          <IconButton label={m.shell.back} disabled={!back} onClick={() => back?.()}>
            <ArrowLeft size={16} strokeWidth={1.75} />
          </IconButton>
          <IconButton label={m.shell.forward} disabled={!forward} onClick={() => forward?.()}>
            <ArrowRight size={16} strokeWidth={1.75} />
          </IconButton>
          {views.map(({ view }) => (
            <button
              key={view}
              type="button"
              className={styles.view}
              aria-current={place.view === view ? "page" : undefined}
              onClick={() => {
                const to = connection ?? connections[0];
                if (to && place.view !== view) turnTo(view, to.id);
              }}
              data-testid={`view-${view}`}
            >
              {m.shell.views[view]}
              {view === "changes" && connection && <Waiting connection={connection} />}
            </button>
          ))}
        </nav>
      )}
      <span className={styles.space} />
      {connection && (
        <button type="button" className={styles.search} onClick={props.onFind} data-testid="open-palette">
          <Search size={14} strokeWidth={2} aria-hidden="true" />
          <span>{m.shell.search}</span>
          <Kbd keys={["Ctrl", "K"]} />
        </button>
      )}
      {connection && (
        <SyncButton
          connection={connection}
          status={status}
          onSync={props.onSync}
          onCancel={props.onCancelSync}
        />
      )}
      <SettingsMenu onShortcuts={props.onShortcuts} />
    </header>
  );
}

/** How many drafts, plans and open runs wait for a person. */
function Waiting({ connection }: { connection: Connection }) {
  const tray = useQuery(queries.tray(connection.id));
  const n = connection.drafts + (tray.data ? tray.data.plans.length + tray.data.open.length : 0);
  if (n === 0) return null;
  return (
    <span className={styles.count} data-testid="changes-count">
      <span aria-hidden="true">{m.format.number(n)}</span>
      <span className="sr-only">{m.changes.count(n)}</span>
    </span>
  );
}
