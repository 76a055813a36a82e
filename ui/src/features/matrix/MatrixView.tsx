import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState, type RefObject } from "react";
import { useReadyMark } from "../../app/appearance";
import { mayWrite, whyNoWrites } from "../../app/connection";
import { useCommands } from "../../app/commands/useCommands";
import { useNavigation, wholeMatrix, type MatrixShown, type PlaceOf } from "../../app/navigation";
import { Button } from "../../components/Button";
import { Empty, Failed, LoadingRows } from "../../components/Empty";
import { MATRIX_PAGE, queries } from "../../ipc/queries";
import { sameScope } from "../../ipc/scopes";
import type { Connection, IntegrationRef, MatrixFilter, MatrixRow, ScopeRef } from "../../ipc/types";
import { m } from "../../messages/en";
import { PlanFlow, type PlanWish } from "../plan/PlanFlow";
import { ActionBar } from "./ActionBar";
import { useColumns, type Column } from "./columns";
import { Legend } from "./Legend";
import styles from "./Matrix.module.css";
import { MatrixGrid, type GridMemory } from "./MatrixGrid";
import { MatrixToolbar } from "./MatrixToolbar";
import { countCells, nothing, type Blocks } from "./selection";

interface MatrixViewProps {
  connection: Connection;
  place: PlaceOf<"matrix">;
  filterRef: RefObject<HTMLInputElement | null>;
}

const unseen = (): GridMemory => ({ top: 0, left: 0, focus: { row: 0, column: 0 } });

/** Scopes × integrations: every state at once. */
export function MatrixView({ connection, place, filterRef }: MatrixViewProps) {
  const { go, left } = useNavigation();
  const { shown } = place;
  const kinds = useQuery(queries.kinds(connection.id, shown.root));
  const columns = useColumns(kinds.data, shown.kinds);
  const slugs = columns.map(({ slug }) => slug).join();
  const filter = useMemo<MatrixFilter>(
    () => ({ ...shown, kinds: slugs === "" ? [] : slugs.split(",") }),
    [shown, slugs],
  );
  const flat = isFlat(shown);
  const head = useQuery({ ...queries.matrixHead(connection.id, filter), enabled: kinds.isSuccess });
  const root = useQuery({
    ...queries.treePath(connection.id, shown.root ?? { level: "instance", id: "0" }),
    enabled: shown.root !== null,
  });
  useReadyMark(kinds.isError || head.isSuccess || head.isError);

  const question = JSON.stringify([connection.id, filter]);
  const order = head.data?.order ?? "";
  const [selection, setSelection] = useState({ of: question, order, blocks: nothing });
  // What was selected by its place means nothing once the rows are others, or stand elsewhere.
  const holds = selection.of === question && selection.order === order;
  const blocks = holds ? selection.blocks : nothing;
  const dropped = holds ? 0 : countCells(selection.blocks);
  const select = (next: Blocks, seen: string) => setSelection({ of: question, order: seen, blocks: next });
  const [wish, setWish] = useState<PlanWish | null>(null);
  const gridRef = useRef<HTMLDivElement>(null);

  const change = (to: Partial<MatrixShown>) =>
    go({ view: "matrix", connection: connection.id, shown: { ...shown, ...to } }, { replace: minor(to) });
  const open = (row: MatrixRow, column: Column | null) =>
    go({
      view: "scopes",
      connection: connection.id,
      scope: row.scope,
      slug: column?.slug ?? null,
      editing: false,
    });
  const plan = (at: IntegrationRef) => setWish({ request: { kind: "use_default", at }, secrets: [] });
  const planDefault = mayWrite(connection) ? plan : null;
  const single = useOnly(connection.id, filter, columns, blocks, order);
  const focusGrid = () => gridRef.current?.querySelector<HTMLElement>("[role=grid]")?.focus();
  const offered = useQuery({
    ...queries.compare(atOf(connection.id, single)),
    enabled: planDefault !== null && single !== null,
  });
  useCommands({ filter: () => filterRef.current?.focus() });
  useCommands(
    {
      useDefault:
        single &&
        planDefault &&
        offered.data?.use_default.kind === "offered" &&
        (() => planDefault(atOf(connection.id, single))),
    },
    single && m.compare.subject(single.row.name, single.column.title),
  );

  const failed = kinds.error ?? head.error;
  const rows = head.data?.rows ?? 0;
  return (
    <div className={styles.view} ref={gridRef} data-pane="matrix">
      <h1 className="sr-only">{m.matrix.label}</h1>
      <MatrixToolbar
        connection={connection.id}
        shown={shown}
        head={head.data}
        filtered={isFiltered(shown)}
        kinds={kinds.data ?? []}
        columns={columns}
        filterRef={filterRef}
        onChange={change}
        onLeaveFilter={focusGrid}
      />
      {failed ? (
        <Failed error={failed} onRetry={() => void Promise.all([kinds.refetch(), head.refetch()])} />
      ) : !head.data ? (
        <LoadingRows rows={14} />
      ) : (
        <MatrixGrid
          connection={connection.id}
          filter={filter}
          columns={columns}
          rows={rows}
          ready={!head.isPlaceholderData}
          scopes={head.data.projects + head.data.groups}
          flat={flat}
          base={root.data && shown.root ? root.data.length - 1 : 0}
          memory={left(JSON.stringify([connection.id, { ...filter, folded: [] }]), unseen)}
          order={order}
          blocks={blocks}
          onSelect={select}
          acts={{
            open,
            fold: (scope, unfold) =>
              change({
                folded: unfold
                  ? shown.folded.filter((other) => !sameScope(other, scope))
                  : [...shown.folded, scope],
              }),
            mayUseDefault: planDefault !== null,
          }}
        />
      )}
      {head.data?.rows === 0 && (
        <Nothing shown={shown} onAll={() => change({ ...wholeMatrix, root: shown.root })} />
      )}
      {blocks.length > 0 && (
        <ActionBar
          connection={connection.id}
          filter={filter}
          columns={columns}
          order={order}
          blocks={blocks}
          one={single}
          onOpen={open}
          onUseDefault={planDefault}
          refused={whyNoWrites(connection)}
          onClear={() => {
            select(nothing, order);
            focusGrid();
          }}
        />
      )}
      <Legend columns={columns} drafts={connection.drafts} dropped={dropped} />
      {wish && (
        <PlanFlow
          wish={wish}
          onClose={() => setWish(null)}
          onApplied={() => setWish(null)}
          onReadAgain={null}
        />
      )}
    </div>
  );
}

function atOf(connection: number, cell: { row: MatrixRow; column: Column } | null): IntegrationRef {
  const scope: ScopeRef = cell?.row.scope ?? { level: "instance", id: "0" };
  return { connection, scope, slug: cell?.column.slug ?? "" };
}

/** The only selected cell: from where the block is, wherever the focus went since. */
function useOnly(
  connection: number,
  filter: MatrixFilter,
  columns: readonly Column[],
  blocks: Blocks,
  order: string,
): { row: MatrixRow; column: Column } | null {
  const block = blocks.length === 1 && blocks[0] && isOne(blocks[0]) ? blocks[0] : null;
  const top = block?.top ?? 0;
  const page = useQuery({
    ...queries.matrixRows(connection, filter, Math.floor(top / MATRIX_PAGE)),
    enabled: block !== null,
  });
  // Rows of another order are not those that were selected.
  const row = page.data?.order === order ? page.data.rows[top % MATRIX_PAGE] : undefined;
  const column = block && columns[block.left];
  return row && column ? { row, column } : null;
}

const isOne = ({ top, bottom, left, right }: Blocks[number]) => top === bottom && left === right;

/** Whether rows were picked out of the tree, so that they stand alone. */
function isFlat({ text, states, value, level, visibility }: MatrixShown): boolean {
  return text !== "" || states.length > 0 || value !== "" || level === "project" || visibility !== null;
}

const isFiltered = (shown: MatrixShown) => isFlat(shown) || shown.level !== null;

/** Changes that are no step to come back to: typing, and folding. */
function minor(change: Partial<MatrixShown>): boolean {
  return Object.keys(change).length === 1 && ("text" in change || "value" in change || "folded" in change);
}

function Nothing({ shown, onAll }: { shown: MatrixShown; onAll: () => void }) {
  if (!isFiltered(shown)) return <Empty heading="h2" title={m.tree.empty} note={m.tree.emptyNext} />;
  return (
    <Empty
      heading="h2"
      title={m.matrix.noRows}
      note={m.matrix.noRowsNext}
      act={
        <Button small onClick={onAll}>
          {m.matrix.showAll}
        </Button>
      }
    />
  );
}
