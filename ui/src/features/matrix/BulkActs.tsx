import { CornerLeftUp, Copy, Power, PowerOff, SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { useCommands } from "../../app/commands/useCommands";
import { Button } from "../../components/Button";
import type { BulkWish, MatrixFilter } from "../../ipc/types";
import { m } from "../../messages/en";
import { CopyDialog } from "../changes/CopyDialog";
import { SetDialog } from "../changes/SetDialog";
import { useBulk } from "../changes/useBulk";
import styles from "./ActionBar.module.css";
import type { Column } from "./columns";
import { countCells, type Blocks } from "./selection";

interface BulkActsProps {
  connection: number;
  filter: MatrixFilter;
  columns: readonly Column[];
  /** The order the rows are in, by which they were selected. */
  order: string;
  blocks: Blocks;
  /** Why nothing is offered; `null`: it is. */
  refused: string | null;
}

const small = { size: 14, strokeWidth: 2, "aria-hidden": true } as const;

/** What can be done with many cells of one integration: each act leads to a plan. */
export function BulkActs({ connection, filter, columns, order, blocks, refused }: BulkActsProps) {
  const bulk = useBulk();
  const [asking, setAsking] = useState<"copy" | "set" | null>(null);
  const column = onlyColumn(blocks);
  const kind = column === null ? undefined : columns[column];
  const plan = (wish: BulkWish) => {
    if (!kind || bulk.isPending) return;
    bulk.mutate({
      connection,
      slug: kind.slug,
      wish,
      selection: {
        kind: "rows",
        filter,
        order,
        spans: blocks.map(({ top, bottom }) => ({ first: top, last: bottom })),
      },
    });
  };
  useCommands(
    { useDefault: refused === null && kind && (() => plan({ kind: "use_default" })) },
    kind?.title ?? null,
  );
  if (refused !== null) return <span className={styles.refused}>{refused}</span>;
  if (!kind) return <span className={styles.refused}>{m.changes.bulk.oneKind}</span>;
  return (
    <>
      <Button icon={<Copy {...small} />} onClick={() => setAsking("copy")} data-testid="matrix-copy-from">
        {m.changes.bulk.copyFrom}
      </Button>
      <Button
        icon={<SlidersHorizontal {...small} />}
        onClick={() => setAsking("set")}
        data-testid="matrix-set"
      >
        {m.changes.bulk.set.act}
      </Button>
      <Button icon={<Power {...small} />} onClick={() => plan({ kind: "enable" })}>
        {m.changes.bulk.enable}
      </Button>
      <Button
        icon={<PowerOff {...small} />}
        onClick={() => plan({ kind: "disable" })}
        data-testid="matrix-disable"
      >
        {m.changes.bulk.disable}
      </Button>
      <Button
        variant="primary"
        icon={<CornerLeftUp {...small} />}
        keys={["U"]}
        busy={bulk.isPending}
        onClick={() => plan({ kind: "use_default" })}
        data-testid="matrix-use-default"
      >
        {m.changes.bulk.useDefault}
      </Button>
      {asking === "copy" && (
        <CopyDialog
          connection={connection}
          slug={kind.slug}
          scopes={countCells(blocks)}
          busy={bulk.isPending}
          onClose={() => setAsking(null)}
          onCopy={(scope, secrets) => {
            setAsking(null);
            plan({ kind: "copy_from", scope, secrets });
          }}
        />
      )}
      {asking === "set" && (
        <SetDialog
          connection={connection}
          slug={kind.slug}
          title={kind.title}
          scopes={countCells(blocks)}
          busy={bulk.isPending}
          onClose={() => setAsking(null)}
          onSet={(setting) => {
            setAsking(null);
            plan({ kind: "set_custom", ...setting });
          }}
        />
      )}
    </>
  );
}

/** The column all selected cells stand in; `null`: they stand in several. */
function onlyColumn(blocks: Blocks): number | null {
  const first = blocks[0]?.left;
  const same = blocks.every(({ left, right }) => left === first && right === first);
  return first !== undefined && first >= 0 && same ? first : null;
}
