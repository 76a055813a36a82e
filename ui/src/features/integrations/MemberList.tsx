import { useQuery } from "@tanstack/react-query";
import { CornerLeftUp, Grid3x3 } from "lucide-react";
import { Button } from "../../components/Button";
import { cx } from "../../components/cx";
import { Failed } from "../../components/Empty";
import { LevelIcon } from "../../components/icons";
import { PagedList } from "../../components/PagedList";
import { PathText } from "../../components/PathText";
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
      <PagedList
        label={m.kinds.membersOf(total, value)}
        sections={[
          { key: "all", head: null, total, page: (page) => queries.members(connection, query, page) },
        ]}
        pageSize={MEMBER_PAGE}
        rowHeight={ROW}
        row={(member) => <MemberCells member={member} />}
        rowClassName={styles.row}
        rowTestId={(member) => `member-${member.scope.path}`}
        onOpen={(member) => onOpen(member.scope.scope)}
        className={styles.list}
        style={{ height: Math.min(total, MOST_IN_SIGHT) * ROW }}
        data-testid="members"
      />
    </>
  );
}

function MemberCells({ member }: { member: Member }) {
  const beside = member.beside ? readShown(member.beside) : null;
  return (
    <>
      <LevelIcon level={member.scope.scope.level} />
      <PathText path={member.scope.path} />
      <span className={cx(styles.beside, beside?.literal && styles.literal)} title={beside?.text}>
        {beside?.text}
      </span>
      <span className={styles.when}>{member.updated_at && m.format.date(member.updated_at)}</span>
      <span className={styles.differ}>
        {member.differing === null ? "–" : m.format.number(member.differing)}
      </span>
    </>
  );
}
