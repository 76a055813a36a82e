import { Dialog } from "@base-ui/react/dialog";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { commandsNow } from "../../app/commands/useCommands";
import { useNavigation, type Place } from "../../app/navigation";
import { toastFailed } from "../../app/toasts";
import { cx } from "../../components/cx";
import dialog from "../../components/Dialog.module.css";
import { Failed } from "../../components/Empty";
import { Kbd } from "../../components/Kbd";
import { app } from "../../ipc/backend";
import { queries } from "../../ipc/queries";
import type { Connection } from "../../ipc/types";
import { listMove } from "../../logic/listKeys";
import { m } from "../../messages/en";
import { useExport } from "../export/useExport";
import { Foot } from "./Foot";
import styles from "./Palette.module.css";
import { actsOn, type Act, type Ways } from "./resultActs";
import { ResultRow } from "./ResultRow";
import { groupsOf, readTyped, tabs, type Group, type Result, type Tab } from "./results";

interface PaletteProps {
  connection: Connection;
  place: Place;
  onClose: () => void;
}

/** Results that Page up and down go over. */
const PAGE = 8;

/** Finds values, scopes, integrations and commands in one list. */
export function Palette({ connection, place, onClose }: PaletteProps) {
  const { go } = useNavigation();
  const exports = useExport(connection.id);
  const [commands] = useState(commandsNow);
  const [typed, setTyped] = useState("");
  const [chosen, setTab] = useState<Tab>("all");
  const [at, setAt] = useState(0);
  const [of, setOf] = useState<{ result: Result; back: number } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const client = useQueryClient();
  /** Counts what was done: typed, turned to, moved, closed. */
  const done = useRef(0);
  useEffect(
    () => () => {
      done.current += 1;
    },
    [],
  );
  const id = useId();

  const { tab, text } = readTyped(typed, chosen);
  const slug = place.view === "scopes" || place.view === "integrations" ? place.slug : null;
  const found = useQuery({
    ...queries.suggest(connection.id, text, slug),
    placeholderData: keepPreviousData,
  });
  const kinds = useQuery(queries.kinds(connection.id, null));
  const groups = groupsOf(text, tab, found.data?.found, kinds.data ?? [], commands);
  const results = groups.flatMap((group) => group.results);
  const ways: Ways = {
    connection: connection.id,
    go,
    exportPart: exports.copy,
    openInGitLab: (scope) => {
      app
        .openInGitlab(connection.id, scope, null)
        .catch((error: unknown) => toastFailed(m.failed.open, error));
    },
  };
  const acts = of && actsOn(of.result, ways);
  const length = acts ? acts.length : results.length;
  const active = Math.max(0, Math.min(at, length - 1));
  // What is shown may still be of an earlier text. Integrations and actions never are.
  const asks = tab === "all" || tab === "values" || tab === "scopes";
  const late = text !== "" && asks && (found.isPlaceholderData || found.isPending) && !acts;
  const unanswered = text !== "" && asks && found.isError ? found.error : null;
  const title = kinds.data?.find((kind) => kind.slug === slug)?.title ?? null;

  const current = useRef<HTMLElement>(null);
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest" });
  }, [active, of]);

  function type(next: string) {
    done.current += 1;
    setTyped(next);
    setAt(0);
    setOf(null);
  }
  function turn(by: 1 | -1) {
    done.current += 1;
    const sign = typed.trimStart().charAt(0);
    if (">@=".includes(sign) && sign !== "") setTyped(typed.trimStart().slice(1));
    setTab(tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length] ?? "all");
    setAt(0);
    setOf(null);
  }
  function run(act: Act | undefined) {
    if (!act) return;
    onClose();
    act.run();
  }
  const open = (result: Result) => run(actsOn(result, ways)[0]);
  function take(key: "Enter" | "ArrowRight", result: Result | undefined) {
    if (!result) return;
    if (key === "Enter") open(result);
    else if (result.kind !== "action") {
      setOf({ result, back: active });
      setAt(0);
    }
  }
  /** Pressed before the answer came: done to what this text finds first, unless something else was done since. */
  async function takeFirst(key: "Enter" | "ArrowRight") {
    const before = done.current;
    try {
      const answer = await client.query(queries.suggest(connection.id, text, slug));
      if (done.current !== before) return;
      const groups = groupsOf(text, tab, answer.found, kinds.data ?? [], commands);
      take(key, groups.flatMap((group) => group.results)[0]);
    } catch {
      // The list itself says what went wrong.
    }
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    const { selectionStart, value } = event.currentTarget;
    // Home and End move in what is typed.
    const to = ["Home", "End"].includes(event.key) ? null : listMove(event, active, length, PAGE);
    const result = results[active];
    done.current += 1;
    if (to !== null) setAt(to);
    else if (event.key === "Tab") turn(event.shiftKey ? -1 : 1);
    else if (event.key === "Enter") {
      if (acts) run(acts[active]);
      else if (late) void takeFirst("Enter");
      else take("Enter", result);
    } else if (
      event.key === "ArrowRight" &&
      selectionStart === value.length &&
      !acts &&
      (late || (result && result.kind !== "action"))
    ) {
      if (late) void takeFirst("ArrowRight");
      else take("ArrowRight", result);
    } else if (event.key === "ArrowLeft" && of) {
      setAt(of.back);
      setOf(null);
    } else if (event.key === "Escape" && of) {
      event.stopPropagation();
      setAt(of.back);
      setOf(null);
    } else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) onClose();
    else return;
    event.preventDefault();
  }

  const option = (index: number) => ({
    id: `${id}-${String(index)}`,
    role: "option",
    "aria-selected": index === active,
    ref: (element: HTMLElement | null) => {
      if (index === active) current.current = element;
    },
    onMouseMove: () => setAt(index),
  });
  const count = groups.reduce((sum, { total }) => sum + total.n, 0);
  const more = groups.some(({ total }) => total.more);
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.scrim} />
        <Dialog.Popup
          className={styles.palette}
          aria-label={m.palette.label}
          initialFocus={input}
          data-modal=""
          data-testid="palette"
          data-fresh={!found.isPlaceholderData && !found.isPending ? "" : undefined}
        >
          <div className={styles.search}>
            <Search size={16} strokeWidth={1.75} aria-hidden="true" />
            <input
              ref={input}
              type="text"
              role="combobox"
              aria-label={m.palette.label}
              aria-expanded={length > 0}
              aria-controls={`${id}-list`}
              aria-activedescendant={length > 0 ? `${id}-${String(active)}` : undefined}
              aria-autocomplete="list"
              placeholder={m.palette.placeholder}
              spellCheck={false}
              autoComplete="off"
              value={typed}
              onChange={(event) => type(event.target.value)}
              onKeyDown={onKeyDown}
              data-testid="palette-input"
            />
            {text !== "" && found.data && (
              <span className={styles.took} role="status">
                {m.palette.results(count, more, found.data.ms)}
              </span>
            )}
            <Kbd keys={["Esc"]} />
          </div>
          <div className={styles.tabs} role="group" aria-label={m.palette.tabs}>
            {tabs.map((each) => (
              <button
                key={each}
                type="button"
                tabIndex={-1}
                aria-pressed={each === tab}
                className={styles.tab}
                onClick={() => {
                  setTyped(text);
                  setTab(each);
                  setAt(0);
                  setOf(null);
                  input.current?.focus();
                }}
                data-testid={`palette-tab-${each}`}
              >
                {m.palette.tab[each]}
                <Counted groups={groups} tab={each} />
              </button>
            ))}
            <span className={styles.space} />
            <Kbd keys={["Tab"]} />
          </div>
          <div id={`${id}-list`} role="listbox" aria-label={m.palette.label} className={styles.list}>
            {of !== null ? (
              <section role="group" aria-label={m.palette.acts.of(nameOf(of.result))}>
                <h3 aria-hidden="true">{m.palette.acts.of(nameOf(of.result))}</h3>
                {(acts ?? []).map((act, index) => (
                  <div
                    key={act.label}
                    {...option(index)}
                    className={cx(styles.row, index === active && styles.active)}
                    onClick={() => run(act)}
                    data-testid="palette-act"
                  >
                    <span className={styles.icon}>
                      <act.icon size={14} strokeWidth={2} aria-hidden="true" />
                    </span>
                    <span className={styles.name}>{act.label}</span>
                  </div>
                ))}
              </section>
            ) : (
              groups.map((group, number) => {
                const before = groups
                  .slice(0, number)
                  .reduce((sum, { results: some }) => sum + some.length, 0);
                return (
                  group.results.length > 0 && (
                    <section key={group.tab} role="group" aria-label={m.palette.tab[group.tab]}>
                      <h3 aria-hidden="true">
                        {m.palette.tab[group.tab]} <Heading group={group} kind={title} />
                      </h3>
                      {group.results.map((result, place) => {
                        const index = before + place;
                        return (
                          <div
                            key={keyOf(result)}
                            {...option(index)}
                            className={cx(styles.row, index === active && styles.active)}
                            onClick={() => open(result)}
                            data-testid={`palette-${keyOf(result)}`}
                          >
                            <ResultRow
                              result={result}
                              wanted={text}
                              active={index === active}
                              more={group.total.more}
                            />
                          </div>
                        );
                      })}
                    </section>
                  )
                );
              })
            )}
          </div>
          {!acts && unanswered && <Failed error={unanswered} onRetry={() => void found.refetch()} />}
          {!acts && length === 0 && !found.isPending && !unanswered && (
            <p className={styles.none}>
              <strong>{m.palette.none(text)}</strong> {m.palette.noneNext}
            </p>
          )}
          <Foot acts={acts !== null} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** How many a tab has; nothing for everything. */
function Counted({ groups, tab }: { groups: Group[]; tab: Tab }) {
  const group = groups.find((each) => each.tab === tab);
  if (!group) return null;
  return <span className={styles.count}>{m.palette.count(group.total.n, group.total.more)}</span>;
}

function Heading({ group, kind }: { group: Group; kind: string | null }) {
  const { n, more } = group.total;
  const parts = [
    ...(group.results.length > 0 && (group.results.length < n || more)
      ? [m.palette.some(group.results.length, n, more)]
      : []),
    ...(group.tab === "scopes" && kind !== null ? [m.palette.stateOf(kind)] : []),
  ];
  return <span className={styles.meta}>{parts.join(" · ")}</span>;
}

/** A result's name among all results. */
function keyOf(result: Result): string {
  switch (result.kind) {
    case "value":
      return `value-${result.value.slug}-${result.value.field}-${JSON.stringify(result.value.value)}`;
    case "scope":
      return `scope-${result.found.scope.path}`;
    case "integration":
      return `integration-${result.of.slug}`;
    case "action":
      return `action-${result.command.id}`;
  }
}

function nameOf(result: Result): string {
  switch (result.kind) {
    case "value":
      return result.value.field_title;
    case "scope":
      return result.found.scope.name;
    case "integration":
      return result.of.title;
    case "action":
      return m.commands[result.command.id];
  }
}
