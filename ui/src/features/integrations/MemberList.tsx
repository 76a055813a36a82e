import { useQueries, useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { CornerLeftUp, Grid3x3 } from "lucide-react";
import { useId, useRef, useState, type KeyboardEvent } from "react";
import { Button } from "../../components/Button";
import { cx } from "../../components/cx";
import { Failed } from "../../components/Empty";
import { LevelIcon } from "../../components/icons";
import { MEMBER_PAGE, queries } from "../../ipc/queries";
import type { KindField, Member, MemberQuery, ScopeRef } from "../../ipc/types";
import { readShown } from "../../logic/shown";
import { m } from "../../messages/en";
import styles from "./MemberList.module.css";
import { shownOf } from "./values";

interface MemberListProps {
  connection: number;
  query: MemberQuery;
  beside: KindField | null;
  onOpen: (scope: ScopeRef) => void;
  onShowInMatrix: (() => void) | null;
  /** Plans to send all of them back to their default; `null`: not offered. */
  onUseDefault: (() => void) | null;
  /** Such a plan is being made. */
  planning: boolean;
}

const ROW = 28;
const MOST_IN_SIGHT = 12;

/** The scopes with the chosen value, asked for by index a page at a time. */
export function MemberList({ connection, query, beside, onOpen, onShowInMatrix, ...acts }: MemberListProps) {
  const first = useQuery(queries.members(connection, query, 0));
  const total = first.data?.total ?? 0;
  const scroller = useRef<HTMLDivElement>(null);
  const [kept, setAt] = useState(0);
  const at = Math.min(kept, Math.max(0, total - 1));
  const id = useId();
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const shown = rows.getVirtualItems();
  const from = Math.floor((shown[0]?.index ?? 0) / MEMBER_PAGE);
  const to = Math.floor((shown.at(-1)?.index ?? 0) / MEMBER_PAGE);
  const pages = useQueries({
    queries: Array.from({ length: to - from + 1 }, (_, page) =>
      queries.members(connection, query, from + page),
    ),
    combine: (answers) => answers.map(({ data }) => data?.rows),
  });
  const memberAt = (index: number) => pages[Math.floor(index / MEMBER_PAGE) - from]?.[index % MEMBER_PAGE];

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW) - 1);
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: total - 1,
    };
    const next = moves[event.key];
    const member = memberAt(at);
    if (next !== undefined) {
      const index = Math.max(0, Math.min(total - 1, next));
      setAt(index);
      rows.scrollToIndex(index, { align: "auto" });
    } else if (event.key === "Enter" && member) onOpen(member.scope.scope);
    else return;
    event.preventDefault();
  }

  if (first.isError) return <Failed error={first.error} onRetry={() => void first.refetch()} />;
  const value = readShown(shownOf(query.value, null)).text;
  return (
    <>
      <div className={styles.head}>
        <span className={styles.what}>{m.kinds.membersOf(total, value)}</span>
        {onShowInMatrix && (
          <Button small icon={<Grid3x3 size={14} strokeWidth={2} />} onClick={onShowInMatrix}>
            {m.kinds.showInMatrix}
          </Button>
        )}
        {acts.onUseDefault && total > 0 && (
          <Button
            small
            icon={<CornerLeftUp size={14} strokeWidth={2} />}
            busy={acts.planning}
            onClick={acts.onUseDefault}
            data-testid="members-use-default"
          >
            {m.changes.bulk.useDefaultAll(total)}
          </Button>
        )}
        <span className={styles.beside}>{beside?.title}</span>
        <span className={styles.when}>{m.kinds.changed}</span>
        <span className={styles.differ}>{m.kinds.differing}</span>
      </div>
      <div
        ref={scroller}
        role="listbox"
        aria-label={m.kinds.membersOf(total, value)}
        aria-activedescendant={shown.some(({ index }) => index === at) ? `${id}-${String(at)}` : undefined}
        tabIndex={0}
        className={styles.list}
        style={{ height: Math.min(total, MOST_IN_SIGHT) * ROW }}
        onKeyDown={onKeyDown}
        data-testid="members"
      >
        <div role="presentation" style={{ height: rows.getTotalSize(), position: "relative" }}>
          {shown.map(({ index, start }) => (
            <MemberRow
              key={index}
              id={`${id}-${String(index)}`}
              member={memberAt(index)}
              index={index}
              total={total}
              top={start}
              active={index === at}
              onChoose={() => setAt(index)}
              onOpen={onOpen}
            />
          ))}
        </div>
      </div>
    </>
  );
}

interface MemberRowProps {
  id: string;
  member: Member | undefined;
  index: number;
  total: number;
  top: number;
  active: boolean;
  onChoose: () => void;
  onOpen: (scope: ScopeRef) => void;
}

function MemberRow({ id, member, index, total, top, active, onChoose, onOpen }: MemberRowProps) {
  const path = member?.scope.path ?? "";
  const cut = path.lastIndexOf("/") + 1;
  const beside = member?.beside ? readShown(member.beside) : null;
  return (
    <div
      id={id}
      role="option"
      aria-selected={active}
      aria-setsize={total}
      aria-posinset={index + 1}
      {...(member ? {} : { "aria-label": m.loading })}
      className={cx(styles.row, active && styles.active)}
      style={{ transform: `translateY(${String(top)}px)`, height: ROW }}
      onClick={onChoose}
      onDoubleClick={() => member && onOpen(member.scope.scope)}
      data-testid={member ? `member-${path}` : undefined}
    >
      {member && (
        <>
          <LevelIcon level={member.scope.scope.level} />
          <span className={styles.path} title={path}>
            <bdi className={styles.above}>{path.slice(0, cut)}</bdi>
            <bdi>{path.slice(cut)}</bdi>
          </span>
          <span className={cx(styles.beside, beside?.literal && styles.literal)} title={beside?.text}>
            {beside?.text}
          </span>
          <span className={styles.when}>{member.updated_at && m.format.date(member.updated_at)}</span>
          <span className={styles.differ}>
            {member.differing === null ? "–" : m.format.number(member.differing)}
          </span>
        </>
      )}
    </div>
  );
}
