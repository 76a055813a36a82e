import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Empty } from "../../components/Empty";
import { PagedList } from "../../components/PagedList";
import { SearchField } from "../../components/SearchField";
import { Segments } from "../../components/Segments";
import { queries, STEP_PAGE } from "../../ipc/queries";
import type { RunView, StepQuery, StepRow, WhichSteps } from "../../ipc/types";
import { useDebounced } from "../../logic/debounce";
import { m } from "../../messages/en";
import page from "./Page.module.css";
import styles from "./RunTable.module.css";
import { markOf, OutcomeTag } from "./OutcomeMark";
import { PathText } from "../../components/PathText";

interface RunTableProps {
  view: RunView;
  query: StepQuery;
  onQuery: (query: StepQuery) => void;
  chosen: number | null;
  onChoose: (step: number) => void;
}

const ROW = 29;

/** A run's steps with what came of each, by outcome and path. */
export function RunTable({ view, query, onQuery, chosen, onChoose }: RunTableProps) {
  const { run, counts, state } = view.summary;
  const { which, text } = query;
  const asked = { ...query, text: useDebounced(text.trim(), 120) };
  const first = useQuery({ ...queries.steps(run, asked, 0), placeholderData: keepPreviousData });
  const total = first.data?.total ?? 0;
  const count = (n: number) => m.format.number(n);
  const options: { value: WhichSteps; label: string; count: string }[] = [
    { value: "all", label: m.changes.run.all, count: count(counts.steps) },
    { value: "needs_you", label: m.changes.run.needsYou, count: count(view.needs_you) },
    { value: "open", label: m.changes.run.toDo, count: count(counts.open) },
    { value: "done", label: m.changes.run.done, count: count(counts.applied + counts.already) },
  ];
  const columns = m.changes.run.columns;
  return (
    <section className={styles.table} aria-label={m.changes.run.listed(counts.steps)} data-pane="run-steps">
      <div className={page.tools}>
        <Segments
          label={m.changes.run.which}
          value={which}
          options={options}
          onChange={(to) => onQuery({ ...query, which: to })}
        />
        <SearchField
          label={m.changes.run.filter}
          placeholder={m.changes.run.filter}
          value={text}
          onChange={(to) => onQuery({ ...query, text: to })}
          data-testid="run-filter"
        />
      </div>
      <div className={styles.head} aria-hidden="true">
        <span className={styles.number}>{columns.step}</span>
        <span className={styles.scope}>{columns.scope}</span>
        <span className={styles.outcome}>{columns.outcome}</span>
        <span className={styles.why}>{columns.why}</span>
        <span className={styles.took}>{columns.took}</span>
      </div>
      {first.isSuccess && total === 0 ? (
        <Empty title={m.changes.run.noSteps} note={m.changes.run.noStepsNext} />
      ) : (
        <PagedList
          key={`${which}:${asked.text}`}
          label={m.changes.run.listed(total)}
          sections={[{ key: which, head: null, total, page: (page) => queries.steps(run, asked, page) }]}
          pageSize={STEP_PAGE}
          rowHeight={ROW}
          isChosen={(row) => row.number === chosen}
          onChoose={(row) => onChoose(row.number)}
          row={(row) => (
            <>
              <span className={styles.number}>{m.format.number(row.number)}</span>
              <span className={styles.scope}>
                <PathText path={row.path} />
              </span>
              <span className={styles.outcome}>
                <OutcomeTag mark={markOf(row, state)} />
              </span>
              <span className={styles.why} title={row.why ?? undefined}>
                {whyOf(row)}
              </span>
              <span className={styles.took}>{row.seconds !== null && m.changes.run.took(row.seconds)}</span>
            </>
          )}
          data-testid="run-steps"
        />
      )}
    </section>
  );
}

function whyOf(row: StepRow): string {
  if (row.kept) return m.changes.run.kept;
  if (row.why !== null) return row.why;
  if (row.outcome === "applied") return m.changes.run.readBack;
  return row.outcome === "already" ? m.changes.run.nothingSent : "";
}
