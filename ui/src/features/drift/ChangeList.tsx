import { cx } from "../../components/cx";
import { LevelIcon } from "../../components/icons";
import { PagedList } from "../../components/PagedList";
import { PathText } from "../../components/PathText";
import { DRIFT_PAGE, queries } from "../../ipc/queries";
import type { DriftChange, DriftQuery } from "../../ipc/types";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import styles from "./ChangeList.module.css";
import { ChangeSides } from "./ChangeSides";

interface ChangeListProps {
  connection: number;
  query: DriftQuery;
  total: number;
  onOpen: (change: DriftChange) => void;
}

const ROW = 30;

/** The changes, latest first, asked for by index a page at a time. */
export function ChangeList({ connection, query, total, onOpen }: ChangeListProps) {
  const now = useNow();
  return (
    <section className={styles.pane} aria-label={m.drift.changes} data-pane="drift-changes">
      <div className={styles.head} aria-hidden="true">
        <span className={styles.when}>{m.drift.columns[0]}</span>
        <span className={styles.path}>{m.drift.columns[1]}</span>
        <span className={styles.kind}>{m.drift.columns[2]}</span>
        <span className={styles.change}>{m.drift.change}</span>
        <span className={styles.who}>{m.drift.columns[6]}</span>
      </div>
      <PagedList
        label={m.drift.total(total)}
        sections={[{ key: "all", head: null, total, page: (page) => queries.drift(connection, query, page) }]}
        pageSize={DRIFT_PAGE}
        rowHeight={ROW}
        row={(change) => <Change change={change} now={now} />}
        rowClassName={styles.row}
        onOpen={onOpen}
        className={styles.list}
        data-testid="drift-list"
      />
      <p className={styles.foot}>{m.drift.foot}</p>
    </section>
  );
}

function Change({ change, now }: { change: DriftChange; now: number }) {
  const { at, path, title, scope, run } = change;
  return (
    <>
      <span className={styles.when} title={m.exact(at)}>
        {m.format.clock(at, now)}
      </span>
      <span className={styles.path}>
        <LevelIcon level={scope.level} />
        <PathText path={path} />
      </span>
      <span className={styles.kind} title={title ?? undefined}>
        {title ?? m.drift.scopeItself}
      </span>
      <span className={styles.change}>
        <ChangeSides change={change} />
      </span>
      <span className={cx(styles.who, run === null && styles.unknown)}>{m.drift.who(run)}</span>
    </>
  );
}
