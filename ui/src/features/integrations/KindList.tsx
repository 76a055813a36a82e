import { ChevronDown, ChevronRight } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { cx } from "../../components/cx";
import { Empty } from "../../components/Empty";
import { CategoryTile } from "../../components/icons";
import { SearchField } from "../../components/SearchField";
import { StateBar } from "../../components/StateBar";
import { StateGlyph } from "../../components/StateGlyph";
import type { KindCounts } from "../../ipc/types";
import { byUse } from "../../logic/kinds";
import { listMove } from "../../logic/listKeys";
import { countOf } from "../../logic/states";
import { m } from "../../messages/en";
import styles from "./KindList.module.css";

interface KindListProps {
  kinds: KindCounts[];
  scopes: number;
  slug: string | null;
  onOpen: (slug: string, byKey: boolean) => void;
  listRef: RefObject<HTMLDivElement | null>;
  filterRef: RefObject<HTMLInputElement | null>;
}

/** Every kind with its figures; those nobody uses are folded away. */
export function KindList({ kinds, scopes, slug, onOpen, listRef, filterRef }: KindListProps) {
  const [filter, setFilter] = useState("");
  const [unfolded, setUnfolded] = useState(false);
  const id = useId();
  const wanted = filter.trim().toLocaleLowerCase();
  const found = kinds
    .filter(
      ({ title, slug: name }) =>
        wanted === "" || title.toLocaleLowerCase().includes(wanted) || name.includes(wanted),
    )
    .toSorted(byUse);
  const used = found.filter((kind) => kind.in_use || kind.slug === slug || wanted !== "");
  const rest = found.filter((kind) => !used.includes(kind));
  const items = [...used, ...(unfolded ? rest : [])];
  const at = items.findIndex((kind) => kind.slug === slug);
  const current = useRef<HTMLElement>(null);
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest" });
  }, [slug]);

  function onKeyDown(event: KeyboardEvent) {
    const to = listMove(event, at, items.length);
    const next = to !== null && items[to];
    if (!next) return;
    event.preventDefault();
    onOpen(next.slug, true);
  }

  return (
    <>
      <div className={styles.tools}>
        <SearchField
          ref={filterRef}
          label={m.kinds.filter(kinds.length)}
          placeholder={m.kinds.filter(kinds.length)}
          value={filter}
          onChange={setFilter}
          keys={["/"]}
          className={styles.filter}
          data-testid="kind-filter"
          onKeyDown={(event) => {
            if (event.key !== "ArrowDown" && event.key !== "Enter") return;
            event.preventDefault();
            const first = items[0];
            if (first) onOpen(first.slug, true);
            listRef.current?.focus();
          }}
        />
      </div>
      <div className={styles.head} aria-hidden="true">
        <span>{m.kinds.integration}</span>
        <span>{m.tree.custom}</span>
      </div>
      <div className={styles.scroll}>
        <div
          ref={listRef}
          role="listbox"
          aria-label={m.kinds.list}
          aria-activedescendant={at >= 0 ? `${id}-${slug ?? ""}` : undefined}
          tabIndex={0}
          className={styles.list}
          data-pane-focus=""
          onKeyDown={onKeyDown}
        >
          {items.map((kind) => {
            const custom = countOf(kind.counts, "custom");
            const selected = kind.slug === slug;
            return (
              <div
                key={kind.slug}
                ref={(element) => {
                  if (selected) current.current = element;
                }}
                id={`${id}-${kind.slug}`}
                role="option"
                aria-selected={selected}
                className={cx(styles.row, selected && styles.selected)}
                onClick={() => onOpen(kind.slug, false)}
                data-testid={`kind-${kind.slug}`}
              >
                <CategoryTile category={kind.category} />
                <span className={styles.text}>
                  <span className={styles.title} title={kind.title}>
                    {kind.title}
                  </span>
                  <StateBar counts={kind.counts} of={scopes} height={4} />
                </span>
                <span className={cx(styles.custom, custom === 0 && styles.zero)}>
                  {custom > 0 && <StateGlyph of="custom" size={9} />}
                  {m.format.number(custom)}
                  <span className="sr-only">{m.kinds.optionRest(kind)}</span>
                </span>
              </div>
            );
          })}
        </div>
        {items.length === 0 && <Empty title={m.integrations.noneMatch(filter)} />}
        {rest.length > 0 && (
          <button
            type="button"
            className={styles.more}
            aria-expanded={unfolded}
            onClick={() => setUnfolded(!unfolded)}
          >
            {unfolded ? (
              <ChevronDown size={14} strokeWidth={2} />
            ) : (
              <ChevronRight size={14} strokeWidth={2} />
            )}
            {unfolded ? m.integrations.fewerUnused : m.kinds.more(rest.length)}
          </button>
        )}
      </div>
    </>
  );
}
