import { CircleCheck, CircleDashed, CircleX, Info, TriangleAlert } from "lucide-react";
import { Spinner } from "../../components/Spinner";
import type { CheckStatus, ConnectionReport } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Connect.module.css";

const icon = { size: 16, strokeWidth: 1.75, role: "img" } as const;

function StatusIcon({ status }: { status: CheckStatus }) {
  const label = m.connect.statuses[status];
  switch (status) {
    case "ok":
      return <CircleCheck {...icon} aria-label={label} className={styles.ok} />;
    case "info":
      return <Info {...icon} aria-label={label} className={styles.info} />;
    case "warning":
      return <TriangleAlert {...icon} aria-label={label} className={styles.warning} />;
    case "failed":
      return <CircleX {...icon} aria-label={label} className={styles.wrong} />;
    case "skipped":
      return <CircleDashed {...icon} aria-label={label} className={styles.skipped} />;
  }
}

/** What was checked and found, before anything is saved. */
export function Checks({
  report,
  busy,
  url,
}: {
  report: ConnectionReport | null;
  busy: boolean;
  url: string;
}) {
  if (!report) {
    return busy ? (
      <p className={styles.checking} role="status">
        <Spinner /> {url === "" ? m.connect.checking : m.connect.checkingUrl(url)}
      </p>
    ) : null;
  }
  return (
    <ul
      className={styles.checks}
      aria-label={m.connect.checks}
      aria-live="polite"
      data-testid="connect-checks"
    >
      {report.checks.map((check) => (
        <li key={check.kind} data-testid={`check-${check.kind}`} data-status={check.status}>
          <StatusIcon status={check.status} />
          <div>
            <strong>{check.title}</strong>
            <p>{check.detail}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
