import { Menu } from "@base-ui/react/menu";
import { Check, ChevronsUpDown, Plus, Settings2 } from "lucide-react";
import { useNavigation } from "../../app/navigation";
import { cx } from "../../components/cx";
import menu from "../../components/Menu.module.css";
import { Spinner } from "../../components/Spinner";
import { StateGlyph } from "../../components/StateGlyph";
import { popupPlace } from "../../components/popupPlace";
import { app } from "../../ipc/backend";
import type { Connection } from "../../ipc/types";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import styles from "./ConnectionSwitch.module.css";

interface ConnectionSwitchProps {
  connection: Connection | null;
  connections: Connection[];
  onManage: (connection: number) => void;
}

/** Which connection is shown, and how each of them stands. */
export function ConnectionSwitch({ connection, connections, onManage }: ConnectionSwitchProps) {
  const { go, place, turnTo } = useNavigation();
  // The one that is shown is asked anyway; of the others it may have been long.
  const ask = () => {
    for (const { id } of connections) {
      if (id !== connection?.id) void app.recheck(id).catch(() => undefined);
    }
  };
  return (
    <Menu.Root onOpenChange={(open) => open && ask()}>
      <Menu.Trigger className={styles.switch} data-testid="connection-switch">
        {connection ? (
          <>
            <Standing connection={connection} />
            <span className="sr-only">{m.shell.switchConnection(connection.name)}</span>
            <bdi aria-hidden="true">{connection.name}</bdi>
          </>
        ) : (
          <span>{m.appName}</span>
        )}
        <ChevronsUpDown size={14} strokeWidth={2} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal container={popupPlace}>
        <Menu.Positioner sideOffset={6} align="start" className={menu.positioner}>
          <Menu.Popup className={cx(menu.popup, styles.popup)}>
            <Menu.Group>
              <Menu.GroupLabel className={menu.heading}>{m.shell.connections}</Menu.GroupLabel>
              {connections.map((each) => (
                <Menu.Item
                  key={each.id}
                  className={cx(menu.item, styles.row)}
                  label={each.name}
                  onClick={() => turnTo(place.view === "connect" ? "scopes" : place.view, each.id)}
                  data-testid={`connection-${String(each.id)}`}
                >
                  <Standing connection={each} />
                  <Row connection={each} />
                  <span className={styles.check}>
                    {each.id === connection?.id && (
                      <Check size={14} strokeWidth={2} role="img" aria-label={m.shell.shownNow} />
                    )}
                  </span>
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

/** One connection: how it stands on the right, how current it is and what waits under its name. */
function Row({ connection }: { connection: Connection }) {
  const now = useNow();
  const { name, host, synced, syncing, unreadable, drafts } = connection;
  const t = m.shell.standing;
  return (
    <span className={styles.text}>
      <span className={styles.line}>
        <bdi className={styles.name}>{name}</bdi>
        {host !== name && <bdi className={styles.host}>{host}</bdi>}
        <span className={cx(styles.state, styles[`said_${standingOf(connection)}`])}>
          {t.words(connection, now)}
        </span>
      </span>
      <span className={styles.line}>
        {syncing ? (
          <span className={styles.syncing}>
            <Spinner size={11} /> {t.syncing(syncing)}
          </span>
        ) : (
          <span title={synced ? m.exact(synced.finished_at) : undefined}>
            {synced ? m.shell.sync.synced(synced.finished_at, now) : m.shell.sync.never}
          </span>
        )}
        {unreadable > 0 && <span className={styles.warn}>{t.unreadable(unreadable)}</span>}
        {drafts > 0 && (
          <span className={styles.pending}>
            <StateGlyph of="pending" size={11} /> {m.shell.pending(drafts)}
          </span>
        )}
      </span>
    </span>
  );
}

/** What is said of a connection first: a token that does not work matters more than an answer. */
function standingOf({ token, reach }: Connection): "token" | "online" | "offline" | "unknown" {
  return token !== "stored" ? "token" : reach.state;
}

/** A dot while GitLab answers, a ring while it doesn't. */
function Standing({ connection }: { connection: Connection }) {
  const now = useNow();
  const said = m.shell.standing.words(connection, now);
  return (
    <span
      className={cx(styles.dot, styles[standingOf(connection)])}
      role="img"
      aria-label={said}
      title={said}
    />
  );
}
