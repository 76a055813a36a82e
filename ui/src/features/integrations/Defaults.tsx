import { ExternalLink } from "lucide-react";
import { IconButton } from "../../components/Button";
import { cx } from "../../components/cx";
import { Empty } from "../../components/Empty";
import { LevelIcon } from "../../components/icons";
import { StateBar } from "../../components/StateBar";
import { Tag } from "../../components/Tag";
import { StateGlyph } from "../../components/StateGlyph";
import { sameScope } from "../../ipc/scopes";
import type { KindDefault, KindField, ScopeRef } from "../../ipc/types";
import { isPlain, readShown } from "../../logic/shown";
import { m } from "../../messages/en";
import styles from "./Defaults.module.css";

interface DefaultsProps {
  defaults: KindDefault[];
  /** There may be some that could not be read. */
  hidden: boolean;
  field: KindField | null;
  chosen: ScopeRef | null;
  onChoose: (scope: ScopeRef | null) => void;
  onOpen: (scope: ScopeRef) => void;
}

/** Who sets a default, as a tree; and how many follow it or have their own. */
export function Defaults({ defaults, hidden, field, chosen, onChoose, onOpen }: DefaultsProps) {
  const setting = defaults.filter(({ sets_default: sets }) => sets).length;
  const most = Math.max(1, ...defaults.map((each) => each.inherit + each.custom));
  return (
    <>
      <div className={styles.head}>
        <h2>{m.kinds.defaults}</h2>
        <span>{m.kinds.defaultsNote(setting)}</span>
      </div>
      {defaults.length === 0 ? (
        <Empty
          title={hidden ? m.kinds.hiddenDefaults : m.kinds.noDefaults}
          note={hidden ? m.kinds.hiddenDefaultsNext : m.kinds.noDefaultsNext}
        />
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{m.tree.scope}</th>
              <th scope="col">{field?.title ?? ""}</th>
              <th scope="col" className={styles.number}>
                {m.kinds.inherit}
              </th>
              <th scope="col" className={styles.number}>
                {m.tree.custom}
              </th>
              <th scope="col" className={styles.share}>
                <span className="sr-only">{m.kinds.share}</span>
              </th>
              <th scope="col" className={styles.open}>
                <span className="sr-only">{m.matrix.openInScopes}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {defaults.map((each) => (
              <DefaultRow
                key={`${each.scope.scope.level}:${each.scope.scope.id}`}
                of={each}
                most={most}
                chosen={sameScope(chosen, each.scope.scope)}
                onChoose={() => onChoose(sameScope(chosen, each.scope.scope) ? null : each.scope.scope)}
                onOpen={() => onOpen(each.scope.scope)}
              />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

interface DefaultRowProps {
  of: KindDefault;
  most: number;
  chosen: boolean;
  onChoose: () => void;
  onOpen: () => void;
}

function DefaultRow({ of, most, chosen, onChoose, onOpen }: DefaultRowProps) {
  const { scope, sets_default: sets } = of;
  const name = scope.scope.level === "instance" ? m.compare.instance : scope.name;
  return (
    <tr
      className={cx(chosen && styles.chosen, !sets && styles.between)}
      data-testid={`default-${scope.path}`}
      onClick={onChoose}
    >
      <td>
        <span className={styles.name} style={{ paddingLeft: of.depth * 16 }}>
          <LevelIcon level={scope.scope.level} />
          <button
            type="button"
            aria-pressed={chosen}
            title={m.kinds.showBelow(scope.path)}
            onClick={(event) => {
              event.stopPropagation();
              onChoose();
            }}
          >
            <bdi>{name}</bdi>
          </button>
          {sets && scope.scope.level !== "instance" && (
            <StateGlyph of={of.active ? "sets_default" : "disabled"} />
          )}
          {of.inferred && <Tag>{m.kinds.inferred}</Tag>}
        </span>
      </td>
      <td className={styles.value}>{sets ? <DefaultValue of={of} /> : m.kinds.between}</td>
      <td className={styles.number}>
        {sets && m.format.number(of.inherit)}
        {of.differ > 0 && (
          <span className={styles.differ} title={m.kinds.differ(of.differ)}>
            <StateGlyph of="inherited_differs" size={11} />
            {m.format.number(of.differ)}
          </span>
        )}
      </td>
      <td className={cx(styles.number, styles.custom)}>
        {of.custom > 0 && (
          <>
            <StateGlyph of="custom" size={9} /> {m.format.number(of.custom)}
          </>
        )}
      </td>
      <td className={styles.share}>
        <StateBar
          counts={[
            { state: "inherited", n: of.inherit },
            { state: "custom", n: of.custom },
          ]}
          of={most}
          height={8}
          track={false}
        />
      </td>
      <td className={styles.open}>
        <IconButton
          label={m.kinds.openScope(scope.path)}
          onClick={(event) => {
            event.stopPropagation();
            onOpen();
          }}
        >
          <ExternalLink size={14} strokeWidth={2} />
        </IconButton>
      </td>
    </tr>
  );
}

function DefaultValue({ of: { values } }: { of: KindDefault }) {
  const [shown] = values;
  if (!shown) return null;
  const { text, literal } = readShown(shown);
  return (
    <span className={cx(literal && styles.literal, !isPlain(shown) && styles.word)} title={text}>
      {text}
    </span>
  );
}
