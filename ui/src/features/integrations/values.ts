import type { FieldValue, KindDefault, Shown } from "../../ipc/types";

/** Whether both are the same setting: nothing stored and a blank stored are one, as for GitLab. */
export function sameValue(a: FieldValue, b: FieldValue): boolean {
  const blank = ({ kind }: FieldValue) => kind === "unset" || kind === "empty";
  return (blank(a) && blank(b)) || JSON.stringify(a) === JSON.stringify(b);
}

/** The default's value of the field that is shown, where it was read. */
function valueOf({ values: [shown] }: KindDefault): FieldValue | null {
  return shown?.kind === "value" ? shown.value : null;
}

/** The defaults that have a value. */
export function defaultsWith(value: FieldValue, defaults: readonly KindDefault[]): KindDefault[] {
  return defaults.filter((each) => {
    const held = each.sets_default ? valueOf(each) : null;
    return held !== null && sameValue(held, value);
  });
}

/** A value as it is read, with the label of a choice. */
export function shownOf(value: FieldValue, label: string | null): Shown {
  return { kind: "value", value, label };
}
