import { ChevronRight } from "lucide-react";
import { cx } from "../../../components/cx";
import { LevelIcon } from "../../../components/icons";
import { StateGlyph } from "../../../components/StateGlyph";
import { m } from "../../../messages/en";
import type { TreeLine } from "./flatten";
import styles from "./Tree.module.css";

interface TreeItemProps {
  line: TreeLine & { kind: "row" };
  id: string;
  top: number;
  height: number;
  selected: boolean;
  active: boolean;
  onSelect: () => void;
  onToggle: () => void;
}

/** One scope in the tree. */
export function TreeItem({ line, id, top, height, selected, active, onSelect, onToggle }: TreeItemProps) {
  const { row, expanded, depth } = line;
  const branch = row.children > 0;
  const quiet = row.archived || row.pending_deletion || row.gone;
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-setsize={line.siblings}
      aria-posinset={line.position}
      aria-selected={selected}
      aria-expanded={branch ? expanded : undefined}
      data-testid={`tree-row-${row.path}`}
      data-active={active || undefined}
      className={cx(styles.row, selected && styles.selected, active && styles.active, quiet && styles.quiet)}
      style={{ transform: `translateY(${top}px)`, height }}
      onClick={onSelect}
      onDoubleClick={branch ? onToggle : undefined}
    >
      {Array.from({ length: depth }, (_, guide) => (
        <span key={guide} className={styles.guide} />
      ))}
      <span
        className={cx(styles.chevron, expanded && styles.open)}
        onClick={
          branch
            ? (event) => {
                event.stopPropagation();
                onToggle();
              }
            : undefined
        }
      >
        {branch && <ChevronRight size={14} strokeWidth={2} />}
      </span>
      <LevelIcon level={row.scope.level} open={expanded} />
      <bdi className={cx(styles.name, !row.matches && styles.kept)} title={row.path}>
        {row.name}
      </bdi>
      <span className="sr-only">{m.tree.rowRest(row)}</span>
      {row.sets_defaults > 0 && (
        <span aria-hidden="true" className={styles.defaults} title={m.tree.setsDefaults(row.sets_defaults)}>
          <StateGlyph of="sets_default" />
          {m.format.number(row.sets_defaults)}
        </span>
      )}
      <Tags line={line} />
      <span className={styles.space} />
      {row.unreadable ? (
        <span aria-hidden="true" className={styles.unreadable} title={row.unreadable.text}>
          <StateGlyph of="unknown" />
          {m.tree.notReadable}
        </span>
      ) : (
        <>
          {row.scope.level !== "project" && (
            <span aria-hidden="true" className={styles.projects} title={m.tree.projectsBelow(row.projects)}>
              {m.format.number(row.projects)}
            </span>
          )}
          {(row.scope.level !== "project" || row.drafts > 0 || row.differs > 0) && <Marks line={line} />}
          <span
            aria-hidden="true"
            className={styles.custom}
            title={row.custom > 0 ? m.tree.customBelow(row.custom) : undefined}
          >
            {row.custom > 0 && (
              <>
                <StateGlyph of="custom" size={10} />
                {m.format.number(row.custom)}
              </>
            )}
          </span>
        </>
      )}
    </div>
  );
}

/** What is pending here, and what differs below: in a column of their own, so that both line up. */
function Marks({ line: { row } }: { line: TreeLine & { kind: "row" } }) {
  return (
    <span className={styles.marks} aria-hidden="true">
      {row.drafts > 0 && (
        <span title={m.tree.drafts(row.drafts)}>
          <StateGlyph of="pending" />
        </span>
      )}
      {row.differs > 0 && (
        <span title={m.tree.differsBelow(row.differs)}>
          <StateGlyph of="inherited_differs" />
        </span>
      )}
    </span>
  );
}

function Tags({ line: { row } }: { line: TreeLine & { kind: "row" } }) {
  return (
    <>
      {row.archived && (
        <span aria-hidden="true" className={styles.tag}>
          {m.tree.archived}
        </span>
      )}
      {row.pending_deletion && (
        <span aria-hidden="true" className={styles.tag}>
          {m.tree.pendingDeletion}
        </span>
      )}
      {row.gone && (
        <span aria-hidden="true" className={styles.tag}>
          {m.tree.gone}
        </span>
      )}
      {row.personal && !row.archived && (
        <span aria-hidden="true" className={styles.tag}>
          {m.tree.personal}
        </span>
      )}
    </>
  );
}
