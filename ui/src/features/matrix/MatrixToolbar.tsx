import { Cable, Shapes, SlidersHorizontal } from "lucide-react";
import { useEffect, useEffectEvent, useState, type RefObject } from "react";
import { wholeMatrix, type MatrixShown } from "../../app/navigation";
import { Choice, ChoiceAct, ChoiceLine, ChoiceMenu, OneOf } from "../../components/ChoiceMenu";
import { FilterChip } from "../../components/FilterChip";
import { ScopePicker } from "../../components/ScopePicker";
import { SearchField } from "../../components/SearchField";
import { StateGlyph } from "../../components/StateGlyph";
import type { KindCounts, MatrixHead } from "../../ipc/types";
import { useDebounced } from "../../logic/debounce";
import { allStates, countOf } from "../../logic/states";
import { m } from "../../messages/en";
import toolbar from "../../components/Toolbar.module.css";
import styles from "./Toolbar.module.css";

interface MatrixToolbarProps {
  connection: number;
  shown: MatrixShown;
  head: MatrixHead | undefined;
  /** Only some of the scopes are shown. */
  filtered: boolean;
  kinds: KindCounts[];
  columns: readonly KindCounts[];
  filterRef: RefObject<HTMLInputElement | null>;
  onChange: (change: Partial<MatrixShown>) => void;
  onLeaveFilter: () => void;
}

/** What the matrix is about, and which of its rows and columns are shown. */
export function MatrixToolbar(props: MatrixToolbarProps) {
  const { connection, shown, head, filtered, kinds, columns, onChange } = props;
  const t = m.matrix;
  const chosen = new Set(columns.map(({ slug }) => slug));
  const choose = (slug: string, on: boolean) =>
    onChange({
      kinds: kinds.map((kind) => kind.slug).filter((each) => (each === slug ? on : chosen.has(each))),
    });
  return (
    <div className={toolbar.bar} data-pane="matrix-tools">
      <ScopePicker
        connection={connection}
        value={shown.root}
        onChange={(root) => onChange({ root, folded: [] })}
      />
      {head && (
        // As wide as the longer of the two, so that a filter moves nothing.
        <span className={styles.counted}>
          <span className={toolbar.meta} aria-hidden="true">
            {t.below(head.projects, head.groups)}
          </span>
          <span className={toolbar.meta} role="status">
            {filtered ? t.found(head.rows, head.projects + head.groups) : t.below(head.projects, head.groups)}
          </span>
        </span>
      )}
      <span className={toolbar.line} />
      <ChoiceMenu
        icon={<Cable size={14} strokeWidth={2} aria-hidden="true" />}
        label={t.integrations}
        value={t.of(columns.length, kinds.length)}
        data-testid="matrix-kinds"
      >
        <ChoiceAct onClick={() => onChange({ kinds: null })}>{t.kindsInUse}</ChoiceAct>
        <ChoiceAct onClick={() => onChange({ kinds: kinds.map(({ slug }) => slug) })}>{t.kindsAll}</ChoiceAct>
        <ChoiceLine />
        {kinds.map((kind) => (
          <Choice
            key={kind.slug}
            checked={chosen.has(kind.slug)}
            onChange={(on) => choose(kind.slug, on)}
            {...customNote(kind)}
          >
            {kind.title}
          </Choice>
        ))}
      </ChoiceMenu>
      <ChoiceMenu
        icon={
          shown.states[0] ? (
            <StateGlyph of={shown.states[0]} />
          ) : (
            <Shapes size={14} strokeWidth={2} aria-hidden="true" />
          )
        }
        label={t.state}
        value={shown.states.length === 0 ? t.anyState : t.someStates(shown.states)}
        data-testid="matrix-states"
      >
        {allStates.map((state) => (
          <Choice
            key={state}
            checked={shown.states.includes(state)}
            onChange={(on) =>
              onChange({
                states: allStates.filter((each) => (each === state ? on : shown.states.includes(each))),
              })
            }
          >
            <StateGlyph of={state} /> {m.states[state]}
          </Choice>
        ))}
        <ChoiceLine />
        <ChoiceAct onClick={() => onChange({ states: [] })}>{t.anyStateAct}</ChoiceAct>
      </ChoiceMenu>
      <ChoiceMenu
        icon={<SlidersHorizontal size={14} strokeWidth={2} aria-hidden="true" />}
        label={t.more}
        data-testid="matrix-more"
      >
        <OneOf
          heading={t.level}
          value={shown.level ?? "any"}
          options={t.levels}
          onChange={(level) => onChange({ level: level === "any" ? null : level })}
        />
        <ChoiceLine />
        <OneOf
          heading={t.visibility}
          value={shown.visibility ?? "any"}
          options={t.visibilities}
          onChange={(visibility) => onChange({ visibility: visibility === "any" ? null : visibility })}
        />
        <ChoiceLine />
        <Choice checked={shown.archived} onChange={(archived) => onChange({ archived })}>
          {t.archived}
        </Choice>
      </ChoiceMenu>
      <Chips {...props} />
      <span className={toolbar.space} />
      <TextFilter
        label={t.valueFilter}
        value={shown.value}
        onChange={(value) => onChange({ value })}
        testid="matrix-value"
      />
      <TextFilter
        label={t.filter}
        value={shown.text}
        onChange={(text) => onChange({ text })}
        inputRef={props.filterRef}
        onLeave={props.onLeaveFilter}
        keys={["/"]}
        testid="matrix-filter"
      />
    </div>
  );
}

const customNote = ({ counts }: KindCounts) => {
  const custom = countOf(counts, "custom");
  return custom > 0 ? { note: m.matrix.customCount(custom) } : {};
};

function Chips({ shown, onChange }: MatrixToolbarProps) {
  const t = m.matrix;
  const { level, visibility, states } = shown;
  return (
    <>
      {states.length > 1 && (
        <FilterChip label={t.chips.states(states)} onClear={() => onChange({ states: [] })} />
      )}
      {level && <FilterChip label={t.chips.level(level)} onClear={() => onChange({ level: null })} />}
      {visibility && (
        <FilterChip label={t.chips.visibility(visibility)} onClear={() => onChange({ visibility: null })} />
      )}
      {shown.archived && (
        <FilterChip label={t.chips.archived} onClear={() => onChange({ archived: wholeMatrix.archived })} />
      )}
    </>
  );
}

interface TextFilterProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  inputRef?: RefObject<HTMLInputElement | null>;
  onLeave?: () => void;
  keys?: string[];
  testid: string;
}

/** Follows what is typed once it rests; and what is set from elsewhere at once. */
function TextFilter({ label, value, onChange, inputRef, onLeave, keys, testid }: TextFilterProps) {
  const [typed, setTyped] = useState(value);
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    if (value !== typed.trim()) setTyped(value);
  }
  const rested = useDebounced(typed.trim(), 150);
  const follow = useEffectEvent((text: string) => {
    if (text !== value) onChange(text);
  });
  useEffect(() => follow(rested), [rested]);
  return (
    <SearchField
      ref={inputRef}
      label={label}
      placeholder={label}
      value={typed}
      onChange={setTyped}
      className={styles.filter}
      {...(keys ? { keys } : {})}
      data-testid={testid}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown" && event.key !== "Enter") return;
        event.preventDefault();
        onLeave?.();
      }}
    />
  );
}
