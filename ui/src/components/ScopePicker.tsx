import { Popover as Base } from "@base-ui/react/popover";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useId, useState, type KeyboardEvent } from "react";
import { queries } from "../ipc/queries";
import { sameScope } from "../ipc/scopes";
import type { Level, ScopeRef } from "../ipc/types";
import { useDebounced } from "../logic/debounce";
import { listMove } from "../logic/listKeys";
import { m } from "../messages/en";
import trigger from "./ChoiceMenu.module.css";
import { cx } from "./cx";
import { LevelIcon } from "./icons";
import popover from "./Popover.module.css";
import styles from "./ScopePicker.module.css";
import { SearchField } from "./SearchField";

interface ScopePickerProps {
  connection: number;
  /** `null`: the whole instance. */
  value: ScopeRef | null;
  onChange: (scope: ScopeRef | null) => void;
}

interface Choice {
  scope: ScopeRef | null;
  label: string;
  level: Level;
}

/** Chooses what a view is about: the whole instance, or a group with what is below it. */
export function ScopePicker({ connection, value, onChange }: ScopePickerProps) {
  const [open, setOpen] = useState(false);
  const way = useQuery({
    ...queries.treePath(connection, value ?? { level: "instance", id: "0" }),
    enabled: value !== null,
  });
  const name = value === null ? m.scopePicker.whole : (way.data?.at(-1)?.path ?? "…");
  return (
    <Base.Root open={open} onOpenChange={setOpen}>
      <Base.Trigger className={trigger.trigger} data-testid="scope-picker">
        <LevelIcon level={value?.level ?? "instance"} open />
        <span className="sr-only">{m.scopePicker.label}</span>
        <bdi className={trigger.label} title={name}>
          {name}
        </bdi>
        <ChevronDown size={14} strokeWidth={2} aria-hidden="true" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="start" className={popover.positioner} collisionPadding={8}>
          <Base.Popup className={popover.popup} aria-label={m.scopePicker.label}>
            <Choices
              connection={connection}
              value={value}
              onChoose={(scope) => {
                setOpen(false);
                onChange(scope);
              }}
            />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Choices({
  connection,
  value,
  onChoose,
}: {
  connection: number;
  value: ScopeRef | null;
  onChoose: (scope: ScopeRef | null) => void;
}) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const query = useDebounced(typed.trim(), 120);
  const found = useQuery(queries.treeSearch(connection, query));
  const top = useQuery(queries.treeChildren(connection, { level: "instance", id: "0" }, 0));
  const rows = (query === "" ? top.data?.rows : found.data?.rows.filter((row) => row.matches)) ?? [];
  const whole: Choice[] =
    query === "" ? [{ scope: null, label: m.scopePicker.whole, level: "instance" }] : [];
  const choices = [
    ...whole,
    ...rows
      .filter((row) => row.scope.level === "group")
      .slice(0, 50)
      .map((row): Choice => ({ scope: row.scope, label: row.path, level: "group" })),
  ];
  const active = Math.min(at, choices.length - 1);

  function onKeyDown(event: KeyboardEvent) {
    // Home and End move in what is typed.
    const to = ["Home", "End"].includes(event.key) ? null : listMove(event, active, choices.length);
    const choice = choices[active];
    if (to !== null) setAt(to);
    else if (event.key === "Enter" && choice) onChoose(choice.scope);
    else return;
    event.preventDefault();
  }

  return (
    <div className={styles.body}>
      <SearchField
        label={m.scopePicker.find}
        placeholder={m.scopePicker.find}
        value={typed}
        onChange={(text) => {
          setTyped(text);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={choices[active] ? `${id}-${String(active)}` : undefined}
        data-testid="scope-picker-find"
      />
      <div id={id} role="listbox" aria-label={m.scopePicker.groups} className={styles.list}>
        {choices.map((choice, index) => (
          <div
            key={choice.label}
            id={`${id}-${String(index)}`}
            role="option"
            aria-selected={sameScope(choice.scope, value)}
            className={cx(styles.choice, index === active && styles.active)}
            onClick={() => onChoose(choice.scope)}
            onMouseMove={() => setAt(index)}
          >
            <LevelIcon level={choice.level} />
            <bdi title={choice.label}>{choice.label}</bdi>
          </div>
        ))}
      </div>
      {choices.length === 0 && !found.isFetching && <p className={styles.none}>{m.tree.noMatches(query)}</p>}
    </div>
  );
}
