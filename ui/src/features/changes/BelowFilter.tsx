import { useId } from "react";
import { Segments } from "../../components/Segments";
import type { Level, ScopeFilter, State, Visibility } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Bulk.module.css";

/** States that scopes are narrowed by, as they are offered. */
export type States = "any" | "custom" | "differs" | "disabled";

/** What narrows the scopes below one, as it was typed and chosen. */
export interface Narrowed {
  state: States;
  level: Level | "any";
  visibility: Visibility | "any";
  text: string;
  value: string;
  archived: boolean;
}

export const notNarrowed: Narrowed = {
  state: "any",
  level: "any",
  visibility: "any",
  text: "",
  value: "",
  archived: false,
};

const t = m.changes.bulk;
const states: Record<States, State[]> = {
  any: [],
  custom: ["custom"],
  differs: ["inherited_differs"],
  disabled: ["disabled"],
};

/** What is asked of the app. */
export const filterOf = ({ state, level, visibility, ...rest }: Narrowed): ScopeFilter => ({
  ...rest,
  states: states[state],
  level: level === "any" ? null : level,
  visibility: visibility === "any" ? null : visibility,
});

interface BelowFilterProps {
  value: Narrowed;
  onChange: (value: Narrowed) => void;
}

/** Of everything below a scope, which. */
export function BelowFilter({ value, onChange }: BelowFilterProps) {
  const id = useId();
  const change = (part: Partial<Narrowed>) => onChange({ ...value, ...part });
  return (
    <>
      <div className={styles.field}>
        <span>{t.which}</span>
        <Segments<States>
          label={t.which}
          value={value.state}
          options={(["any", "custom", "differs", "disabled"] as const).map((each) => ({
            value: each,
            label: t.filterStates[each],
          }))}
          onChange={(state) => change({ state })}
        />
      </div>
      <div className={styles.field}>
        <span>{t.level}</span>
        <Segments<Level | "any">
          label={t.level}
          value={value.level}
          options={(["any", "project", "group"] as const).map((each) => ({
            value: each,
            label: t.levels[each],
          }))}
          onChange={(level) => change({ level })}
        />
      </div>
      <div className={styles.field}>
        <span>{t.visibility}</span>
        <Segments<Visibility | "any">
          label={t.visibility}
          value={value.visibility}
          options={m.matrix.visibilities.map(([each, label]) => ({ value: each, label }))}
          onChange={(visibility) => change({ visibility })}
        />
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}-text`}>{t.name}</label>
        <input
          id={`${id}-text`}
          type="text"
          spellCheck={false}
          value={value.text}
          onChange={(event) => change({ text: event.target.value })}
          data-testid="below-text"
        />
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}-value`}>{t.value}</label>
        <input
          id={`${id}-value`}
          type="text"
          spellCheck={false}
          value={value.value}
          onChange={(event) => change({ value: event.target.value })}
        />
      </div>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={value.archived}
          onChange={(event) => change({ archived: event.target.checked })}
        />
        {t.archived}
      </label>
    </>
  );
}
