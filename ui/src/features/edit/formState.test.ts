import { describe, expect, it } from "vitest";
import type { EditForm, FormField } from "../../ipc/types";
import {
  before,
  begin,
  boxLabel,
  isShown,
  reduce,
  secretInputs,
  typedSecrets,
  valueOf,
  worded,
} from "./formState";

const field = { name: "url", control: "text", shown_if: null } as unknown as FormField;
const form = {
  draft: { fields: { url: { kind: "text", value: "https://a" } }, events: { push_events: true } },
} as unknown as EditForm;

describe("what stands in the form", () => {
  it("keeps secrets out of the draft", () => {
    const state = reduce(begin(form), { kind: "secret", name: "password", value: "hunter2" });
    expect(JSON.stringify(state.draft), "the draft goes to disk").not.toContain("hunter2");
    expect(secretInputs(state), "and the secret to the plan").toEqual([
      { field: "password", value: "hunter2" },
    ]);
  });

  it("forgets a secret that was emptied again", () => {
    const typed = reduce(begin(form), { kind: "secret", name: "password", value: "x" });
    expect(
      typedSecrets(reduce(typed, { kind: "secret", name: "password", value: "" })),
      "nothing to send",
    ).toEqual([]);
  });

  it("stays dirty when typing went on while the draft was being kept", () => {
    const first = reduce(begin(form), { kind: "event", name: "push_events", on: false });
    const second = reduce(first, { kind: "field", name: "url", value: { kind: "text", value: "https://b" } });
    expect(reduce(second, { kind: "kept", draft: first.draft }).dirty, "the second edit isn't kept yet").toBe(
      true,
    );
    expect(reduce(second, { kind: "kept", draft: second.draft }).dirty, "now it is").toBe(false);
  });

  it("tells a cleared setting from one that was never set", () => {
    expect(valueOf("", field, { kind: "text", value: "https://a" }), "something was stored").toEqual({
      kind: "empty",
    });
    expect(valueOf("", field, { kind: "unset" }), "nothing was").toEqual({ kind: "unset" });
  });

  it("takes what a field held before from what is stored, not from a draft", () => {
    const begun = { fields: { url: { kind: "text" as const, value: "typed once" } }, events: {} };
    const unset = { kind: "value" as const, value: { kind: "unset" as const }, label: null };
    const some = {
      kind: "value" as const,
      value: { kind: "text" as const, value: "https://a" },
      label: null,
    };
    const none = { kind: "none" as const };
    expect(before({ ...field, own: unset, default: some }, begun), "stored").toEqual(unset.value);
    expect(before({ ...field, own: none, default: some }, begun), "a new row's default").toEqual(some.value);
    expect(before({ ...field, own: none, default: none }, begun), "neither").toEqual(begun.fields.url);
  });

  it("shows a conditional setting only with the right choice, a box never ticked meaning no", () => {
    const keys = { ...field, shown_if: { field: "issues_enabled", one_of: ["true"] } };
    const off = { ...keys, shown_if: { field: "issues_enabled", one_of: ["false"] } };
    const draft = { fields: {}, events: {} };
    expect(isShown(keys, draft), "not ticked").toBe(false);
    expect(isShown(off, draft), "wanted for no").toBe(true);
    const ticked = { ...draft, fields: { issues_enabled: { kind: "bool" as const, value: true } } };
    expect(isShown(keys, ticked), "ticked").toBe(true);
  });

  it("calls a setting what it is under the choice made, and wants it when that choice does", () => {
    const when = { field: "jira_auth_type", one_of: ["1"] };
    const password = {
      ...field,
      title: "Password",
      help: "Of the account.",
      variants: [{ when, title: "Access token", help: "" }],
      required: false,
      required_if: { field: "jira_auth_type", one_of: ["0", ""] },
    };
    const basic = { fields: {}, events: {} };
    const token = { fields: { jira_auth_type: { kind: "integer" as const, value: "1" } }, events: {} };
    expect(worded(password, basic), "nothing chosen").toMatchObject({ title: "Password", required: true });
    expect(worded(password, token), "another name, the same help").toMatchObject({
      title: "Access token",
      help: "Of the account.",
      required: false,
    });
  });

  it("puts a box's own words beside it, and the help only where there are none", () => {
    const box = { ...field, title: "Logs", help: "Costs extra.", checkbox_label: "Collect logs" };
    expect(boxLabel(box), "its own words").toBe("Collect logs");
    expect(boxLabel({ ...box, checkbox_label: "" }), "else the help").toBe("Costs extra.");
    expect(boxLabel({ ...box, checkbox_label: "", help: "" }), "else the label").toBe("Logs");
  });
});
