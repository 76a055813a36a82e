import type { Draft, EditForm, FieldValue, FormField, SecretInput, ShownIf } from "../../ipc/types";

/** What stands in the form. Secrets are in memory only and never part of the draft. */
export interface FormState {
  choice: "custom" | "default";
  /** GitLab's *Enable integration*. Off can only be disabled, not saved: the API has no other way. */
  enabled: boolean;
  draft: Draft;
  secrets: Record<string, string>;
  /** Typed since the draft was last kept. */
  dirty: boolean;
}

export type FormMove =
  | { kind: "choose"; choice: FormState["choice"] }
  | { kind: "enable"; on: boolean }
  | { kind: "field"; name: string; value: FieldValue }
  | { kind: "event"; name: string; on: boolean }
  | { kind: "secret"; name: string; value: string }
  | { kind: "kept"; draft: Draft };

export function begin(form: EditForm): FormState {
  return { choice: "custom", enabled: form.enabled, draft: form.draft, secrets: {}, dirty: false };
}

export function reduce(state: FormState, move: FormMove): FormState {
  switch (move.kind) {
    case "choose":
      return { ...state, choice: move.choice };
    case "enable":
      return { ...state, enabled: move.on };
    case "field": {
      const fields = { ...state.draft.fields, [move.name]: move.value };
      return { ...state, dirty: true, draft: { ...state.draft, fields } };
    }
    case "event": {
      const events = { ...state.draft.events, [move.name]: move.on };
      return { ...state, dirty: true, draft: { ...state.draft, events } };
    }
    case "secret":
      return { ...state, secrets: { ...state.secrets, [move.name]: move.value } };
    case "kept":
      // Typing went on while it was being kept: then there is more to keep.
      return { ...state, dirty: state.dirty && state.draft !== move.draft };
  }
}

/** Names of the secrets that something was typed for. */
export function typedSecrets(state: FormState): string[] {
  return Object.keys(state.secrets).filter((name) => state.secrets[name] !== "");
}

/** Those secrets with their values, for *apply*. */
export function secretInputs(state: FormState): SecretInput[] {
  return typedSecrets(state).map((field) => ({ field, value: state.secrets[field] ?? "" }));
}

/** A value as the text of a control. */
export function textOf(value: FieldValue | undefined): string {
  switch (value?.kind) {
    case "text":
    case "integer":
      return value.value;
    case "bool":
      return String(value.value);
    case "list":
      return value.value.join(", ");
    case "unset":
    case "empty":
    case undefined:
      return "";
  }
}

/**
 * What a typed text stands for. A cleared field is blank where something was stored, and back to
 * "not set" where nothing was.
 */
export function valueOf(text: string, field: FormField, initial: FieldValue | undefined): FieldValue {
  if (text === "")
    return initial === undefined || initial.kind === "unset" ? { kind: "unset" } : { kind: "empty" };
  const whole = field.control === "number" || initial?.kind === "integer";
  if (whole && /^-?\d+$/.test(text)) return { kind: "integer", value: text };
  if (initial?.kind === "bool" && (text === "true" || text === "false"))
    return { kind: "bool", value: text === "true" };
  return { kind: "text", value: text };
}

/**
 * What a field held before anything was typed: what is stored, for a new row its default. `begun` is
 * the draft that the form began with: it has what the catalog fills in where there is neither.
 */
export function before(field: FormField, begun: Draft): FieldValue | undefined {
  if (field.own.kind === "value") return field.own.value;
  return field.default.kind === "value" ? field.default.value : begun.fields[field.name];
}

/** Whether a setting matters with what is chosen now. */
export function isShown(field: FormField, draft: Draft): boolean {
  return field.shown_if === null || holds(field.shown_if, draft);
}

/** The setting as it is called and wanted with what is chosen now. */
export function worded(field: FormField, draft: Draft): FormField {
  const variant = field.variants.find((each) => holds(each.when, draft));
  return {
    ...field,
    title: variant?.title || field.title,
    help: variant?.help || field.help,
    required: field.required || (field.required_if !== null && holds(field.required_if, draft)),
  };
}

/** What would be reviewed: the default, a switched-off integration, or the draft. */
export type Aim = "default" | "off" | "draft";

export function aim(state: FormState): Aim {
  if (state.choice === "default") return "default";
  return state.enabled ? "draft" : "off";
}

/** What stands beside a box: its own words, else the help, else the label. */
export function boxLabel(field: FormField): string {
  return field.checkbox_label || field.help || field.title;
}

function holds(condition: ShownIf, draft: Draft): boolean {
  const other = draft.fields[condition.field];
  const event = draft.events[condition.field];
  const text = event === undefined ? textOf(other) : String(event);
  // A box that was never ticked stores nothing, and means no.
  return condition.one_of.includes(text === "" ? "false" : text) || condition.one_of.includes(text);
}
