import type { FieldValue, Shown } from "../ipc/types";
import { m } from "../messages/en";

/** A value as text to read, and whether it is the user's own text (mono) or a word of ours. */
export interface Reading {
  text: string;
  literal: boolean;
}

/** What stands for a stored value. */
function readValue(value: FieldValue, label: string | null = null): Reading {
  switch (value.kind) {
    case "unset":
      return { text: label ?? m.values.notSet, literal: false };
    case "empty":
      return { text: label ?? m.values.blank, literal: false };
    case "bool":
      return { text: label ?? (value.value ? m.values.on : m.values.off), literal: false };
    case "list":
      return value.value.length === 0
        ? { text: m.values.notSet, literal: false }
        : { text: value.value.join(", "), literal: true };
    case "integer":
    case "text":
      return label === null ? { text: value.value, literal: true } : { text: label, literal: false };
  }
}

/** What stands for one side of a comparison. */
export function readShown(shown: Shown): Reading {
  switch (shown.kind) {
    case "value":
      return readValue(shown.value, shown.label);
    case "hidden":
      return { text: m.values.hidden, literal: false };
    case "unread":
      return { text: m.values.unread, literal: false };
    case "none":
      return { text: m.values.none, literal: false };
  }
}

/** Whether there is something to read: a stored value other than "not set" and "blank". */
export function isPlain(shown: Shown): boolean {
  return shown.kind === "value" && shown.value.kind !== "unset" && shown.value.kind !== "empty";
}
