import { useQuery } from "@tanstack/react-query";
import { Failed } from "../../components/Empty";
import { LevelIcon } from "../../components/icons";
import { queries } from "../../ipc/queries";
import { placeName } from "../../logic/source";
import { m } from "../../messages/en";
import { ChangeTable } from "../plan/ChangeTable";
import { BesidesList } from "../plan/Effects";
import styles from "./StepDiff.module.css";
import textStyles from "./Text.module.css";
import { PathText } from "../../components/PathText";

/** What one step changes, and what GitLab does besides. */
export function StepDiff({ run, step }: { run: number; step: number | null }) {
  const found = useQuery({ ...queries.step(run, step ?? 0), enabled: step !== null });
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return null;
  const { row, step: planned } = found.data;
  return (
    <div className={styles.step} data-testid="step-diff">
      <header className={styles.head}>
        <span className={textStyles.meta}>{m.changes.review.step(row.number)}</span>
        <LevelIcon level={row.scope.level} />
        <PathText path={row.path} />
        <span className={textStyles.meta}>{m.levels.names[row.scope.level]}</span>
      </header>
      {row.left_out && (
        <p className={styles.outNote} data-testid="step-left-out">
          {row.left_out_with === null
            ? m.changes.review.out
            : m.changes.review.leftOutWith(row.left_out_with)}
          .
        </p>
      )}
      {planned.changes.length > 0 ? (
        <ChangeTable changes={planned.changes} labels={{ before: m.plan.before, after: m.plan.after }} />
      ) : (
        <p className={textStyles.meta}>{m.changes.review.noChanges}</p>
      )}
      <p className={styles.rest}>
        {m.changes.review.stay(planned.same)}
        {planned.source && `. ${m.changes.review.from(placeName(planned.source))}`}
      </p>
      {planned.besides.length > 0 && (
        <>
          <h2>{m.changes.review.besides}</h2>
          <BesidesList items={planned.besides} />
        </>
      )}
    </div>
  );
}
