import { useMutation, useQuery } from "@tanstack/react-query";
import { Cable, Copy } from "lucide-react";
import { useState } from "react";
import { useReadyMark } from "../../app/appearance";
import { useCommands } from "../../app/commands/useCommands";
import {
  allDrift,
  placeOfChange,
  useNavigation,
  type DriftShown,
  type PlaceOf,
  type Since,
} from "../../app/navigation";
import { toastDone } from "../../app/toasts";
import { Button } from "../../components/Button";
import { ChoiceMenu, OneOf } from "../../components/ChoiceMenu";
import { Empty, Failed, LoadingRows } from "../../components/Empty";
import { FilterChip } from "../../components/FilterChip";
import { ScopePicker } from "../../components/ScopePicker";
import { Segments } from "../../components/Segments";
import toolbar from "../../components/Toolbar.module.css";
import { app } from "../../ipc/backend";
import { queries } from "../../ipc/queries";
import type { Connection, DriftChange, DriftQuery } from "../../ipc/types";
import { tabSeparated } from "../../logic/table";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import { driftFormats, ExportMenu } from "../export/ExportMenu";
import { useExport } from "../export/useExport";
import { ChangeList } from "./ChangeList";
import styles from "./Drift.module.css";
import { DriftSums } from "./DriftSums";
import { dayOf, sinceTime } from "./since";

interface DriftViewProps {
  connection: Connection;
  place: PlaceOf<"drift">;
}

/** No more changes than this are copied at once. */
const MOST_COPIED = 10_000;
const PAGE = 500;
const ALL = "*";

/** What changed since a time, as the syncs noticed it. */
export function DriftView({ connection, place }: DriftViewProps) {
  const { go } = useNavigation();
  const { shown } = place;
  // "7 days" means seven days before the view was opened.
  const [opened] = useState(useNow());
  const since = sinceTime(shown.since, connection, opened);
  const counts = useQuery(queries.driftCounts(connection.id, since));
  const query: DriftQuery = {
    since,
    below: shown.below,
    slug: shown.slug,
    sync: shown.sync,
    run: shown.run,
  };
  const first = useQuery(queries.drift(connection.id, query, 0));
  useReadyMark((counts.isSuccess || counts.isError) && (first.isSuccess || first.isError));

  const show = (to: Partial<DriftShown>) =>
    go({ view: "drift", connection: connection.id, shown: { ...shown, ...to } });
  const copy = useMutation({
    mutationFn: async () => {
      const rows = await everything(connection.id, query);
      await navigator.clipboard.writeText(tabSeparated([m.drift.columns, ...rows.map(asCells)]));
      return rows.length;
    },
    onSuccess: (n) => toastDone(m.drift.copied(n)),
    meta: { failure: m.drift.notCopied },
  });

  const exports = useExport(connection.id);
  useCommands(
    {
      exportDriftCsv: () => exports.drift(query, "csv"),
      exportDriftJson: () => exports.drift(query, "json"),
    },
    m.drift.label,
  );

  const failed = counts.error ?? first.error;
  const kind = counts.data?.by_kind.find(({ slug }) => slug === shown.slug);
  const filtered = shown.below !== null || shown.slug !== null || shown.sync !== null || shown.run !== null;
  const byDay = shown.since.kind === "day" ? shown.since.day : null;
  return (
    <div className={styles.view}>
      <h1 className="sr-only">{m.drift.label}</h1>
      <div className={toolbar.bar} data-pane="drift-tools">
        <span className={toolbar.meta}>{m.drift.since}</span>
        <Segments
          label={m.drift.since}
          value={shown.since.kind === "days" ? String(shown.since.days) : shown.since.kind}
          options={m.drift.spans.map(([value, label]) => ({ value, label }))}
          onChange={(to) => show({ since: sinceOf(to, since), sync: null })}
        />
        {byDay !== null && (
          <input
            type="date"
            aria-label={m.drift.day}
            className={styles.day}
            value={byDay}
            max={dayOf(opened)}
            onChange={({ target: { value } }) => value !== "" && show({ since: { kind: "day", day: value } })}
          />
        )}
        <span className={toolbar.line} />
        <ScopePicker connection={connection.id} value={shown.below} onChange={(below) => show({ below })} />
        <ChoiceMenu
          icon={<Cable size={14} strokeWidth={2} aria-hidden="true" />}
          label={shown.slug === null ? m.drift.everyKind : (kind?.title ?? shown.slug)}
          data-testid="drift-kinds"
        >
          <OneOf
            heading={m.matrix.integrations}
            value={shown.slug ?? ALL}
            options={[
              [ALL, m.drift.everyKind],
              ...(counts.data?.by_kind ?? []).flatMap(({ slug, title }): [string, string][] =>
                slug === null ? [] : [[slug, title ?? slug]],
              ),
            ]}
            onChange={(slug) => show({ slug: slug === ALL ? null : slug })}
          />
        </ChoiceMenu>
        {(shown.sync !== null || shown.run !== null) && (
          <FilterChip
            label={shown.run === null ? m.drift.oneSync : m.drift.oneRun(shown.run)}
            onClear={() => show({ sync: null, run: null })}
          />
        )}
        <span className={toolbar.space} />
        <Button
          icon={<Copy size={14} strokeWidth={2} />}
          busy={copy.isPending}
          disabled={!first.data || first.data.total === 0}
          onClick={() => copy.mutate()}
          data-testid="drift-copy"
        >
          {m.drift.copy}
        </Button>
        <ExportMenu
          formats={driftFormats}
          busy={exports.busy}
          onExport={(format) => exports.drift(query, format)}
        />
      </div>
      {failed ? (
        <Failed error={failed} onRetry={() => void Promise.all([counts.refetch(), first.refetch()])} />
      ) : !first.data || !counts.data ? (
        <LoadingRows rows={10} />
      ) : first.data.total === 0 ? (
        <Empty
          heading="h2"
          title={filtered ? m.drift.nothingMatches : m.drift.nothing}
          note={filtered ? m.drift.nothingMatchesNext : m.drift.nothingNext}
          act={
            filtered ? (
              <Button small onClick={() => show({ ...allDrift, since: shown.since })}>
                {m.drift.showAll}
              </Button>
            ) : undefined
          }
        />
      ) : (
        <div className={styles.panes}>
          <DriftSums counts={counts.data} shown={shown} onShow={show} />
          <ChangeList
            key={JSON.stringify(query)}
            connection={connection.id}
            query={query}
            total={first.data.total}
            onOpen={(change) => go(placeOfChange(connection.id, change))}
          />
        </div>
      )}
    </div>
  );
}

/** A span as it is chosen; a day begins with the one shown now. */
function sinceOf(chosen: string, now: string): Since {
  if (chosen === "sync") return { kind: "sync" };
  return chosen === "day"
    ? { kind: "day", day: dayOf(Date.parse(now)) }
    : { kind: "days", days: Number(chosen) };
}

async function everything(connection: number, query: DriftQuery): Promise<DriftChange[]> {
  const rows: DriftChange[] = [];
  for (;;) {
    const page = await app.drift(connection, query, rows.length, PAGE);
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= Math.min(page.total, MOST_COPIED)) return rows;
  }
}

function asCells(change: DriftChange): string[] {
  const { at, path, title, slug, what, before, after, run } = change;
  return [
    at,
    path,
    title ?? slug ?? m.drift.scopeItself,
    m.drift.what(what),
    m.drift.side(before),
    m.drift.side(after),
    m.drift.who(run),
  ];
}
