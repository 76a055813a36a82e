import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cx } from "../../components/cx";
import { queries } from "../../ipc/queries";
import type { PlanSums as Sums, Shown } from "../../ipc/types";
import { readShown } from "../../logic/shown";
import { m } from "../../messages/en";
import styles from "./Sums.module.css";

const FIRST = 6;

/** What all steps of a plan come to, setting by setting; nothing where there is one step alone. */
export function PlanSums({ sums, steps }: { sums: Sums; steps: number }) {
  const [all, setAll] = useState(false);
  const t = m.changes.review;
  if (steps < 2 || sums.settings.length === 0) return null;
  const shown = all ? sums.settings : sums.settings.slice(0, FIRST);
  const more = sums.settings.length - shown.length;
  return (
    <section className={styles.sums} data-testid="plan-sums">
      <h2>{t.sums(steps)}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.sumColumns.setting}</th>
            <th scope="col">{t.sumColumns.before}</th>
            <th scope="col">{t.sumColumns.after}</th>
            <th scope="col">{t.sumColumns.steps}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ first, steps: changed, befores, afters }) => (
            <tr key={first.name}>
              <th scope="row">{first.title}</th>
              <Value of={first.before} different={befores} />
              <Value of={first.after} different={afters} />
              <td>{m.format.number(changed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          {t.moreSettings(more)}
        </button>
      )}
    </section>
  );
}

function Value({ of, different }: { of: Shown; different: number }) {
  const { text, literal } = readShown(of);
  if (different > 1) return <td className={styles.different}>{m.changes.review.different(different)}</td>;
  return (
    <td className={cx(literal && styles.literal, "selectable")} title={text}>
      {text}
    </td>
  );
}

/** They are worked out from all steps, so they come after the rest. */
export const usePlanSums = (run: number): Sums | undefined => useQuery(queries.planSums(run)).data;
