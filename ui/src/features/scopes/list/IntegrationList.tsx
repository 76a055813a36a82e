import { ChevronDown, ChevronRight } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { currentPreferences } from "../../../ipc/preferences";
import { CategoryTile } from "../../../components/icons";
import { cx } from "../../../components/cx";
import { StateChip } from "../../../components/StateChip";
import { StateGlyph } from "../../../components/StateGlyph";
import type { IntegrationItem, Level, ScopeName } from "../../../ipc/types";
import { m } from "../../../messages/en";
import { listMove } from "../../../logic/listKeys";
import { useNow } from "../../../logic/time";
import { countFolded, type Groups } from "./groups";
import styles from "./ListPane.module.css";
import { WhyPopover } from "./WhyPopover";

interface IntegrationListProps {
  groups: Groups;
  level: Level;
  slug: string | null;
  onOpen: (slug: string, options: { byKey: boolean }) => void;
  onEnter: () => void;
  onOpenDefault: (source: ScopeName, slug: string) => void;
  onReadAgain: (() => void) | null;
  listRef: RefObject<HTMLDivElement | null>;
}

/** The rows, as one listbox; a row's chip opens with `I`. */
export function IntegrationList(props: IntegrationListProps) {
  const { groups, level, slug, onOpen, onEnter, listRef } = props;
  const [unfolded, setUnfolded] = useState(false);
  const [why, setWhy] = useState<string | null>(null);
  const id = useId();
  const now = useNow();
  const items = [...groups.custom, ...groups.inherited, ...groups.unused, ...(unfolded ? groups.folded : [])];
  const at = items.findIndex((item) => item.slug === slug);

  const current = useRef<HTMLElement>(null);
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest" });
  }, [slug]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = listMove(event, at, items.length);
    const item = items[at];
    if (to !== null) {
      const next = items[to];
      if (next) onOpen(next.slug, { byKey: true });
    } else if (event.key === "Enter" && item) onEnter();
    else if (event.key.toUpperCase() === "I" && item && currentPreferences().singleLetters) setWhy(item.slug);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const row = (item: IntegrationItem) => {
    const reason = m.integrations.reason(item, level, now);
    const selected = item.slug === slug;
    return (
      <div
        key={item.slug}
        ref={(element) => {
          if (selected) current.current = element;
        }}
        id={`${id}-${item.slug}`}
        role="option"
        aria-selected={selected}
        data-testid={`integration-${item.slug}`}
        data-state={item.state}
        className={cx(styles.row, selected && styles.selected)}
        onClick={() => onOpen(item.slug, { byKey: false })}
      >
        <CategoryTile category={item.category} />
        <span className={styles.text}>
          <span className={styles.name}>{item.title}</span>
          <span className={styles.reason} title={reason}>
            {reason}
          </span>
        </span>
        {item.draft && (
          <span title={m.integrations.draft} role="img" aria-label={m.integrations.draft}>
            <StateGlyph of="pending" size={13} />
          </span>
        )}
        <WhyPopover
          item={item}
          level={level}
          open={why === item.slug}
          onOpenChange={(open) => setWhy(open ? item.slug : null)}
          onOpenDefault={(source) => {
            setWhy(null);
            props.onOpenDefault(source, item.slug);
          }}
          onReadAgain={props.onReadAgain}
          notAButton
          trigger={<ChipInRow item={item} />}
        />
      </div>
    );
  };

  const group = (name: "custom" | "inherited" | "unused", count: number, children: React.ReactNode) =>
    count > 0 && (
      <div role="group" aria-label={`${m.integrations.groups[name]} ${m.format.number(count)}`}>
        <div className={styles.groupHead} aria-hidden="true">
          <StateGlyph of={name === "unused" ? "off" : name} />
          {m.integrations.groups[name]} {m.format.number(count)}
        </div>
        {children}
      </div>
    );

  return (
    <div className={styles.scroll}>
      <div
        ref={listRef}
        role="listbox"
        aria-label={m.integrations.label}
        aria-activedescendant={at >= 0 ? `${id}-${slug ?? ""}` : undefined}
        tabIndex={0}
        className={styles.list}
        data-pane-focus=""
        onKeyDown={onKeyDown}
      >
        {group("custom", groups.custom.length, groups.custom.map(row))}
        {group("inherited", groups.inherited.length, groups.inherited.map(row))}
        {group(
          "unused",
          groups.unused.length + groups.folded.length,
          [...groups.unused, ...(unfolded ? groups.folded : [])].map(row),
        )}
      </div>
      {groups.folded.length > 0 && (
        <button
          type="button"
          className={styles.more}
          aria-expanded={unfolded}
          onClick={() => setUnfolded(!unfolded)}
          data-testid="list-more"
        >
          {unfolded ? <ChevronDown size={14} strokeWidth={2} /> : <ChevronRight size={14} strokeWidth={2} />}
          {unfolded ? m.integrations.fewerUnused : m.integrations.moreUnused(countFolded(groups.folded))}
        </button>
      )}
    </div>
  );
}

/**
 * The chip of a row. Not a button for assistive technology: an option can't hold one, and `I` on
 * the row opens the same.
 */
function ChipInRow({ item, ...trigger }: { item: IntegrationItem } & React.ComponentProps<"span">) {
  return (
    <span
      {...trigger}
      role="presentation"
      tabIndex={undefined}
      aria-expanded={undefined}
      aria-haspopup={undefined}
      className={styles.chip}
      onClick={(event) => {
        event.stopPropagation();
        trigger.onClick?.(event);
      }}
    >
      <StateChip state={item.state} setsDefault={item.sets_default} />
    </span>
  );
}
