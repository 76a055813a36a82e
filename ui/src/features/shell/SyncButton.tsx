import { CloudOff, RefreshCw } from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../components/Button";
import { Popover } from "../../components/Popover";
import { Spinner } from "../../components/Spinner";
import { queries } from "../../ipc/queries";
import type { Connection, SyncStatus } from "../../ipc/types";
import { m } from "../../messages/en";
import { useNow } from "../../logic/time";
import { LookUp } from "./LookUp";
import styles from "./SyncButton.module.css";

interface SyncButtonProps {
  connection: Connection;
  status: SyncStatus | undefined;
  onSync: () => void;
  onCancel: () => void;
}

/** The age of the local copy; opens its cost, or its progress. */
export function SyncButton({ connection, status, onSync, onCancel }: SyncButtonProps) {
  const [open, setOpen] = useState(false);
  const now = useNow();
  const t = m.shell.sync;
  const last = status?.last ?? connection.synced;
  const running = status !== undefined && status.phase !== "idle";
  const offline = connection.reach.state === "offline";
  const cost = useQuery({ ...queries.syncCost(connection.id, null), enabled: open && !running && !offline });
  const label = running
    ? t.running(status.done, status.total)
    : offline
      ? m.shell.offline
      : last
        ? t.synced(last.finished_at, now)
        : t.never;
  return (
    <Popover
      label={t.title}
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          className={offline ? styles.offline : styles.button}
          title={last ? m.exact(last.finished_at) : undefined}
          data-testid="sync-button"
        >
          {running ? (
            <Spinner size={15} />
          ) : offline ? (
            <CloudOff size={15} strokeWidth={1.75} />
          ) : (
            <RefreshCw size={15} strokeWidth={1.75} />
          )}
          {label}
        </button>
      }
    >
      <div className={styles.body}>
        <h2>{t.title}</h2>
        {running ? (
          <Progress status={status} />
        ) : (
          <>
            {last && (
              <p title={m.exact(last.finished_at)}>
                {t.last(last.finished_at, now, last.seconds ?? 0, last.requests)}
              </p>
            )}
            {status !== undefined && status.failed.length > 0 && (
              <p>{t.failedScopes(status.failed.length)}</p>
            )}
            {status !== undefined && <Notes of={status.notes} />}
            {offline ? (
              <p>{m.shell.banner.offlineWrites}</p>
            ) : (
              <p>
                {cost.data
                  ? t.cost(cost.data.requests, cost.data.seconds_from, cost.data.seconds_to)
                  : t.costUnknown}
              </p>
            )}
          </>
        )}
      </div>
      {!running && !offline && last && <LookUp connection={connection.id} />}
      {(running || !offline) && (
        <div className={styles.foot}>
          {running ? (
            <>
              <span className={styles.meta}>{t.cancelNote}</span>
              <Button small onClick={onCancel} disabled={status.phase === "cancelling"}>
                {t.cancel}
              </Button>
            </>
          ) : (
            <Button
              small
              keys={["Ctrl", "R"]}
              onClick={() => {
                onSync();
                setOpen(false);
              }}
              data-testid="sync-start"
            >
              {t.start}
            </Button>
          )}
        </div>
      )}
    </Popover>
  );
}

function Progress({ status }: { status: SyncStatus }) {
  const t = m.shell.sync;
  const share = status.total > 0 ? Math.min(1, status.done / status.total) : null;
  const text = `${t.phases[status.phase]}${status.total > 0 ? `, ${t.running(status.done, status.total)}` : ""}`;
  return (
    <>
      <p>
        {text} · {t.requests(status.requests)}
      </p>
      <div
        role="progressbar"
        aria-label={t.progress}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={text}
        className={styles.track}
      >
        <span style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
      {status.paused && <p>{m.shell.paused(status.paused.seconds, status.paused.all)}</p>}
      {status.failed.length > 0 && <p>{t.failedScopes(status.failed.length)}</p>}
      <Notes of={status.notes} />
    </>
  );
}

/** What to know of a sync though nothing failed. */
function Notes({ of }: { of: string[] }) {
  if (of.length === 0) return null;
  return (
    <ul className={styles.notes} aria-label={m.shell.sync.notes} data-testid="sync-notes">
      {of.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
