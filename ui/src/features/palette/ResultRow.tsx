import { CategoryTile, LevelIcon } from "../../components/icons";
import { Kbd } from "../../components/Kbd";
import { StateChip } from "../../components/StateChip";
import { Tag } from "../../components/Tag";
import { StateGlyph } from "../../components/StateGlyph";
import { readShown } from "../../logic/shown";
import { countOf } from "../../logic/states";
import { m } from "../../messages/en";
import styles from "./Palette.module.css";
import type { Result } from "./results";
import { Underlined } from "./Underlined";

interface ResultRowProps {
  result: Result;
  wanted: string;
  active: boolean;
  /** There are more values than were looked at. */
  more: boolean;
}

/** One line: what it is, where, its state or keys. */
export function ResultRow({ result, wanted, active, more }: ResultRowProps) {
  switch (result.kind) {
    case "value": {
      const { category, field_title, title, value, scopes } = result.value;
      const { text } = readShown({ kind: "value", value, label: null });
      return (
        <>
          <CategoryTile category={category} />
          <span className={styles.name} title={text}>
            {m.palette.valueIs(field_title)}
            <Underlined text={text} wanted={wanted} />
          </span>
          <span className={styles.meta}>{m.palette.valueOf(title, scopes, more)}</span>
          <Hint of={scopes === 1 ? "one" : "value"} active={active} />
        </>
      );
    }
    case "scope": {
      const { scope, state, archived } = result.found;
      const above = scope.path.split("/").slice(0, -1).join(" / ");
      return (
        <>
          <span className={styles.icon}>
            <LevelIcon level={scope.scope.level} />
          </span>
          <span className={styles.name} title={scope.path}>
            <Underlined text={scope.name} wanted={wanted} />
          </span>
          <span className={styles.meta}>
            <Underlined text={above} wanted={wanted} />
            {archived && <Tag>{m.palette.archived}</Tag>}
          </span>
          {state && <StateChip state={state} />}
          <Hint of="scope" active={active} />
        </>
      );
    }
    case "integration": {
      const custom = countOf(result.of.counts, "custom");
      return (
        <>
          <CategoryTile category={result.of.category} />
          <span className={styles.name}>
            <Underlined text={result.of.title} wanted={wanted} />
          </span>
          <span className={styles.meta}>
            {custom > 0 && <StateGlyph of="custom" size={9} />} {m.palette.custom(custom)}
          </span>
          <Hint of="integration" active={active} />
        </>
      );
    }
    case "action": {
      const { icon: Icon, id, keys, on } = result.command;
      return (
        <>
          <span className={styles.icon}>
            <Icon size={14} strokeWidth={2} aria-hidden="true" />
          </span>
          <span className={styles.name}>
            <Underlined text={m.commands[id]} wanted={wanted} />
          </span>
          <span className={styles.meta}>{on !== null && m.palette.on(on)}</span>
          {keys ? <Kbd keys={keys} /> : <Hint of="action" active={active} />}
        </>
      );
    }
  }
}

function Hint({ of, active }: { of: keyof typeof m.palette.openAs; active: boolean }) {
  if (!active) return null;
  return (
    <span className={styles.hint} aria-hidden="true">
      {m.palette.openAs[of]} <Kbd keys={["Enter"]} />
    </span>
  );
}
