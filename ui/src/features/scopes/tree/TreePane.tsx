import { useVirtualizer } from "@tanstack/react-virtual";
import {
  useEffect,
  useEffectEvent,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
} from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { rowHeights } from "../../../app/appearance";
import { Empty, Failed, LoadingRows } from "../../../components/Empty";
import { Button } from "../../../components/Button";
import { SearchField } from "../../../components/SearchField";
import { StateGlyph } from "../../../components/StateGlyph";
import { usePreference } from "../../../ipc/preferences";
import { queries } from "../../../ipc/queries";
import { scopeKey } from "../../../ipc/scopes";
import type { ScopeRef, TreeRow } from "../../../ipc/types";
import { m } from "../../../messages/en";
import { useDebounced } from "../../../logic/debounce";
import { indexOfKey } from "./flatten";
import { treeKey, typeAhead } from "./keyboard";
import styles from "./Tree.module.css";
import { TreeItem } from "./TreeItem";
import { useTree } from "./useTree";

interface TreePaneProps {
  connection: number;
  selected: ScopeRef | null;
  onSelect: (row: TreeRow, options: { byKey: boolean }) => void;
  filterRef: RefObject<HTMLInputElement | null>;
}

const TYPE_AHEAD_PAUSE = 700;
const COUNT_WIDTH = 12;
/** Rows in sight are asked for so often at most, in milliseconds. */
const WANT_PACE = 100;

/** The tree of instance, groups and projects, with a filter that keeps ancestors. */
export function TreePane({ connection, selected, onSelect, filterRef }: TreePaneProps) {
  const [typed, setTyped] = useState("");
  const filter = useDebounced(typed.trim(), 120);
  const selectedKey = selected ? scopeKey(selected) : null;
  const tree = useTree(connection, filter, selectedKey);
  const { lines, expand, collapse, want } = tree;
  const height = rowHeights[usePreference("density")].tree;
  const scroller = useRef<HTMLDivElement>(null);
  const treeId = useId();

  const [active, setActive] = useState<{ key: string | null; of: string | null }>({ key: null, of: null });
  const activeKey = active.of === selectedKey && active.key !== null ? active.key : selectedKey;
  const at = Math.max(0, indexOfKey(lines, activeKey));
  const come = lines[at];
  const selectCome = useEffectEvent((row: TreeRow) => onSelect(row, { byKey: true }));
  useEffect(() => {
    // Gone to before it was there.
    if (active.of === selectedKey && active.key?.includes("/") && come?.kind === "row") selectCome(come.row);
  }, [active, selectedKey, come]);

  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  const shown = rows.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  // Not for every row that flies past: each answer makes the lines anew.
  const wantedAt = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, wantedAt.current + WANT_PACE - performance.now());
    const timer = setTimeout(() => {
      wantedAt.current = performance.now();
      want(lines.slice(first, last + 1));
    }, wait);
    return () => clearTimeout(timer);
  }, [want, lines, first, last]);
  useEffect(() => {
    rows.measure();
  }, [rows, height]);
  useReveal(connection, selected, tree, filter !== "", (index) =>
    rows.scrollToIndex(index, { align: "auto" }),
  );

  function moveTo(index: number) {
    const line = lines[index];
    if (!line) return;
    setActive({ key: line.key, of: selectedKey });
    rows.scrollToIndex(index, { align: "auto" });
    if (line.kind === "row") onSelect(line.row, { byKey: true });
  }

  // Asked anew, since Enter may come before what is shown belongs to what was typed.
  const client = useQueryClient();
  async function goToFirstMatch() {
    const query = typed.trim();
    if (query === "") return;
    try {
      const found = await client.query(queries.treeSearch(connection, query));
      const row = found.rows.find((each) => each.matches);
      if (!row) return;
      setActive({ key: scopeKey(row.scope), of: selectedKey });
      onSelect(row, { byKey: true });
    } catch {
      // The tree itself shows what went wrong with this search.
    }
  }

  const typedAhead = useRef({ text: "", at: 0 });
  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      filterRef.current?.focus();
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
    const act = treeKey(event.key, lines, at, page);
    if (act) {
      event.preventDefault();
      if (act.kind === "move") moveTo(act.to);
      else if (act.kind === "expand") expand(act.keys);
      else collapse(act.key);
      return;
    }
    if (event.key.length !== 1 || event.key === " " || event.key === "?") return;
    const ahead = typedAhead.current;
    const text = event.timeStamp - ahead.at < TYPE_AHEAD_PAUSE ? ahead.text + event.key : event.key;
    typedAhead.current = { text, at: event.timeStamp };
    const index = typeAhead(lines, at, text);
    event.preventDefault();
    event.stopPropagation();
    if (index !== null) moveTo(index);
  }

  const indexOfActive = shown.some((row) => row.index === at) ? `${treeId}-${String(at)}` : undefined;
  return (
    <section className={styles.pane} aria-label={m.shell.panes.tree} data-pane="tree">
      <div className={styles.tools}>
        <SearchField
          ref={filterRef}
          label={m.tree.filter}
          placeholder={m.tree.filter}
          value={typed}
          onChange={setTyped}
          keys={["/"]}
          data-testid="tree-filter"
          onKeyDown={(event) => {
            if (event.key !== "ArrowDown" && event.key !== "Enter") return;
            event.preventDefault();
            scroller.current?.focus();
            void goToFirstMatch();
          }}
        />
      </div>
      <div className={styles.head} aria-hidden="true">
        <span>
          {tree.matches === null ? m.tree.scope : m.tree.matches(matchesShown(lines), tree.matches)}
        </span>
        <span className={styles.headProjects}>{m.tree.projects}</span>
        <span className={styles.headCustom}>{m.tree.custom}</span>
      </div>
      <div
        ref={scroller}
        role="tree"
        aria-label={m.tree.label}
        aria-activedescendant={indexOfActive}
        aria-busy={tree.loading}
        tabIndex={0}
        className={styles.tree}
        data-pane-focus=""
        onKeyDown={onKeyDown}
      >
        <div role="presentation" className={styles.canvas} style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const line = lines[index];
            if (!line) return null;
            const id = `${treeId}-${String(index)}`;
            return line.kind === "row" ? (
              <TreeItem
                key={line.key}
                id={id}
                line={line}
                top={start}
                height={height}
                selected={line.key === selectedKey}
                active={index === at}
                onSelect={() => {
                  setActive({ key: line.key, of: scopeKey(line.row.scope) });
                  onSelect(line.row, { byKey: false });
                }}
                onToggle={() => (line.expanded ? collapse(line.key) : expand([line.key]))}
              />
            ) : (
              <PendingItem key={line.key} id={id} line={line} top={start} height={height} />
            );
          })}
        </div>
      </div>
      {tree.error && <Failed error={tree.error} onRetry={tree.retry} />}
      {lines.length === 0 && !tree.error && (
        <NoLines filter={filter} loading={tree.loading} onClear={() => setTyped("")} />
      )}
      <div className={styles.legend} aria-hidden="true">
        <span>
          <StateGlyph of="sets_default" /> {m.tree.legendDefaults}
        </span>
        <span>
          <StateGlyph of="custom" size={10} /> {m.tree.legendCustom}
        </span>
      </div>
    </section>
  );
}

function matchesShown(lines: ReturnType<typeof useTree>["lines"]): number {
  return lines.filter((line) => line.kind === "row" && line.row.matches).length;
}

interface PendingItemProps {
  id: string;
  line: { depth: number; position: number; siblings: number };
  top: number;
  height: number;
}

function PendingItem({ id, line, top, height }: PendingItemProps) {
  return (
    <div
      id={id}
      role="treeitem"
      aria-label={m.tree.loadingRow}
      aria-level={line.depth + 1}
      aria-setsize={line.siblings}
      aria-posinset={line.position}
      aria-selected={false}
      className={styles.row}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      {Array.from({ length: line.depth + 1 }, (_, guide) => (
        <span key={guide} className={styles.guide} />
      ))}
      <span className={styles.skeleton} style={{ width: 60 + (line.position % 5) * COUNT_WIDTH }} />
    </div>
  );
}

function NoLines({ filter, loading, onClear }: { filter: string; loading: boolean; onClear: () => void }) {
  if (loading) return <LoadingRows />;
  if (filter === "") return <Empty title={m.tree.empty} note={m.tree.emptyNext} />;
  return (
    <Empty
      title={m.tree.noMatches(filter)}
      note={m.tree.noMatchesNext}
      act={
        <Button small onClick={onClear}>
          {m.tree.clearFilter}
        </Button>
      }
    />
  );
}

/** Opens the way to a scope that was chosen elsewhere, and scrolls to it once. */
function useReveal(
  connection: number,
  selected: ScopeRef | null,
  { lines, expand, want }: ReturnType<typeof useTree>,
  filtered: boolean,
  scrollTo: (index: number) => void,
) {
  const key = selected ? scopeKey(selected) : null;
  const revealed = useRef<string | null>(null);
  const needsPath = key !== null && !filtered;
  const path = useQuery({
    ...queries.treePath(connection, selected ?? { level: "instance", id: "0" }),
    enabled: needsPath,
  });
  const reveal = useEffectEvent(() => {
    if (!needsPath || revealed.current === key || !path.data) return;
    const index = lines.findIndex((line) => line.key === key);
    if (index >= 0) {
      revealed.current = key;
      scrollTo(index);
      return;
    }
    expand(path.data.slice(0, -1).map((row) => scopeKey(row.scope)));
    const parent = path.data.at(-2);
    const next = lines.find(
      (line) => line.kind === "pending" && parent && line.parentKey === scopeKey(parent.scope),
    );
    if (next) want([next]);
  });
  useEffect(() => {
    reveal();
  }, [lines, path.data, key, needsPath]);
}
