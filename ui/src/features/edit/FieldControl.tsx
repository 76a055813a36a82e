import { cx } from "../../components/cx";
import input from "../../components/Input.module.css";
import { SecretInput } from "../../components/SecretInput";
import { Select } from "../../components/Select";
import { Tags } from "../../components/Tags";
import type { FieldValue, FormField, SecretNeed } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Edit.module.css";
import { FileButton } from "./FileButton";
import { boxLabel, textOf, valueOf, type FormMove, type FormState } from "./formState";

interface FieldControlProps {
  id: string;
  field: FormField;
  state: FormState;
  move: (move: FormMove) => void;
  initial: FieldValue | undefined;
  need: SecretNeed | null;
  invalid: boolean;
  describedBy: string;
}

/** The control that a setting's type asks for. */
export function FieldControl({
  id,
  field,
  state,
  move,
  initial,
  need,
  invalid,
  describedBy,
}: FieldControlProps) {
  const value = state.draft.fields[field.name];
  const text = textOf(value);
  const set = (typed: string) =>
    move({ kind: "field", name: field.name, value: valueOf(typed, field, initial) });
  const test = `edit-field-${field.name}`;
  const common = {
    id,
    "data-testid": test,
    "aria-describedby": describedBy === "" ? undefined : describedBy,
    "aria-invalid": invalid || undefined,
  };

  if (field.secret) {
    return (
      <span className={styles.secret}>
        <SecretInput
          {...common}
          lines={field.control === "textarea"}
          value={state.secrets[field.name] ?? ""}
          onChange={(typed) => move({ kind: "secret", name: field.name, value: typed })}
          placeholder={secretPlaceholder(field, need)}
          wanted={need?.state === "needed" && !need.remembered}
          aria-required={field.required && need?.remembered !== true}
        />
        {need?.state === "new" && <span className={styles.newValue}>{m.edit.secret.newValue}</span>}
        {field.file && <FileButton field={field.name} file={field.file} move={move} />}
      </span>
    );
  }
  switch (field.control) {
    case "checkbox":
      return (
        <label className={styles.check}>
          <input
            {...common}
            type="checkbox"
            checked={text === "true"}
            onChange={(event) =>
              move({ kind: "field", name: field.name, value: { kind: "bool", value: event.target.checked } })
            }
          />
          <span>{boxLabel(field)}</span>
        </label>
      );
    case "radio":
      return (
        <div
          id={id}
          role="radiogroup"
          aria-labelledby={`${id}-label`}
          aria-describedby={common["aria-describedby"]}
          className={input.radios}
          data-testid={test}
        >
          {field.choices.map((choice) => (
            <label key={choice.value} className={styles.check}>
              <input
                type="radio"
                name={id}
                value={choice.value}
                checked={text === choice.value}
                onChange={() => set(choice.value)}
              />
              <span>{choice.label}</span>
            </label>
          ))}
        </div>
      );
    case "select":
      return (
        <Select
          id={id}
          label={field.title}
          value={text}
          options={field.choices}
          onChange={set}
          placeholder={m.edit.choose}
          data-testid={test}
        />
      );
    case "tags":
      return (
        <Tags
          id={id}
          labelledBy={`${id}-label`}
          values={value?.kind === "list" ? value.value : text === "" ? [] : text.split(/,\s*/)}
          invalid={invalid}
          onChange={(values) => move({ kind: "field", name: field.name, value: listOf(values, initial) })}
          data-testid={test}
        />
      );
    case "textarea":
      return (
        <textarea
          {...common}
          rows={3}
          spellCheck={false}
          className={cx(input.input, input.mono)}
          placeholder={field.placeholder}
          aria-required={field.required}
          value={text}
          onChange={(event) => set(event.target.value)}
        />
      );
    case "text":
    case "password":
    case "number":
      return (
        <input
          {...common}
          type="text"
          inputMode={field.control === "number" ? "numeric" : undefined}
          autoComplete="off"
          spellCheck={false}
          className={cx(input.input, input.mono)}
          placeholder={field.placeholder}
          aria-required={field.required}
          value={text}
          onChange={(event) => set(event.target.value)}
        />
      );
  }
}

function listOf(values: string[], initial: FieldValue | undefined): FieldValue {
  if (values.length > 0) return { kind: "list", value: values };
  return initial === undefined || initial.kind === "unset" ? { kind: "unset" } : { kind: "empty" };
}

function secretPlaceholder(field: FormField, need: SecretNeed | null): string {
  const t = m.edit.secret;
  switch (need?.state) {
    case "needed":
      if (need.remembered) return t.remembered;
      return field.own.kind === "hidden" ? t.neededAgain : t.needed;
    case "dropped":
      return t.dropped;
    case "kept":
      return field.own.kind === "hidden" ? t.kept : t.optional;
    case "new":
    case undefined:
      return field.own.kind === "hidden" ? t.kept : "";
  }
}
