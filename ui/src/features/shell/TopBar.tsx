import { Menu } from "@base-ui/react/menu";
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ArrowRight, Check, ChevronsUpDown, Plus, Search, Settings2 } from "lucide-react";
import { useNavigation } from "../../app/navigation";
import { IconButton } from "../../components/Button";
import { cx } from "../../components/cx";
import { Mark } from "../../components/icons";
import { Kbd } from "../../components/Kbd";
import menu from "../../components/Menu.module.css";
import { queries } from "../../ipc/queries";
import type { Connection, SyncStatus } from "../../ipc/types";
import { m } from "../../messages/en";
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
        <ConnectionSwitch {...props} />
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
        <button type="button" className={styles.search} onClick={props.onFind}>
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

function ConnectionSwitch({ connection, connections, onManage }: TopBarProps) {
  const { go } = useNavigation();
  return (
    <Menu.Root>
      <Menu.Trigger className={styles.switch} data-testid="connection-switch">
        {connection ? (
          <>
            <Reached connection={connection} />
            <span className="sr-only">{m.shell.switchConnection(connection.name)}</span>
            <bdi aria-hidden="true">{connection.name}</bdi>
          </>
        ) : (
          <span>{m.appName}</span>
        )}
        <ChevronsUpDown size={14} strokeWidth={2} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="start" className={menu.positioner}>
          <Menu.Popup className={menu.popup}>
            <Menu.Group>
              <Menu.GroupLabel className={menu.heading}>{m.shell.connections}</Menu.GroupLabel>
              {connections.map((each) => (
                <Menu.Item
                  key={each.id}
                  className={menu.item}
                  onClick={() =>
                    go({ view: "scopes", connection: each.id, scope: null, slug: null, editing: false })
                  }
                >
                  <Reached connection={each} />
                  <span className={menu.grow}>
                    <bdi>{each.name}</bdi> <span className={menu.meta}>{each.host}</span>
                  </span>
                  {each.id === connection?.id && <Check size={14} strokeWidth={2} />}
                </Menu.Item>
              ))}
            </Menu.Group>
            <Menu.Separator className={menu.line} />
            {connection && (
              <Menu.Item
                className={menu.item}
                onClick={() => onManage(connection.id)}
                data-testid="manage-connection"
              >
                <Settings2 size={14} strokeWidth={2} /> {m.connection.manage}
              </Menu.Item>
            )}
            <Menu.Item
              className={menu.item}
              onClick={() => go({ view: "connect" })}
              data-testid="add-connection"
            >
              <Plus size={14} strokeWidth={2} /> {m.shell.addConnection}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
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

/** A dot while GitLab answers, a ring while it doesn't. */
function Reached({ connection: { reach } }: { connection: Connection }) {
  const said = { online: m.shell.online, offline: m.shell.offline, unknown: m.shell.notAsked }[reach.state];
  return <span className={cx(styles.dot, styles[reach.state])} role="img" aria-label={said} title={said} />;
}
