import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PathText } from "../../components/PathText";
import { queries } from "../../ipc/queries";
import type { DriftChange, ScopeRef } from "../../ipc/types";
import { m } from "../../messages/en";
import { ChangeSides } from "../drift/ChangeSides";
import styles from "./Overview.module.css";

interface RecentChangesProps {
  connection: number;
  below: ScopeRef | null;
  now: number;
  onOpen: () => void;
  onOpenChange: (change: DriftChange) => void;
}

const DAYS = 7;
const MOST = 6;

/** The latest of what changed. */
export function RecentChanges({ connection, below, now, onOpen, onOpenChange }: RecentChangesProps) {
  // Kept while the view is open: another second is no other question.
  const [since] = useState(() => new Date(now - DAYS * 24 * 60 * 60_000).toISOString());
  const found = useQuery(queries.drift(connection, { since, below, slug: null, sync: null, run: null }, 0));
  return (
    <section className={styles.section} aria-labelledby="recent">
      <div className={styles.head}>
        <h2 id="recent">{m.overview.recent.title(DAYS)}</h2>
        {found.data && <span className={styles.meta}>{m.overview.recent.count(found.data.total)}</span>}
        <span className={styles.space} />
        <button type="button" className="link" onClick={onOpen} data-testid="open-drift">
          {m.overview.recent.open}
        </button>
      </div>
      {found.data?.total === 0 ? (
        <p className={styles.quiet}>{m.overview.recent.nothing}</p>
      ) : (
        <ul className={styles.list}>
          {found.data?.rows.slice(0, MOST).map((change, index) => (
            <li key={index}>
              <span className={styles.when} title={m.exact(change.at)}>
                {m.format.clock(change.at, now)}
              </span>
              <button
                type="button"
                className={styles.change}
                onClick={() => onOpenChange(change)}
                title={change.path}
              >
                <strong>{change.title ?? m.drift.scopeItself}</strong> <PathText path={change.path} />
              </button>
              <span className={styles.sides}>
                <ChangeSides change={change} short />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
