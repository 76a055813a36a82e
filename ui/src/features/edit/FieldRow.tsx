import { CircleAlert, CircleX, Equal, KeyRound } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../../components/cx";
import type { DraftCheck, FieldValue, FormField, Problem, SecretNeed, Shown } from "../../ipc/types";
import { m } from "../../messages/en";
import { readShown } from "../../logic/shown";
import { FieldControl } from "./FieldControl";
import styles from "./Edit.module.css";
import { controlId } from "./FormSections";
import { boxLabel, textOf, worded, type FormMove, type FormState } from "./formState";

interface FieldRowProps {
  field: FormField;
  state: FormState;
  move: (move: FormMove) => void;
  check: DraftCheck | null;
  initial: FieldValue | undefined;
}

/** A setting: label, control, its default; the rule it breaks under it. What was typed stays. */
export function FieldRow({ field: plain, state, move, check, initial }: FieldRowProps) {
  const field = worded(plain, state.draft);
  const problem = check?.problems.find((each) => each.field === field.name) ?? null;
  const need = check?.secrets.find((each) => each.field === field.name) ?? null;
  const changed = check?.changes.some((change) => change.name === field.name) || need?.state === "new";
  const id = controlId(field.name);
  const grouped = field.control === "radio" || field.control === "tags";
  const label = (
    <>
      {field.title}
      {field.required && (
        <>
          <span aria-hidden="true" className={styles.star}>
            *
          </span>
          <span className="sr-only"> ({m.edit.required})</span>
        </>
      )}
    </>
  );
  const helpBelow = field.help !== "" && (field.control !== "checkbox" || boxLabel(field) !== field.help);
  const described = [
    problem || need?.dropped_by != null || need?.remembered ? `${id}-message` : "",
    helpBelow ? `${id}-help` : "",
  ];
  return (
    <Row
      changed={changed}
      indented={field.shown_if !== null}
      label={
        grouped ? (
          <span id={`${id}-label`}>{label}</span>
        ) : (
          <label htmlFor={id} id={`${id}-label`}>
            {label}
          </label>
        )
      }
      byDefault={<Default field={plain} check={check} />}
    >
      <FieldControl
        id={id}
        field={field}
        state={state}
        move={move}
        initial={initial}
        need={need}
        invalid={problem !== null && !problem.missing}
        describedBy={described.filter((each) => each !== "").join(" ")}
      />
      <Message id={`${id}-message`} problem={problem} need={need} />
      <Length of={textOf(state.draft.fields[field.name])} most={field.max_length} />
      {helpBelow && (
        <p id={`${id}-help`} className={styles.help}>
          {field.help}
        </p>
      )}
      {field.api_only && <p className={styles.help}>{m.edit.apiOnly}</p>}
      {field.deprecated !== null && <p className={styles.help}>{m.edit.deprecated(field.deprecated)}</p>}
    </Row>
  );
}

/** Said once a text comes near the most that GitLab takes. */
function Length({ of, most }: { of: string; most: number | null }) {
  const { length } = of;
  if (most === null || length < most * 0.8) return null;
  return <p className={styles.help}>{m.edit.length(length, most)}</p>;
}

interface RowProps {
  changed: boolean;
  indented: boolean;
  label: ReactNode;
  children: ReactNode;
  byDefault: ReactNode;
}

/** Label, control, default; a changed setting carries an edge, a conditional one is set in. */
export function Row({ changed, indented, label, children, byDefault }: RowProps) {
  return (
    <div className={cx(styles.row, changed && styles.changed, indented && styles.indented)}>
      <div className={styles.label}>{label}</div>
      <div className={styles.control}>{children}</div>
      <div className={styles.default}>{byDefault}</div>
    </div>
  );
}

function Message({ id, problem, need }: { id: string; problem: Problem | null; need: SecretNeed | null }) {
  if (need?.remembered) {
    return (
      <p id={id} className={styles.rememberedMessage}>
        <KeyRound size={14} strokeWidth={2} aria-hidden="true" />
        {m.edit.secret.rememberedNote}
      </p>
    );
  }
  if (need && (need.state === "needed" || need.state === "dropped")) {
    return (
      <p id={id} className={styles.wantedMessage}>
        <KeyRound size={14} strokeWidth={2} aria-hidden="true" />
        {need.dropped_by !== null
          ? m.edit.secret.droppedBy(need.dropped_by)
          : (problem?.message ?? m.edit.secret.neededNote)}
      </p>
    );
  }
  if (!problem) return null;
  return (
    <p id={id} className={problem.missing ? styles.wantedMessage : styles.wrongMessage}>
      {problem.missing ? (
        <CircleAlert size={14} strokeWidth={2} aria-hidden="true" />
      ) : (
        <CircleX size={14} strokeWidth={2} aria-hidden="true" />
      )}
      {problem.message}
    </p>
  );
}

function Default({ field, check }: { field: FormField; check: DraftCheck | null }) {
  if (field.default.kind === "none") return null;
  const differs = check?.still_differs.includes(field.title) ?? true;
  if (!differs && field.default.kind === "value") return <Same />;
  return <DefaultValue shown={field.default} />;
}

export function Same() {
  return (
    <span className={styles.same}>
      <Equal size={14} strokeWidth={2} aria-hidden="true" />
      {m.edit.same}
    </span>
  );
}

function DefaultValue({ shown }: { shown: Shown }) {
  const { text, literal } = readShown(shown);
  return (
    <span className={cx(literal ? styles.literal : undefined, "selectable")} title={text}>
      {text}
    </span>
  );
}
