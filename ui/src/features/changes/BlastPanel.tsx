import {
  ChevronRight,
  CircleHelp,
  CircleMinus,
  Diamond,
  Gauge,
  Power,
  PowerOff,
  Spline,
  Undo2,
} from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { LevelIcon } from "../../components/icons";
import { PagedList } from "../../components/PagedList";
import { SearchField } from "../../components/SearchField";
import { queries, STEP_PAGE, type PageQuery } from "../../ipc/queries";
import type { Aside, PlanReview, Touch } from "../../ipc/types";
import { useDebounced } from "../../logic/debounce";
import { m } from "../../messages/en";
import { AskMaybe } from "./AskMaybe";
import styles from "./BlastPanel.module.css";
import textStyles from "./Text.module.css";
import { PathText } from "../../components/PathText";
import { Reasons } from "./Reasons";

const order: Touch[] = ["change", "switch_on", "maybe", "keep", "unseen"];
const small = { size: 14, strokeWidth: 2, "aria-hidden": true } as const;
const icons: Record<Touch, ReactNode> = {
  change: <Spline {...small} />,
  switch_on: <Power {...small} />,
  maybe: <PowerOff {...small} />,
  keep: <Diamond {...small} />,
  unseen: <CircleHelp {...small} />,
};
const ROW = 26;
const WITH_WHY = 44;
const IN_SIGHT = 8;

interface BlastPanelProps {
  review: PlanReview;
  /** Steps after which secrets are gone. */
  losing: number;
  /** Whose GitLab can be asked; `null`: it can't be. */
  connection: number | null;
}

/** Who else is touched, who gets no step, what it costs. */
export function BlastPanel({ review, losing, connection }: BlastPanelProps) {
  const { blast, summary, reasons } = review;
  const { run } = summary;
  const groups = order.filter((how) => blast[how] > 0);
  return (
    <aside className={styles.blast} aria-label={m.changes.review.blast} data-pane="blast">
      <h2>{m.changes.review.blast}</h2>
      {groups.length > 0 && <BlastBar blast={blast} />}
      {groups.length === 0 && <p className={styles.nobody}>{m.changes.review.nobody}</p>}
      {groups.map((how) => (
        <Group
          key={how}
          name={how}
          icon={icons[how]}
          count={blast[how]}
          word={m.changes.touched[how](blast[how])}
          note={m.changes.touchedNotes[how]}
          rowHeight={ROW}
          page={(text, page) => queries.touched(run, how, text, page)}
          beside={
            how === "maybe" && connection !== null && <AskMaybe review={review} connection={connection} />
          }
        />
      ))}
      {summary.skipped > 0 && (
        <Group
          name="skipped"
          icon={<CircleMinus {...small} />}
          count={summary.skipped}
          word={m.changes.review.without}
          note={m.changes.review.withoutNote}
          rowHeight={WITH_WHY}
          page={(text, page) => queries.skipped(run, text, page)}
          beside={<Reasons reasons={reasons} of={summary.skipped} />}
        />
      )}
      <div className={styles.notes}>
        <p>
          <Gauge {...small} /> {m.changes.review.cost(review.requests)}{" "}
          {review.seconds !== null && m.changes.review.takes(review.seconds)}
        </p>
        <p>
          <Undo2 {...small} /> {m.changes.review.undo(losing)}
        </p>
      </div>
    </aside>
  );
}

function BlastBar({ blast }: { blast: PlanReview["blast"] }) {
  return (
    <div className={styles.bar} aria-hidden="true">
      {order.map(
        (how) => blast[how] > 0 && <span key={how} data-touch={how} style={{ flexGrow: blast[how] }} />,
      )}
    </div>
  );
}

interface GroupProps {
  name: string;
  icon: ReactNode;
  count: number;
  word: string;
  note: string;
  rowHeight: number;
  page: (text: string, page: number) => PageQuery<Aside>;
  /** What can be done about them, or is to be known; seen without opening the list. */
  beside?: ReactNode;
}

/** One sort of scopes: counted, and listed once it is opened. */
function Group({ name, icon, count, word, note, beside, ...list }: GroupProps) {
  const [open, setOpen] = useState(false);
  return (
    <section className={styles.group} data-touch={name} data-testid={`blast-${name}`}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          {icon}
          <span>
            <strong>{m.format.number(count)}</strong> {word}
          </span>
          <ChevronRight {...small} className={styles.chevron} />
        </summary>
        <p className={textStyles.meta}>{note}</p>
        {open && <Scopes label={`${m.format.number(count)} ${word}`} {...list} />}
      </details>
      {beside}
    </section>
  );
}

function Scopes({ label, rowHeight, page }: Pick<GroupProps, "rowHeight" | "page"> & { label: string }) {
  const [typed, setTyped] = useState("");
  const text = useDebounced(typed.trim(), 120);
  const first = useQuery(page(text, 0));
  const total = first.data?.total ?? 0;
  return (
    <div className={styles.scopes}>
      <SearchField
        label={m.changes.review.find}
        placeholder={m.changes.review.find}
        value={typed}
        onChange={setTyped}
      />
      {first.isSuccess && total === 0 ? (
        <p className={textStyles.meta}>{m.changes.review.noneFound}</p>
      ) : (
        <PagedList
          key={text}
          label={label}
          sections={[{ key: text, head: null, total, page: (at) => page(text, at) }]}
          pageSize={STEP_PAGE}
          rowHeight={rowHeight}
          className={styles.scopeList}
          style={{ height: Math.min(total, IN_SIGHT) * rowHeight }}
          row={(row) => (
            <>
              <LevelIcon level={row.scope.level} />
              <span className={styles.aside}>
                <PathText path={row.path} />
                {row.why !== null && (
                  <span className={styles.why} title={row.why}>
                    {row.why}
                  </span>
                )}
              </span>
            </>
          )}
        />
      )}
    </div>
  );
}
