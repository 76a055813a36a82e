import { cx } from "../../components/cx";
import input from "../../components/Input.module.css";
import type { Draft, DraftCheck, FormEvent, FormSection } from "../../ipc/types";
import { m } from "../../messages/en";
import { readShown } from "../../logic/shown";
import styles from "./Edit.module.css";
import { Row, Same } from "./FieldRow";
import { controlId } from "./FormSections";
import { before, textOf, valueOf, type FormMove, type FormState } from "./formState";

interface EventRowsProps {
  section: FormSection;
  state: FormState;
  move: (move: FormMove) => void;
  check: DraftCheck | null;
  /** The draft that the form began with. */
  begun: Draft;
}

/** Trigger events: together in one row, or one by one where each has its own channel. */
export function EventRows({ section, state, move, check, begun }: EventRowsProps) {
  const { events } = section;
  const isChanged = (event: FormEvent) =>
    check?.changes.some((change) => change.name === event.name || change.name === event.channel) === true;

  if (!events.some((event) => event.channel !== null)) {
    const known = events.filter((event) => event.default !== null);
    const differs = known.some((event) => event.default !== (state.draft.events[event.name] ?? false));
    const on = known.filter((event) => event.default).map((event) => event.title);
    return (
      <Row
        changed={events.some(isChanged)}
        indented={false}
        label={<span id="events-label">{m.edit.events}</span>}
        byDefault={known.length === 0 ? null : differs ? on.join(", ") || m.values.off : <Same />}
      >
        <div role="group" aria-labelledby="events-label" className={styles.events}>
          {events.map((event) => (
            <EventBox key={event.name} event={event} state={state} move={move} />
          ))}
        </div>
      </Row>
    );
  }
  return events.map((event) => {
    const channel = section.fields.find((field) => field.name === event.channel);
    const text = channel ? textOf(state.draft.fields[channel.name]) : "";
    const byDefault = channel?.default.kind === "value" ? textOf(channel.default.value) : "";
    const same = event.default === (state.draft.events[event.name] ?? false) && byDefault === text;
    return (
      <Row
        key={event.name}
        changed={isChanged(event)}
        indented={false}
        label={<EventBox event={event} state={state} move={move} />}
        byDefault={
          event.default === null ? null : same ? (
            <Same />
          ) : (
            <EventDefault on={event.default} channel={byDefault} />
          )
        }
      >
        {channel && (
          <input
            id={controlId(channel.name)}
            data-testid={`edit-field-${channel.name}`}
            aria-label={m.edit.channelOf(event.title)}
            className={cx(input.input, input.mono)}
            placeholder={channel.placeholder}
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(typed) =>
              move({
                kind: "field",
                name: channel.name,
                value: valueOf(typed.target.value, channel, before(channel, begun)),
              })
            }
          />
        )}
      </Row>
    );
  });
}

function EventDefault({ on, channel }: { on: boolean; channel: string }) {
  const { text } = readShown({ kind: "value", value: { kind: "bool", value: on }, label: null });
  return (
    <>
      {text}
      {channel !== "" && <span className={styles.literal}> {channel}</span>}
    </>
  );
}

interface EventBoxProps {
  event: FormEvent;
  state: FormState;
  move: (move: FormMove) => void;
}

function EventBox({ event, state, move }: EventBoxProps) {
  return (
    <label className={styles.check} title={event.description}>
      <input
        type="checkbox"
        id={controlId(event.name)}
        data-testid={`edit-field-${event.name}`}
        checked={state.draft.events[event.name] ?? false}
        onChange={(change) => move({ kind: "event", name: event.name, on: change.target.checked })}
      />
      <span>{event.title}</span>
    </label>
  );
}
