import { Clock, CloudOff, KeyRound, RefreshCw, TriangleAlert, X } from "lucide-react";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Button, IconButton } from "../../components/Button";
import { cx } from "../../components/cx";
import { Dialog } from "../../components/Dialog";
import { Spinner } from "../../components/Spinner";
import { app } from "../../ipc/backend";
import type { Connection, FailedScope, ScopeRef, SyncStatus } from "../../ipc/types";
import { m } from "../../messages/en";
import { useNow } from "../../logic/time";
import { chooseBanner, type Banner } from "./banner";
import styles from "./BannerBar.module.css";

interface BannerBarProps {
  connection: Connection;
  status: SyncStatus | undefined;
  onManage: () => void;
  onSync: () => void;
  onCancel: () => void;
}

/** One line under the top bar, over all panes; only the most severe thing is said. */
export function BannerBar({ connection, status, onManage, onSync, onCancel }: BannerBarProps) {
  const now = useNow();
  const banner = chooseBanner(connection, status, now);
  const [failedOpen, setFailedOpen] = useState(false);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const recheck = useMutation({
    mutationFn: () => app.recheck(connection.id),
    meta: { failure: m.failed.recheck },
  });
  const finished = (status?.last ?? connection.synced)?.finished_at ?? "";
  if (!banner || (banner.kind === "partial" && dismissed === finished)) {
    return null;
  }
  const t = m.shell.banner;
  const bar = (act: ReactNode) => (
    <Bar banner={banner} connection={connection} now={now}>
      {act}
    </Bar>
  );
  switch (banner.kind) {
    case "token":
      return bar(
        <Button small onClick={onManage} data-testid="banner-act">
          {t.replaceToken}
        </Button>,
      );
    case "offline":
      return bar(
        <Button
          small
          busy={recheck.isPending}
          icon={<RefreshCw size={14} strokeWidth={2} />}
          onClick={() => recheck.mutate()}
          data-testid="banner-act"
        >
          {m.acts.tryAgain}
        </Button>,
      );
    case "syncing":
      return bar(
        <Button
          small
          onClick={onCancel}
          disabled={banner.status.phase === "cancelling"}
          data-testid="banner-act"
        >
          {m.acts.cancel}
        </Button>,
      );
    case "stopped":
    case "half":
    case "stale":
      return bar(
        <Button small onClick={onSync} data-testid="banner-act">
          {t.sync}
        </Button>,
      );
    case "partial":
      return (
        <>
          {bar(
            <>
              {banner.failed > 0 && (
                <Button small onClick={() => setFailedOpen(true)} data-testid="banner-act">
                  {t.showFailed}
                </Button>
              )}
              <IconButton label={m.acts.dismiss} onClick={() => setDismissed(finished)}>
                <X size={16} strokeWidth={1.75} />
              </IconButton>
            </>,
          )}
          <FailedScopes
            open={failedOpen}
            onClose={() => setFailedOpen(false)}
            failed={status?.failed ?? []}
            connection={connection.id}
          />
        </>
      );
  }
}

const dress: Record<Banner["kind"], string | undefined> = {
  token: styles.danger,
  offline: styles.warn,
  syncing: styles.info,
  stopped: styles.warn,
  half: styles.warn,
  stale: styles.warn,
  partial: styles.warn,
};

function Bar({
  banner,
  connection,
  now,
  children,
}: {
  banner: Banner;
  connection: Connection;
  now: number;
  children: ReactNode;
}) {
  const { icon, strong, rest } = words(banner, connection, now);
  return (
    <div
      role={banner.kind === "token" ? "alert" : "status"}
      aria-live={banner.kind === "syncing" ? "off" : undefined}
      className={cx(styles.banner, dress[banner.kind])}
      data-testid={`banner-${banner.kind}`}
    >
      {icon}
      <p>
        <strong>{strong}</strong> {rest}
      </p>
      {children}
    </div>
  );
}

function words(
  banner: Banner,
  connection: Connection,
  now: number,
): { icon: ReactNode; strong: string; rest: string } {
  const t = m.shell.banner;
  const icon = { size: 16, strokeWidth: 1.75, "aria-hidden": true } as const;
  switch (banner.kind) {
    case "token": {
      const said = {
        refused: [t.tokenRefused, t.tokenRefusedWhy],
        missing: [t.tokenMissing, t.tokenMissingWhy],
        unreadable: [t.tokenUnreadable, t.tokenUnreadableWhy],
      } as const;
      return { icon: <KeyRound {...icon} />, strong: said[banner.state][0], rest: said[banner.state][1] };
    }
    case "offline": {
      const data = connection.synced ? t.offlineData(connection.synced.finished_at, now) : t.offlineNoData;
      return {
        icon: <CloudOff {...icon} />,
        strong: t.offline(banner.since, now),
        rest: `${t.offlineWhy(connection.host, banner.why)} ${data} ${t.offlineWrites}`,
      };
    }
    case "syncing": {
      const { phase, done, total } = banner.status;
      const strong = banner.first ? t.first(done, total) : t.running(m.shell.sync.phases[phase], done, total);
      return {
        icon: <Spinner size={16} />,
        strong,
        rest: banner.first ? `${m.shell.sync.phases[phase]}. ${t.usable}` : t.usable,
      };
    }
    case "stopped":
      return { icon: <TriangleAlert {...icon} />, strong: t.stopped, rest: banner.why };
    case "half":
      return { icon: <TriangleAlert {...icon} />, strong: t.half, rest: t.halfWhy(banner.read, banner.of) };
    case "stale":
      return { icon: <Clock {...icon} />, strong: t.stale(banner.finishedAt, now), rest: t.staleWhy };
    case "partial":
      return banner.failed > 0
        ? { icon: <TriangleAlert {...icon} />, strong: t.partial(banner.failed), rest: t.partialWhy }
        : { icon: <TriangleAlert {...icon} />, strong: t.incomplete, rest: t.incompleteWhy };
  }
}

interface FailedScopesProps {
  open: boolean;
  onClose: () => void;
  failed: FailedScope[];
  connection: number;
}

/** Which scopes failed, why, and a way to read each again. */
function FailedScopes({ open, onClose, failed, connection }: FailedScopesProps) {
  const read = useMutation({
    mutationFn: (scope: ScopeRef) => app.startSync(connection, scope),
    meta: { failure: m.failed.read },
  });
  return (
    <Dialog
      open={open}
      onClose={onClose}
      wide
      title={m.shell.banner.failedTitle(failed.length)}
      lead={m.shell.banner.failedNote}
      foot={<Button onClick={onClose}>{m.acts.close}</Button>}
    >
      <ul className={styles.failed}>
        {failed.map((scope) => (
          <li key={`${scope.scope.level}:${scope.scope.id}`}>
            <div>
              <bdi>{scope.path}</bdi>
              <p>{scope.why}</p>
            </div>
            <Button small onClick={() => read.mutate(scope.scope)}>
              {m.acts.readAgain}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
