import { useId } from "react";
import { cx } from "../../components/cx";
import type { FieldValue, KindDefault, ValueGroup, ValueGroups } from "../../ipc/types";
import { markDifference } from "../../logic/diff";
import { isPlain, readShown } from "../../logic/shown";
import { placeName } from "../../logic/source";
import { m } from "../../messages/en";
import styles from "./GroupList.module.css";
import { defaultsWith, sameValue, shownOf } from "./values";

interface GroupListProps {
  groups: ValueGroups;
  defaults: KindDefault[];
  /** The default that is looked below. */
  below: KindDefault | null;
  field: string;
  chosen: FieldValue | null;
  onChoose: (value: FieldValue) => void;
}

/** Custom settings by the value of one field: what the strays have in common. */
export function GroupList({ groups, defaults, below, field, chosen, onChoose }: GroupListProps) {
  const name = useId();
  const most = Math.max(1, ...groups.groups.map(({ scopes }) => scopes));
  const rest = groups.values - groups.groups.length;
  return (
    <fieldset className={styles.list}>
      <legend className="sr-only">{m.kinds.valuesOf(field)}</legend>
      {groups.groups.map((group) => {
        const checked = chosen !== null && sameValue(chosen, group.value);
        return (
          <label
            key={JSON.stringify(group.value)}
            className={cx(styles.row, checked && styles.chosen)}
            data-testid="value-group"
          >
            <input type="radio" name={name} checked={checked} onChange={() => onChoose(group.value)} />
            <GroupValue group={group} below={below} />
            <span className={styles.track} aria-hidden="true">
              <span style={{ width: `max(2px, ${String((group.scopes / most) * 100)}%)` }} />
            </span>
            <span className={styles.number}>{m.format.number(group.scopes)}</span>
            <span className={styles.note}>{note(group, defaults, below, field)}</span>
          </label>
        );
      })}
      {rest > 0 && <p className={styles.rest}>{m.kinds.otherValues(rest)}</p>}
      {groups.unread > 0 && <p className={styles.rest}>{m.kinds.unread(groups.unread)}</p>}
    </fieldset>
  );
}

function GroupValue({ group, below }: { group: ValueGroup; below: KindDefault | null }) {
  const shown = shownOf(group.value, group.label);
  const { text, literal } = readShown(shown);
  const [theirs] = below?.values ?? [];
  const marked = literal && theirs && isPlain(theirs) ? markDifference(text, readShown(theirs).text) : null;
  return (
    <span
      className={cx(styles.value, literal && styles.literal, !isPlain(shown) && styles.word)}
      title={text}
    >
      {marked && marked.differs !== "" && marked.before + marked.after !== "" ? (
        <>
          {marked.before}
          <mark>{marked.differs}</mark>
          {marked.after}
        </>
      ) : (
        text
      )}
    </span>
  );
}

function note(group: ValueGroup, defaults: KindDefault[], below: KindDefault | null, field: string): string {
  if (below) {
    if (below.values[0]?.kind !== "value") return "";
    return defaultsWith(group.value, [below]).length > 0 ? m.kinds.asDefault(field) : m.kinds.notDefault;
  }
  const same = defaultsWith(group.value, defaults);
  return same.length === 0
    ? m.kinds.noDefaultHasIt
    : m.kinds.defaultOf(same.map(({ scope }) => placeName(scope)));
}
