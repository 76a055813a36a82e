import { Clock, CloudOff, KeyRound, RefreshCw, TriangleAlert, X } from "lucide-react";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Button, IconButton } from "../../components/Button";
import { cx } from "../../components/cx";
import { Spinner } from "../../components/Spinner";
import { app } from "../../ipc/backend";
import type { Connection, SyncStatus } from "../../ipc/types";
import { m } from "../../messages/en";
import { useNow } from "../../logic/time";
import { chooseBanner, type Banner } from "./banner";
import styles from "./BannerBar.module.css";
import { FailedScopes } from "./FailedScopes";

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
  const shown = banner?.kind === "partial" && dismissed === finished ? null : banner;
  return (
    <>
      <Announced banner={shown} connection={connection} now={now} />
      {shown && (
        <Bar banner={shown} connection={connection} now={now}>
          {act(shown)}
        </Bar>
      )}
      {failedOpen && (
        <FailedScopes
          onClose={() => setFailedOpen(false)}
          failed={status?.failed ?? []}
          reading={status !== undefined && status.phase !== "idle"}
          connection={connection.id}
        />
      )}
    </>
  );

  function act(of: Banner): ReactNode {
    const t = m.shell.banner;
    switch (of.kind) {
      case "token":
        return (
          <Button small onClick={onManage} data-testid="banner-act">
            {t.replaceToken}
          </Button>
        );
      case "offline":
        return (
          <Button
            small
            busy={recheck.isPending}
            icon={<RefreshCw size={14} strokeWidth={2} />}
            onClick={() => recheck.mutate()}
            data-testid="banner-act"
          >
            {m.acts.tryAgain}
          </Button>
        );
      case "syncing":
        return (
          <Button
            small
            onClick={onCancel}
            disabled={of.status.phase === "cancelling"}
            data-testid="banner-act"
          >
            {m.acts.cancel}
          </Button>
        );
      case "stopped":
      case "half":
      case "stale":
        return (
          <Button small onClick={onSync} data-testid="banner-act">
            {t.sync}
          </Button>
        );
      case "partial": {
        // After a start of the app only their number is known: reading all again tells which.
        const listed = (status?.failed.length ?? 0) > 0;
        return (
          <>
            {of.failed > 0 && (
              <Button small onClick={listed ? () => setFailedOpen(true) : onSync} data-testid="banner-act">
                {listed ? t.showFailed : t.sync}
              </Button>
            )}
            <IconButton label={m.acts.dismiss} onClick={() => setDismissed(finished)}>
              <X size={16} strokeWidth={1.75} />
            </IconButton>
          </>
        );
      }
    }
  }
}

/**
 * The banner for who cannot see it: said once when it comes, not again as the age in it moves or a sync
 * counts on.
 */
function Announced({
  banner,
  connection,
  now,
}: {
  banner: Banner | null;
  connection: Connection;
  now: number;
}) {
  const about = banner === null || banner.kind === "syncing" ? "" : JSON.stringify(banner);
  const [said, setSaid] = useState({ about: "", text: "" });
  if (said.about !== about) {
    const text = banner === null || about === "" ? "" : sentence(banner, connection, now);
    setSaid({ about, text });
  }
  const urgent = banner?.kind === "token";
  return (
    <>
      <p role="alert" className="sr-only">
        {urgent && said.text}
      </p>
      <p role="status" className="sr-only" data-testid="banner-said">
        {!urgent && said.text}
      </p>
    </>
  );
}

function sentence(banner: Banner, connection: Connection, now: number): string {
  const { strong, rest } = words(banner, connection, now);
  return `${strong} ${rest}`;
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
      role="region"
      aria-label={m.shell.banner.label}
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
