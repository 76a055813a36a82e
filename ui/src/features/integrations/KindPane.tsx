import { useQuery } from "@tanstack/react-query";
import { useReadyMark } from "../../app/appearance";
import { useCommands } from "../../app/commands/useCommands";
import type { KindShown, MatrixShown } from "../../app/navigation";
import { ChoiceMenu, OneOf } from "../../components/ChoiceMenu";
import { Empty, Failed, LoadingRows } from "../../components/Empty";
import { FilterChip } from "../../components/FilterChip";
import { CategoryTile } from "../../components/icons";
import { Segments } from "../../components/Segments";
import { queries } from "../../ipc/queries";
import { sameScope } from "../../ipc/scopes";
import type { ExportFormat, FieldValue, KindView, ScopeRef, ValueGroups } from "../../ipc/types";
import { placeName } from "../../logic/source";
import { readShown } from "../../logic/shown";
import { countOf } from "../../logic/states";
import { m } from "../../messages/en";
import { useBulk } from "../changes/useBulk";
import { copyFormats, ExportMenu } from "../export/ExportMenu";
import { useExport } from "../export/useExport";
import { Defaults } from "./Defaults";
import { Figures } from "./Figures";
import { GroupList } from "./GroupList";
import styles from "./Integrations.module.css";
import { MemberList } from "./MemberList";
import { sameValue, shownOf } from "./values";

interface KindPaneProps {
  connection: number;
  slug: string;
  shown: KindShown;
  onShow: (to: Partial<KindShown>, replace: boolean) => void;
  onOpenScope: (scope: ScopeRef) => void;
  onShowInMatrix: (of: Partial<MatrixShown>) => void;
  /** Changes may be offered. */
  writes: boolean;
}

/** Fields that stand beside each other as segments; further ones are in a menu. */
const SEGMENTS = 3;

/** One kind: its figures, its defaults, and its custom settings by value. */
export function KindPane({
  connection,
  slug,
  shown,
  onShow,
  onOpenScope,
  onShowInMatrix,
  writes,
}: KindPaneProps) {
  const bulk = useBulk();
  // The first answer says which fields there are; the next holds the chosen one's values.
  const view = useQuery(queries.kindView(connection, slug, shown.field === null ? [] : [shown.field]));
  const field = view.data?.fields.find(({ name }) => name === shown.field) ?? view.data?.fields[0] ?? null;
  const withField = useQuery({
    ...queries.kindView(connection, slug, field ? [field.name] : []),
    enabled: view.isSuccess,
  });
  const groups = useQuery({
    ...queries.valueGroups(connection, slug, field?.name ?? "", shown.below),
    enabled: field !== null,
  });
  const exports = useExport(connection);
  const exportAs = (format: ExportFormat) => () => exports.copy({ below: shown.below, slug }, format);
  useCommands(
    { exportCsv: exportAs("csv"), exportJson: exportAs("json"), exportReport: exportAs("html") },
    view.data?.kind.title ?? slug,
  );
  useReadyMark(view.isError || withField.isError || (withField.isSuccess && !groups.isLoading));
  if (view.isError) return <Failed error={view.error} onRetry={() => void view.refetch()} />;
  const data = withField.data ?? view.data;
  if (!data)
    return (
      <div className={styles.main}>
        <LoadingRows />
      </div>
    );

  const chosen = chosenValue(shown.value, groups.data);
  const gone = shown.value !== null && chosen === null && groups.data !== undefined;
  const below = data.defaults.find(({ scope }) => sameScope(scope.scope, shown.below)) ?? null;
  const beside = data.fields.find(({ name }) => name !== field?.name) ?? null;
  return (
    <section className={styles.main} aria-label={data.kind.title} data-pane="kind">
      <header className={styles.header}>
        <CategoryTile category={data.kind.category} />
        <h1 className={styles.title}>{data.kind.title}</h1>
        <span className={styles.meta}>{m.kinds.across(data.scopes)}</span>
        <span className={styles.space} />
        <ExportMenu
          formats={copyFormats}
          busy={exports.busy}
          onExport={(format) => exports.copy({ below: shown.below, slug }, format)}
        />
      </header>
      <Figures counts={data.kind.counts} scopes={data.scopes} />
      <div className={styles.scroll}>
        <Defaults
          defaults={data.defaults}
          hidden={countOf(data.kind.counts, "inherited", "inherited_differs", "unknown") > 0}
          field={field}
          chosen={shown.below}
          onChoose={(scope) => onShow({ below: scope, value: null }, false)}
          onOpen={onOpenScope}
        />
        <div className={styles.bar}>
          <h2>{m.kinds.byValue}</h2>
          {field && (
            <FieldChoice
              view={data}
              field={field.name}
              onChange={(name) => onShow({ field: name, value: null }, true)}
            />
          )}
          <span className={styles.space} />
          {below && (
            <FilterChip
              label={m.kinds.below(placeName(below.scope))}
              onClear={() => onShow({ below: null, value: null }, false)}
            />
          )}
          {groups.data && (
            <span className={styles.meta}>
              {m.kinds.scopesValues(groups.data.scopes, groups.data.values)}
            </span>
          )}
        </div>
        {field === null ? (
          <Empty title={m.kinds.noFields} note={m.kinds.noFieldsNext(countOf(data.kind.counts, "custom"))} />
        ) : groups.isError ? (
          <Failed error={groups.error} onRetry={() => void groups.refetch()} />
        ) : groups.data?.scopes === 0 ? (
          <Empty
            title={m.kinds.noCustom(below ? placeName(below.scope) : null)}
            note={m.kinds.noCustomNext}
          />
        ) : groups.data ? (
          <GroupList
            groups={groups.data}
            defaults={data.defaults}
            below={below}
            field={field.title}
            chosen={chosen}
            onChoose={(value) => onShow({ value }, true)}
          />
        ) : (
          <LoadingRows rows={3} />
        )}
        {gone && shown.value && (
          <p role="status" className={styles.gone} data-testid="value-gone">
            {m.kinds.valueGone(readShown(shownOf(shown.value, null)).text)}
          </p>
        )}
        {field && chosen && groups.data && (
          <MemberList
            connection={connection}
            query={{
              slug,
              field: field.name,
              value: chosen,
              below: shown.below,
              beside: beside?.name ?? null,
            }}
            beside={beside}
            onOpen={onOpenScope}
            onShowInMatrix={
              chosen.kind === "text" || chosen.kind === "integer"
                ? () => onShowInMatrix({ root: shown.below, value: chosen.value, states: ["custom"] })
                : null
            }
            onUseDefault={
              writes
                ? () =>
                    bulk.mutate({
                      connection,
                      slug,
                      wish: { kind: "use_default" },
                      selection: {
                        kind: "members",
                        query: {
                          slug,
                          field: field.name,
                          value: chosen,
                          below: shown.below,
                          beside: null,
                        },
                      },
                    })
                : null
            }
            planning={bulk.isPending}
          />
        )}
      </div>
    </section>
  );
}

/**
 * What was chosen, while it is there; the value most have while nothing is. Where the chosen one is gone
 * no other takes its place: what is offered for it must not come to mean another.
 */
function chosenValue(wanted: FieldValue | null, found: ValueGroups | undefined): FieldValue | null {
  if (!found) return wanted;
  if (wanted === null) return found.groups[0]?.value ?? null;
  const listed = found.groups.find(({ value }) => sameValue(value, wanted));
  // Only the values that most have are listed: another may be there all the same.
  return listed?.value ?? (found.values > found.groups.length ? wanted : null);
}

function FieldChoice({
  view,
  field,
  onChange,
}: {
  view: KindView;
  field: string;
  onChange: (field: string) => void;
}) {
  const beside = view.fields.slice(0, SEGMENTS);
  const rest = view.fields.slice(SEGMENTS);
  const hidden = rest.find(({ name }) => name === field);
  return (
    <>
      <Segments
        label={m.kinds.groupBy}
        value={field}
        options={beside.map(({ name, title }) => ({ value: name, label: title }))}
        onChange={onChange}
      />
      {rest.length > 0 && (
        <ChoiceMenu label={hidden?.title ?? m.kinds.otherFields} data-testid="kind-fields">
          <OneOf
            heading={m.kinds.groupBy}
            value={field}
            options={rest.map(({ name, title }) => [name, title] as const)}
            onChange={onChange}
          />
        </ChoiceMenu>
      )}
    </>
  );
}
