import { ChevronDown, ChevronRight, EqualNot, KeyRound } from "lucide-react";
import { Fragment, useEffect, useRef, useState, type KeyboardEvent } from "react";
import { cx } from "../../../components/cx";
import { currentPreferences } from "../../../ipc/preferences";
import type { Comparison, CompareRow, ScopeName, SectionKind } from "../../../ipc/types";
import { m } from "../../../messages/en";
import { readShown } from "../../../logic/shown";
import { placeName } from "../../../logic/source";
import { useNow } from "../../../logic/time";
import styles from "./Compare.module.css";
import { nextDifference, shownSections, type ShownSection } from "./sections";
import { Value } from "./Value";

interface CompareTableProps {
  comparison: Comparison;
  onOpenDefault: (source: ScopeName) => void;
}

/** Default and own settings, field by field; equal ones folded by section. */
export function CompareTable({ comparison, onOpenDefault }: CompareTableProps) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<SectionKind>>(new Set<SectionKind>());
  const [at, setAt] = useState(0);
  const body = useRef<HTMLTableElement>(null);
  const sections = shownSections(comparison.sections, unfolded);
  const rows = sections.flatMap((section) => section.rows);
  const moved = useRef(false);

  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    body.current?.querySelectorAll<HTMLElement>("tr[data-row]")[at]?.focus();
  }, [at]);

  const toggle = (kind: SectionKind) => {
    const next = new Set(unfolded);
    if (!next.delete(kind)) next.add(kind);
    setUnfolded(next);
  };

  function onKeyDown(event: KeyboardEvent) {
    const row = rows[at];
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c") {
      if (row && String(window.getSelection()) === "")
        void navigator.clipboard.writeText(readShown(row.own).text);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const letters = currentPreferences().singleLetters;
    const moves: Record<string, number | null> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
      ...(letters && { n: nextDifference(rows, at, 1), p: nextDifference(rows, at, -1) }),
    };
    const to = moves[event.key];
    if (to !== undefined) {
      if (to !== null) {
        moved.current = true;
        setAt(Math.max(0, Math.min(rows.length - 1, to)));
      }
    } else if (letters && event.key === "f") {
      const all = comparison.sections.map((section) => section.kind);
      setUnfolded(unfolded.size > 0 ? new Set() : new Set(all));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <table
      ref={body}
      className={styles.table}
      aria-label={m.compare.tableLabel(comparison.item.title)}
      onKeyDown={onKeyDown}
    >
      <colgroup>
        <col style={{ width: 26 }} />
        <col style={{ width: "25%", minWidth: 172 }} />
        <col />
        <col />
      </colgroup>
      <Head comparison={comparison} onOpenDefault={onOpenDefault} />
      {sections.map((section) => (
        <tbody key={section.kind}>
          <tr className={styles.section}>
            <th scope="rowgroup" colSpan={4}>
              {section.title || m.compare.sections[section.kind]}
              <span className={styles.count}>
                {section.differs > 0
                  ? m.compare.differ(section.differs)
                  : section.rows.length === 0
                    ? m.compare.allEqual
                    : null}
              </span>
            </th>
          </tr>
          {section.rows.map((row) => {
            const own = rows.indexOf(row);
            return (
              <Row
                key={row.name}
                row={row}
                assumed={comparison.item.inherited === true}
                tabbable={own === Math.min(at, rows.length - 1)}
                onFocus={() => setAt(own)}
              />
            );
          })}
          {section.equal.length > 0 && <FoldRow section={section} onToggle={() => toggle(section.kind)} />}
        </tbody>
      ))}
    </table>
  );
}

function Head({ comparison, onOpenDefault }: CompareTableProps) {
  const now = useNow();
  const { scope, default_from: source, default_read_at: read } = comparison;
  return (
    <thead>
      <tr>
        <th scope="col">
          <span className="sr-only">{m.compare.verdict}</span>
        </th>
        <th scope="col">
          {m.compare.setting}
          <span className={styles.under}>{m.compare.settingNote}</span>
        </th>
        <th scope="col">
          {m.compare.default}
          <span className={styles.under} title={read ? m.exact(read) : undefined}>
            {source === null && m.compare.noDefault}
            {source?.kind === "not_visible" && m.compare.sourceHidden(placeName(source.ancestor))}
            {source?.kind === "known" && (
              <Fragment>
                <button type="button" className="link" onClick={() => onOpenDefault(source.from)}>
                  <bdi>{placeName(source.from)}</bdi>
                </button>
                {source.inferred && m.compare.inferred}
                {read ? m.compare.defaultRead(read, now) : m.compare.defaultUnread}
              </Fragment>
            )}
          </span>
        </th>
        <th scope="col">
          {m.levels.this[scope.scope.level]}
          <span
            className={styles.under}
            title={comparison.own_read_at ? m.exact(comparison.own_read_at) : undefined}
          >
            {ownText(comparison, now)}
          </span>
        </th>
      </tr>
    </thead>
  );
}

function ownText({ item, own_read_at: read }: Comparison, now: number): string {
  const { own } = m.compare;
  switch (item.state) {
    case "custom":
      return item.inferred ? own.inferred : own.custom(item.updated_at);
    case "inherited":
    case "inherited_differs":
      return own.inherited(read, now);
    case "disabled":
      return own.disabled(item.updated_at);
    case "off":
    case "not_set":
    case "unavailable":
      return own.nothing;
    case "unknown":
      return own.unread;
  }
}

interface RowProps {
  row: CompareRow;
  assumed: boolean;
  tabbable: boolean;
  onFocus: () => void;
}

function Row({ row, assumed, tabbable, onFocus }: RowProps) {
  const differs = row.verdict === "differs";
  return (
    <tr
      data-row=""
      data-testid={`compare-row-${row.name}`}
      data-verdict={row.verdict}
      tabIndex={tabbable ? 0 : -1}
      onFocus={onFocus}
      className={cx(styles.row, differs && styles.differs)}
    >
      <td className={styles.sign} title={m.compare.verdicts[row.verdict]}>
        {differs && <EqualNot size={14} strokeWidth={2} aria-label={m.compare.verdicts.differs} role="img" />}
        {row.secret && <KeyRound size={14} strokeWidth={2} aria-label={m.compare.cannotCompare} role="img" />}
      </td>
      <th scope="row" title={row.name}>
        {row.title}
      </th>
      <td>
        <Value row={row} side="default" assumed={assumed} />
      </td>
      <td className={styles.own}>
        <Value row={row} side="own" assumed={assumed} />
      </td>
    </tr>
  );
}

function FoldRow({ section, onToggle }: { section: ShownSection; onToggle: () => void }) {
  const titles = section.equal.map((row) => row.title).join(", ");
  return (
    <tr className={styles.fold}>
      <td colSpan={4}>
        <button
          type="button"
          aria-expanded={!section.folded}
          onClick={onToggle}
          data-testid={`fold-${section.kind}`}
        >
          {section.folded ? (
            <ChevronRight size={14} strokeWidth={2} />
          ) : (
            <ChevronDown size={14} strokeWidth={2} />
          )}
          <span>{m.compare.equal(section.equal.length)}</span>
          <span className={styles.titles} title={titles}>
            {section.folded ? titles : m.compare.fold(true)}
          </span>
        </button>
      </td>
    </tr>
  );
}
