import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { Empty } from "../../components/Empty";
import { LevelIcon } from "../../components/icons";
import { PagedList, type Section } from "../../components/PagedList";
import { SearchField } from "../../components/SearchField";
import { queries, STEP_PAGE } from "../../ipc/queries";
import type { Action, StepQuery, StepRow } from "../../ipc/types";
import { useDebounced } from "../../logic/debounce";
import { m } from "../../messages/en";
import styles from "./Changes.module.css";
import { PathText } from "./PathText";

interface StepListProps {
  run: number;
  total: number;
  chosen: number | null;
  onChoose: (step: number) => void;
}

/** The step that stands first, to be looked at until another is chosen. */
export function useFirstStep(run: number): number | null {
  const all: StepQuery = { which: "all", action: null, text: "" };
  const groups = useQuery(queries.stepGroups(run, all));
  const action = groups.data?.[0]?.action;
  const first = useQuery({
    ...queries.steps(run, { ...all, action: action ?? null }, 0),
    enabled: action !== undefined,
  });
  return first.data?.rows[0]?.number ?? null;
}

/** A plan's steps, grouped by what they do. */
export function StepList({ run, total, chosen, onChoose }: StepListProps) {
  const [typed, setTyped] = useState("");
  const text = useDebounced(typed.trim(), 120);
  const query = (action: Action | null): StepQuery => ({ which: "all", action, text });
  const groups = useQuery(queries.stepGroups(run, query(null)));
  const sections = (groups.data ?? []).map(({ action, steps }): Section<StepRow> => ({
    key: `${action}:${text}`,
    head: (
      <>
        <strong>{m.changes.groups[action]}</strong> {m.changes.scopes(steps)}
      </>
    ),
    total: steps,
    page: (page) => queries.steps(run, query(action), page),
  }));
  return (
    <section className={styles.steps} aria-label={m.changes.review.listed(total)} data-pane="steps">
      <div className={styles.tools}>
        <SearchField
          label={m.changes.review.filter(total)}
          placeholder={m.changes.review.filter(total)}
          value={typed}
          onChange={setTyped}
          data-testid="step-filter"
        />
      </div>
      {groups.data?.length === 0 ? (
        <Empty title={m.changes.review.noSteps} />
      ) : (
        <PagedList
          key={text}
          label={m.changes.review.listed(total)}
          sections={sections}
          pageSize={STEP_PAGE}
          rowHeight={29}
          isChosen={(row) => row.number === chosen}
          onChoose={(row) => onChoose(row.number)}
          row={(row) => (
            <>
              <span className={styles.number}>{m.format.number(row.number)}</span>
              <LevelIcon level={row.scope.level} />
              <PathText path={row.path} />
              {row.secret && (
                <KeyRound size={14} strokeWidth={1.75} className={styles.key} aria-hidden="true" />
              )}
              <span className={styles.fields} aria-hidden="true">
                {m.format.number(row.changes)}
              </span>
              <span className="sr-only">{m.changes.review.rowRest(row)}</span>
            </>
          )}
          data-testid="plan-steps"
        />
      )}
    </section>
  );
}
