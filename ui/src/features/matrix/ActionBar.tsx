import { useQuery } from "@tanstack/react-query";
import { PanelsTopLeft, Undo2, X } from "lucide-react";
import { Button, IconButton } from "../../components/Button";
import { queries } from "../../ipc/queries";
import type { IntegrationRef, MatrixFilter, MatrixRow } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./ActionBar.module.css";
import { BulkActs } from "./BulkActs";
import type { Column } from "./columns";
import { countCells, type Blocks } from "./selection";

interface ActionBarProps {
  connection: number;
  filter: MatrixFilter;
  columns: readonly Column[];
  /** The order the rows are in. */
  order: string;
  blocks: Blocks;
  /** The only selected cell, where there is only one. */
  one: { row: MatrixRow; column: Column } | null;
  onOpen: (row: MatrixRow, column: Column) => void;
  onUseDefault: ((at: IntegrationRef) => void) | null;
  /** Why no change of many is offered; `null`: it is. */
  refused: string | null;
  onClear: () => void;
}

/** Says what is selected, then what can be done with it. */
export function ActionBar({ connection, filter, columns, order, blocks, one, ...acts }: ActionBarProps) {
  const single = countCells(blocks) === 1;
  const block = blocks.length === 1 ? blocks[0] : undefined;
  const kinds = block ? columns.slice(block.left, block.right + 1) : [];
  const sum = useQuery({
    ...queries.matrixSum(
      connection,
      filter,
      kinds.map(({ slug }) => slug),
      block?.top ?? 0,
      block?.bottom ?? 0,
    ),
    enabled: block !== undefined,
  });
  const at = one && { connection, scope: one.row.scope, slug: one.column.slug };
  const comparison = useQuery({
    ...queries.compare(at ?? { connection, scope: { level: "instance", id: "0" }, slug: "" }),
    enabled: at !== null && acts.onUseDefault !== null,
  });
  const offered = comparison.data?.use_default.kind === "offered";
  return (
    <section className={styles.bar} aria-label={m.matrix.selection} data-pane="actions">
      <strong role="status">{m.matrix.selected(countCells(blocks))}</strong>
      <span className={styles.what}>
        {block && sum.data
          ? m.matrix.whatSelected(
              kinds.map(({ title }) => title),
              sum.data,
            )
          : blocks.length > 1
            ? m.matrix.blocks(blocks.length)
            : null}
      </span>
      <span className={styles.space} />
      {one && (
        <Button
          icon={<PanelsTopLeft size={14} strokeWidth={2} />}
          onClick={() => acts.onOpen(one.row, one.column)}
          data-testid="matrix-open"
        >
          {m.matrix.openInScopes}
        </Button>
      )}
      {at && offered && acts.onUseDefault && (
        <Button
          variant="primary"
          icon={<Undo2 size={14} strokeWidth={2} />}
          keys={["U"]}
          onClick={() => acts.onUseDefault?.(at)}
          data-testid="matrix-use-default"
        >
          {m.acts.useDefault}
        </Button>
      )}
      {!single && (
        <BulkActs
          connection={connection}
          filter={filter}
          columns={columns}
          order={order}
          blocks={blocks}
          refused={acts.refused}
        />
      )}
      <IconButton label={m.matrix.clear} onClick={acts.onClear}>
        <X size={16} strokeWidth={1.75} />
      </IconButton>
    </section>
  );
}
