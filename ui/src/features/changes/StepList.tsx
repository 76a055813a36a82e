import { useQuery } from "@tanstack/react-query";
import { Check, KeyRound } from "lucide-react";
import { useState } from "react";
import { cx } from "../../components/cx";
import { Empty } from "../../components/Empty";
import { LevelIcon } from "../../components/icons";
import { PagedList, type Section } from "../../components/PagedList";
import { SearchField } from "../../components/SearchField";
import { Segments } from "../../components/Segments";
import { queries, STEP_PAGE } from "../../ipc/queries";
import type { Action, PlanReview, SecretInput, StepQuery, StepRow, WhichSteps } from "../../ipc/types";
import { useDebounced } from "../../logic/debounce";
import { stillLacks } from "../../logic/secrets";
import { m } from "../../messages/en";
import page from "./Page.module.css";
import styles from "./StepList.module.css";
import { PathText } from "../../components/PathText";
import { IncludeAll } from "./IncludeAll";
import { useLeaveOut } from "./useLeaveOut";

interface StepListProps {
  review: PlanReview;
  /** What was typed: a step that lacks none of it any more is not marked. */
  typed: SecretInput[];
  chosen: number | null;
  onChoose: (step: number) => void;
}

const ROW = 29;

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

/** A plan's steps, grouped by what they do; each can be left out. */
export function StepList({ review, typed, chosen, onChoose }: StepListProps) {
  const { summary, secrets } = review;
  const { run, counts, left_out: leftOut } = summary;
  const total = counts.steps + leftOut;
  const t = m.changes.review;
  const [search, setSearch] = useState("");
  const [which, setWhich] = useState<WhichSteps>("all");
  const text = useDebounced(search.trim(), 120);
  const query = (action: Action | null): StepQuery => ({ which, action, text });
  const groups = useQuery(queries.stepGroups(run, query(null)));
  const { leave, said, busy } = useLeaveOut(run);
  const listed = (groups.data ?? []).reduce((sum, { steps }) => sum + steps, 0);
  const listedOut = (groups.data ?? []).reduce((sum, { left_out: out }) => sum + out, 0);
  const filtered = which !== "all" || text !== "";
  const sections = (groups.data ?? []).map(({ action, steps, left_out: out }): Section<StepRow> => ({
    key: `${action}:${which}:${text}`,
    head: (
      <>
        <strong>{m.changes.groups[action]}</strong> {m.changes.scopes(steps)}
        {out > 0 && `, ${t.leftOut(out)}`}
      </>
    ),
    total: steps,
    page: (page) => queries.steps(run, query(action), page),
  }));
  const options: { value: WhichSteps; label: string; count?: string }[] = [
    { value: "all", label: t.all, count: m.format.number(total) },
    { value: "left_out", label: t.out, count: m.format.number(leftOut) },
    ...(secrets.length > 0 ? [{ value: "secret" as const, label: t.secret }] : []),
  ];
  return (
    <section className={styles.steps} aria-label={t.listed(total)} data-pane="steps">
      <div className={cx(page.tools, styles.filter)}>
        <IncludeAll
          label={t.includeAll(listed, filtered)}
          steps={listed}
          out={listedOut}
          busy={busy}
          onChange={(out) => leave({ which: { kind: "matching", query: query(null) }, out })}
        />
        <SearchField
          label={t.filter(total)}
          placeholder={t.filter(total)}
          value={search}
          onChange={setSearch}
          data-testid="step-filter"
        />
      </div>
      {(leftOut > 0 || secrets.length > 0 || which !== "all") && (
        <div className={cx(page.tools, styles.which)}>
          <Segments label={t.which} value={which} options={options} onChange={setWhich} />
        </div>
      )}
      {groups.data?.length === 0 ? (
        <Empty title={t.noSteps} />
      ) : (
        <PagedList
          key={`${which}:${text}`}
          label={t.listed(total)}
          sections={sections}
          pageSize={STEP_PAGE}
          rowHeight={ROW}
          isChosen={(row) => row.number === chosen}
          onChoose={(row) => onChoose(row.number)}
          isMarked={(row) => !row.left_out}
          onMark={(row) => leave({ which: { kind: "numbers", steps: [row.number] }, out: !row.left_out })}
          row={(row) => <Step row={row} typed={typed} />}
          data-testid="plan-steps"
        />
      )}
      <p role="status" className={said === null ? "sr-only" : styles.said} data-testid="left-along">
        {said}
      </p>
    </section>
  );
}

function Step({ row, typed }: { row: StepRow; typed: SecretInput[] }) {
  const t = m.changes.review;
  const lacks = stillLacks(row.lacks, typed).map(({ title }) => title);
  const waits = lacks.length > 0 && !row.left_out;
  return (
    <>
      <span
        className={cx(styles.tick, row.left_out_with !== null && styles.tickWith)}
        data-mark=""
        data-on={!row.left_out || undefined}
        title={row.left_out_with === null ? t.include : t.leftOutWith(row.left_out_with)}
        aria-hidden="true"
      >
        {!row.left_out && <Check size={12} strokeWidth={3} />}
      </span>
      <span className={styles.number}>{m.format.number(row.number)}</span>
      <LevelIcon level={row.scope.level} />
      <span className={styles.path}>
        <PathText path={row.path} quiet={row.left_out} />
      </span>
      {row.secret && (
        <span title={waits ? t.lacks(lacks) : t.hasSecret} className={waits ? styles.keyMissing : styles.key}>
          <KeyRound size={14} strokeWidth={1.75} aria-hidden="true" />
        </span>
      )}
      <span className={styles.fields} aria-hidden="true">
        {m.format.number(row.changes)}
      </span>
      <span className="sr-only">{t.rowRest(row, waits ? lacks : [])}</span>
    </>
  );
}
