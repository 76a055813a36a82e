import { useQuery } from "@tanstack/react-query";
import { useId, type ReactNode } from "react";
import { Failed, LoadingRows } from "../../components/Empty";
import { Segments } from "../../components/Segments";
import { queries } from "../../ipc/queries";
import type { Draft, FieldValue, FormField, FormSection } from "../../ipc/types";
import { m } from "../../messages/en";
import { FieldControl } from "../edit/FieldControl";
import { controlId } from "../edit/FormSections";
import { textOf, type FormMove } from "../edit/formState";
import styles from "./SetFields.module.css";

/** What is set in every scope: what is in here, and nothing else. Secrets by name: the plan asks for them. */
export interface Setting {
  draft: Draft;
  secrets: string[];
}

export const nothingSet: Setting = { draft: { fields: {}, events: {} }, secrets: [] };

/** How many settings are set. */
export const countSet = ({ draft, secrets }: Setting): number =>
  Object.keys(draft.fields).length + Object.keys(draft.events).length + secrets.length;
/** What is to be said of that. */
export const saySet = (setting: Setting): string =>
  countSet(setting) === 0 ? t.none : t.chosen(countSet(setting));

interface SetFieldsProps {
  connection: number;
  slug: string;
  value: Setting;
  onChange: (value: Setting) => void;
}

const t = m.changes.bulk.set;
/** A field that was ticked and left alone is blanked where it was filled. */
const blank: FieldValue = { kind: "empty" };

/** The settings of an integration, each with a tick: what is ticked is set in many scopes at once. */
export function SetFields({ connection, slug, value, onChange }: SetFieldsProps) {
  const form = useQuery(queries.bulkForm(connection, slug));
  if (form.isError) return <Failed error={form.error} onRetry={() => void form.refetch()} />;
  if (!form.data) return <LoadingRows />;
  const sections = form.data.filter(({ fields, events }) => fields.length + events.length > 0);
  return (
    <div role="group" aria-label={t.legend} className={styles.all} data-testid="set-fields">
      <p className={styles.note}>{t.lead}</p>
      {sections.map((section) => (
        <Section key={section.kind} section={section} sections={sections} value={value} onChange={onChange} />
      ))}
    </div>
  );
}

interface SectionProps extends Pick<SetFieldsProps, "value" | "onChange"> {
  section: FormSection;
  sections: FormSection[];
}

function Section({ section, sections, value, onChange }: SectionProps) {
  const { draft, secrets } = value;
  const setFields = (fields: Draft["fields"]) => onChange({ ...value, draft: { ...draft, fields } });
  const setEvents = (events: Draft["events"]) => onChange({ ...value, draft: { ...draft, events } });
  const move = (to: FormMove) => {
    if (to.kind === "field") setFields({ ...draft.fields, [to.name]: to.value });
  };
  return (
    <fieldset className={styles.section}>
      <legend>{section.title || m.compare.sections[section.kind]}</legend>
      {section.events.map(({ name, title }) => (
        <SetRow
          key={name}
          name={name}
          title={title}
          set={name in draft.events}
          onSet={(on) => setEvents(on ? { ...draft.events, [name]: true } : without(draft.events, name))}
        >
          <OnOff
            title={title}
            on={draft.events[name] ?? false}
            onChange={(on) => setEvents({ ...draft.events, [name]: on })}
          />
        </SetRow>
      ))}
      {section.fields.map((field) => {
        const { name, title } = field;
        if (field.secret)
          return (
            <SetRow
              key={name}
              name={name}
              title={title}
              set={secrets.includes(name)}
              onSet={(on) =>
                onChange({ ...value, secrets: on ? [...secrets, name] : secrets.filter((it) => it !== name) })
              }
            >
              <p className={styles.asked}>{t.secret}</p>
            </SetRow>
          );
        return (
          <SetRow
            key={name}
            name={name}
            title={title}
            set={name in draft.fields}
            onSet={(on) =>
              setFields(on ? { ...draft.fields, [name]: first(field) } : without(draft.fields, name))
            }
          >
            <Control field={field} draft={draft} move={move} where={whereOf(field, sections)} />
          </SetRow>
        );
      })}
    </fieldset>
  );
}

interface SetRowProps {
  name: string;
  title: string;
  set: boolean;
  onSet: (set: boolean) => void;
  children: ReactNode;
}

/** A setting with its tick; what it is set to stands beside it once it is ticked. */
function SetRow({ name, title, set, onSet, children }: SetRowProps) {
  return (
    <div className={styles.row}>
      <label className={styles.tick}>
        <input
          type="checkbox"
          aria-label={t.tick(title)}
          checked={set}
          onChange={(event) => onSet(event.target.checked)}
          data-testid={`set-${name}`}
        />
        <span>{title}</span>
      </label>
      {set && <div className={styles.control}>{children}</div>}
    </div>
  );
}

interface ControlProps {
  field: FormField;
  draft: Draft;
  move: (move: FormMove) => void;
  /** The setting that decides whether this one counts. */
  where: string | null;
}

function Control({ field, draft, move, where }: ControlProps) {
  const id = controlId(field.name);
  const note = useId();
  const text = textOf(draft.fields[field.name]);
  const notes = [
    ...(text === "" ? [t.blank] : []),
    ...(where === null ? [] : [t.where(where)]),
    ...(field.help === "" || field.control === "checkbox" ? [] : [field.help]),
  ];
  return (
    <>
      {field.control === "checkbox" ? (
        <OnOff
          title={field.title}
          on={text === "true"}
          onChange={(on) => move({ kind: "field", name: field.name, value: { kind: "bool", value: on } })}
        />
      ) : (
        <>
          <label htmlFor={id} id={`${id}-label`} className="sr-only">
            {field.title}
          </label>
          <FieldControl
            id={id}
            // Whether it has to be filled in is a matter of each scope: its plan says so.
            field={{ ...field, required: false }}
            state={{ choice: "custom", enabled: true, draft, secrets: {}, dirty: false }}
            move={move}
            initial={blank}
            need={null}
            invalid={false}
            describedBy={notes.length > 0 ? note : ""}
          />
        </>
      )}
      {notes.length > 0 && (
        <p id={note} className={styles.help}>
          {notes.join(" ")}
        </p>
      )}
    </>
  );
}

function OnOff({ title, on, onChange }: { title: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <Segments<"on" | "off">
      label={title}
      value={on ? "on" : "off"}
      options={[
        { value: "on", label: t.on },
        { value: "off", label: t.off },
      ]}
      onChange={(to) => onChange(to === "on")}
    />
  );
}

/** What a field is set to when it is ticked. */
function first({ control, choices }: FormField): FieldValue {
  if (control === "checkbox") return { kind: "bool", value: true };
  const [choice] = choices;
  if ((control === "select" || control === "radio") && choice) return { kind: "text", value: choice.value };
  return blank;
}

/** What a condition's field is called. */
function whereOf({ shown_if: condition }: FormField, sections: FormSection[]): string | null {
  if (condition === null) return null;
  const all = sections.flatMap(({ fields, events }) => [...fields, ...events]);
  return all.find(({ name }) => name === condition.field)?.title ?? null;
}

function without<V>(record: Record<string, V>, name: string): Record<string, V> {
  return Object.fromEntries(Object.entries(record).filter(([each]) => each !== name));
}
