import { useQuery } from "@tanstack/react-query";
import { useReadyMark } from "../../app/appearance";
import { useCommands } from "../../app/commands/useCommands";
import {
  allDrift,
  placeOfChange,
  useNavigation,
  wholeKind,
  wholeMatrix,
  type PlaceOf,
} from "../../app/navigation";
import { Failed, LoadingRows } from "../../components/Empty";
import { ScopePicker } from "../../components/ScopePicker";
import { Segments } from "../../components/Segments";
import toolbar from "../../components/Toolbar.module.css";
import { queries } from "../../ipc/queries";
import type { Connection, ExportFormat, ScopeRef, State } from "../../ipc/types";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import { copyFormats, ExportMenu } from "../export/ExportMenu";
import { useExport } from "../export/useExport";
import { KindBars } from "./KindBars";
import { KeyFigures } from "./KeyFigures";
import styles from "./Overview.module.css";
import { PartBars } from "./PartBars";
import { RecentChanges } from "./RecentChanges";
import { TrendChart } from "./TrendChart";
import { WorthALook } from "./WorthALook";

interface OverviewViewProps {
  connection: Connection;
  place: PlaceOf<"overview">;
  onSync: () => void;
  onManage: () => void;
}

/** The whole estate in figures, and what to look at next. */
export function OverviewView({ connection, place, onSync, onManage }: OverviewViewProps) {
  const { go } = useNavigation();
  const { root, level } = place;
  const view = useQuery(queries.overview(connection.id, root, level));
  const trend = useQuery(queries.trend(connection.id));
  const half = useQuery(queries.sync(connection.id)).data?.half;
  const now = useNow();
  const way = useQuery({
    ...queries.treePath(connection.id, root ?? { level: "instance", id: "0" }),
    enabled: root !== null,
  });
  const exports = useExport(connection.id);
  const exportAs = (format: ExportFormat) => () => exports.copy({ below: root, slug: null }, format);
  useCommands(
    { exportCsv: exportAs("csv"), exportJson: exportAs("json"), exportReport: exportAs("html") },
    root === null ? connection.name : (way.data?.at(-1)?.path ?? null),
  );
  useReadyMark((view.isSuccess || view.isError) && !trend.isPending);

  const show = (to: { root?: ScopeRef | null; level?: typeof level }) =>
    go({ view: "overview", connection: connection.id, root, level, ...to });
  const openMatrix = (states: State[], kinds: string[] | null) =>
    go({
      view: "matrix",
      connection: connection.id,
      shown: { ...wholeMatrix, root, level, states, kinds, archived: true },
    });
  const openKind = (slug: string) =>
    go({ view: "integrations", connection: connection.id, slug, shown: wholeKind });

  return (
    <div className={styles.view} data-pane="overview">
      <h1 className="sr-only">{m.overview.label}</h1>
      <div className={toolbar.bar}>
        <ScopePicker connection={connection.id} value={root} onChange={(to) => show({ root: to })} />
        {view.data && (
          <span className={toolbar.meta}>{m.matrix.below(view.data.projects, view.data.groups)}</span>
        )}
        <Segments
          label={m.matrix.level}
          value={level ?? "any"}
          options={m.overview.levels.map(([value, label]) => ({ value, label }))}
          onChange={(to) => show({ level: to === "any" ? null : to })}
        />
        <span className={toolbar.space} />
        {half && (
          <span className={toolbar.meta} data-testid="half">
            {m.overview.half(half.read, half.of)}
          </span>
        )}
        {connection.synced && (
          <span className={toolbar.meta} title={m.exact(connection.synced.finished_at)}>
            {m.overview.asOf(connection.synced.finished_at, now)}
          </span>
        )}
        <ExportMenu formats={copyFormats} busy={exports.busy} onExport={(format) => exportAs(format)()} />
      </div>
      {view.isError ? (
        <Failed error={view.error} onRetry={() => void view.refetch()} />
      ) : !view.data ? (
        <LoadingRows rows={12} />
      ) : (
        <>
          <KeyFigures
            overview={view.data}
            trend={root === null && level === null ? trend.data : undefined}
            now={now}
            onOpen={(states) => openMatrix(states, null)}
          />
          <div className={styles.columns}>
            <div className={styles.column}>
              <KindBars
                kinds={view.data.kinds}
                scopes={scopesOf(view.data, level)}
                onOpen={openKind}
                onOpenState={(slug, states) => openMatrix(states, [slug])}
              />
              {view.data.parts.length > 0 && (
                <PartBars parts={view.data.parts} onOpen={(to) => show({ root: to })} />
              )}
            </div>
            <div className={styles.column}>
              {root === null && <TrendChart trend={trend.data} />}
              <WorthALook
                connection={connection}
                overview={view.data}
                now={now}
                acts={{ openMatrix, openKind, sync: onSync, manage: onManage }}
              />
              <RecentChanges
                connection={connection.id}
                below={root}
                now={now}
                onOpen={() =>
                  go({ view: "drift", connection: connection.id, shown: { ...allDrift, below: root } })
                }
                onOpenChange={(change) => go(placeOfChange(connection.id, change))}
              />
            </div>
          </div>
        </>
      )}
    </div>
  );
}

function scopesOf(
  { groups, projects }: { groups: number; projects: number },
  level: "instance" | "group" | "project" | null,
): number {
  return level === "group" ? groups : level === "project" ? projects : groups + projects;
}
