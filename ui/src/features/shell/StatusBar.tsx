import { Hourglass, ShieldCheck, TriangleAlert } from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigation } from "../../app/navigation";
import { cx } from "../../components/cx";
import { Popover } from "../../components/Popover";
import { Spinner } from "../../components/Spinner";
import { StateGlyph } from "../../components/StateGlyph";
import { queries } from "../../ipc/queries";
import type { Connection, ServerPause, SyncStatus } from "../../ipc/types";
import { m } from "../../messages/en";
import { useNow } from "../../logic/time";
import styles from "./StatusBar.module.css";

/** What is connected, as whom, and what waits. Never the only place for something important. */
export function StatusBar({
  connection,
  status,
}: {
  connection: Connection | null;
  status: SyncStatus | undefined;
}) {
  const info = useQuery(queries.app());
  const now = useNow();
  const scopes = connection ? connection.groups + connection.projects : 0;
  return (
    <footer className={styles.bar}>
      {connection ? (
        <>
          <span className={styles.strong}>
            {connection.token === "stored" && connection.reach.state === "offline"
              ? m.shell.offline
              : m.shell.standing.words(connection, now)}
          </span>
          <Giving text={connection.host} className={styles.strong} />
          <Giving text={m.shell.gitlab(connection.version, connection.enterprise)} />
          <Giving text={m.shell.user(connection.username, connection.is_admin)} />
          {connection.unreadable > 0 && (
            <span className={styles.warn} title={m.shell.unreadable(connection.unreadable, scopes)}>
              <TriangleAlert size={14} strokeWidth={2} aria-hidden="true" />
              {m.shell.unreadable(connection.unreadable, scopes)}
            </span>
          )}
          {status?.paused && <Waiting of={status.paused} />}
          <Applying connection={connection.id} />
          <span className={styles.space} />
          <span
            title={
              connection.access === "review_only"
                ? m.shell.reviewOnly
                : m.shell.safetyNotes[connection.safety]
            }
          >
            <ShieldCheck size={14} strokeWidth={2} aria-hidden="true" />
            {connection.access === "review_only"
              ? m.shell.safety.read_only
              : m.shell.safety[connection.safety]}
          </span>
          {connection.drafts > 0 && <Drafts connection={connection} />}
        </>
      ) : (
        <>
          <span>{m.shell.notConnected}</span>
          <span className={styles.space} />
          {info.data && <span>{m.shell.version(info.data.version)}</span>}
        </>
      )}
      <span className="sr-only" role="status">
        {status && status.phase !== "idle" ? m.shell.sync.phases[status.phase] : ""}
      </span>
    </footer>
  );
}

/** What gives way first where there is too little room; it stands elsewhere, too. */
function Giving({ text, className }: { text: string; className?: string | undefined }) {
  return (
    <span className={cx(styles.giving, className)} title={text}>
      {text}
    </span>
  );
}

/** GitLab asked to wait: what goes on does so in a while. */
function Waiting({ of }: { of: ServerPause }) {
  return (
    <span className={styles.warn} title={m.shell.paused(of.seconds, of.all)} data-testid="status-paused">
      <Hourglass size={14} strokeWidth={2} aria-hidden="true" />
      {m.shell.paused(of.seconds, of.all)}
    </span>
  );
}

/** How far a run is that is applied from here; leads to it. */
function Applying({ connection }: { connection: number }) {
  const { go } = useNavigation();
  const tray = useQuery(queries.tray(connection));
  const running = tray.data?.open.find(({ state }) => state === "running");
  const view = useQuery({ ...queries.run(running?.run ?? 0), enabled: running !== undefined });
  if (!running || !view.data?.progress) return null;
  const { steps, open } = view.data.summary.counts;
  const { paused } = view.data.progress;
  return (
    <>
      {paused && <Waiting of={paused} />}
      <button
        type="button"
        className={styles.applying}
        onClick={() => go({ view: "changes", connection, run: running.run })}
        data-testid="status-applying"
      >
        <Spinner size={14} /> {m.shell.applying(steps - open, steps)}
      </button>
    </>
  );
}

/** What is drafted and not sent. */
function Drafts({ connection }: { connection: Connection }) {
  const drafts = useQuery(queries.drafts(connection.id));
  const { go } = useNavigation();
  const now = useNow();
  return (
    <Popover
      label={m.shell.drafts}
      align="end"
      trigger={
        <button type="button" className={styles.pending} data-testid="pending-changes">
          <StateGlyph of="pending" />
          <strong>{m.shell.pending(connection.drafts)}</strong> {m.shell.notSent}
        </button>
      }
    >
      <ul className={styles.drafts}>
        {drafts.data?.map((draft) => (
          <li key={`${draft.scope.path}:${draft.at.slug}`}>
            <button
              type="button"
              onClick={() =>
                go({
                  view: "scopes",
                  connection: connection.id,
                  scope: draft.at.scope,
                  slug: draft.at.slug,
                  editing: true,
                })
              }
            >
              <strong>{draft.title}</strong> <bdi>{draft.scope.path}</bdi>
              <span title={m.exact(draft.kept_at)}>{m.edit.panel.kept(draft.kept_at, now)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Popover>
  );
}
