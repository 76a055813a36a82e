import { cx } from "../../components/cx";
import type { Change, Shown } from "../../ipc/types";
import { m } from "../../messages/en";
import { readShown } from "../../logic/shown";
import styles from "./Plan.module.css";

interface ChangeTableProps {
  changes: Change[];
  labels: { before: string; after: string };
  /** There is no room for three columns: both sides stand below the setting. */
  narrow?: boolean;
}

/** Each changed setting, before and after. */
export function ChangeTable({ changes, labels, narrow }: ChangeTableProps) {
  if (narrow === true) return <Stacked changes={changes} labels={labels} />;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{m.plan.setting}</th>
          <th scope="col">{labels.before}</th>
          <th scope="col">{labels.after}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.name} data-testid={`change-${change.name}`}>
            <th scope="row">{change.title}</th>
            <td>
              <Side of={change.before} />
            </td>
            <td className={styles.after}>
              <Side of={change.after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Stacked({ changes, labels }: ChangeTableProps) {
  return (
    <dl className={styles.stacked}>
      {changes.map((change) => (
        <div key={change.name} data-testid={`change-${change.name}`}>
          <dt>{change.title}</dt>
          <dd>
            <span className={styles.which}>{labels.before}</span> <Side of={change.before} />
          </dd>
          <dd className={styles.stackedAfter}>
            <span className={styles.which}>{labels.after}</span> <Side of={change.after} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Side({ of }: { of: Shown }) {
  const { text, literal } = readShown(of);
  return <span className={cx(literal ? styles.literal : styles.word, "selectable")}>{text}</span>;
}
