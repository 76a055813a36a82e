import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";

const payments = "acme/platform/checkout/payments-api";

async function openForm() {
  const opened = await openWindow({ at: payments, slug: "jira" });
  await opened.user.click(await screen.findByTestId("edit-custom"));
  await screen.findByTestId("edit-field-url");
  return opened;
}

describe("the form for custom settings", () => {
  it("asks for the stored secret again when the address changes, and links to it", async () => {
    const { user } = await openForm();
    const url = screen.getByTestId("edit-field-url");
    await user.clear(url);
    await user.type(url, "https://jira.acme.example");
    await waitFor(() =>
      expect(screen.getByTestId("edit-problems")).toHaveTextContent("Password or API token"),
    );
    await user.click(screen.getByRole("button", { name: "Password or API token" }));
    expect(screen.getByTestId("edit-field-password"), "the link leads there").toHaveFocus();
    await user.keyboard("hunter2");
    await waitFor(() => expect(screen.queryByTestId("edit-problems"), "now it is complete").toBeNull());
  });

  it("goes on without a secret that the keychain remembers for the address", async () => {
    const { mock, user } = await openForm();
    const { checkDraft, makePlan } = mock.backend.commands;
    mock.backend.commands.checkDraft = async (...args) => {
      const answer = await checkDraft(...args);
      if (answer.status === "error") return answer;
      const problems = answer.data.problems.filter(({ field }) => field !== "password");
      const secrets = answer.data.secrets.map((need) => ({ ...need, remembered: need.state === "needed" }));
      return { ...answer, data: { ...answer.data, problems, secrets } };
    };
    mock.backend.commands.makePlan = async (request) => {
      const answer = await makePlan(request);
      if (answer.status === "error") return answer;
      const secrets = answer.data.secrets.map((asked) => ({ ...asked, remembered: asked.steps }));
      return { ...answer, data: { ...answer.data, secrets } };
    };
    const url = screen.getByTestId("edit-field-url");
    await user.clear(url);
    await user.type(url, "https://jira.acme.example");
    const password = screen.getByTestId("edit-field-password");
    await waitFor(() => expect(password).toHaveAccessibleDescription(/Remembered in the keychain/));
    expect(password, "nobody need type it").not.toBeRequired();
    expect(screen.queryByTestId("edit-problems"), "nothing is missing").toBeNull();
    await user.click(screen.getByTestId("review-plan"));
    await user.click(await screen.findByTestId("confirm-apply"));
    await waitFor(() =>
      expect(mock.calls.find(({ name }) => name === "applyPlan")?.args[1], "nothing typed is sent").toEqual(
        [],
      ),
    );
  });

  it("keeps typed text that breaks a rule", async () => {
    const { user } = await openForm();
    const url = screen.getByTestId("edit-field-url");
    await user.clear(url);
    await user.type(url, "jira");
    expect(await screen.findByText("Must start with http:// or https://"), "the rule").toBeVisible();
    expect(url, "what was typed stays").toHaveValue("jira");
    await waitFor(() => expect(url, "and is marked").toBeInvalid());
  });

  it("shows conditional settings when they matter", async () => {
    const { user } = await openForm();
    expect(screen.queryByTestId("edit-field-project_keys"), "off: no keys").toBeNull();
    await user.click(screen.getByTestId("edit-field-issues_enabled"));
    await user.type(screen.getByTestId("edit-field-project_keys"), "PAY,REF{Enter}");
    expect(screen.getByText("REF"), "each key a tag").toBeVisible();
  });

  it("has a key in the plan that is typed but not ended", async () => {
    const { mock, user } = await openForm();
    await user.click(screen.getByTestId("edit-field-issues_enabled"));
    await user.type(screen.getByTestId("edit-field-project_keys"), "PAY,NEWKEY");
    await waitFor(() => expect(screen.getByTestId("review-plan"), "it was checked").toBeEnabled());
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByTestId("plan-dialog");
    const asked = mock.calls.findIndex(({ name }) => name === "makePlan");
    const kept = mock.calls.slice(0, asked).filter(({ name }) => name === "keepDraft");
    expect(kept.at(-1)?.args[1], "what is planned").toMatchObject({
      fields: { project_keys: { kind: "list", value: ["PAY", "NEWKEY"] } },
    });
    const after = mock.calls.slice(asked).filter(({ name }) => name === "keepDraft");
    expect(after, "and nothing is typed after it").toEqual([]);
  });

  it("ends a key neither by an input method's Enter, nor twice", async () => {
    const { mock, user } = await openForm();
    await user.click(screen.getByTestId("edit-field-issues_enabled"));
    const keys = screen.getByTestId("edit-field-project_keys");
    await user.type(keys, "PA");
    fireEvent.keyDown(keys, { key: "Enter", isComposing: true });
    expect(keys, "still being typed").toHaveValue("PA");
    await user.type(keys, "Y{Enter}PAY{Enter}");
    await user.click(keys);
    await user.paste("REF, PAY,OPS");
    await user.tab();
    await waitFor(() =>
      expect(mock.calls.filter(({ name }) => name === "checkDraft").at(-1)?.args[1]).toMatchObject({
        fields: { project_keys: { kind: "list", value: ["PAY", "REF", "OPS"] } },
      }),
    );
    expect(screen.getAllByRole("button", { name: /^Remove/ }), "each once").toHaveLength(3);
  });

  it("leaves an unset setting unset when what was typed is taken away again, kept or not", async () => {
    const { mock, user } = await openForm();
    const prefix = screen.getByTestId("edit-field-jira_issue_prefix");
    await user.type(prefix, "PAY#");
    await waitFor(() => expect(mock.drafts.size, "kept meanwhile").toBe(1));
    await user.clear(prefix);
    await waitFor(() =>
      expect(mock.calls.filter(({ name }) => name === "keepDraft").at(-1)?.args[1]).toMatchObject({
        fields: { jira_issue_prefix: { kind: "unset" } },
      }),
    );
  });

  it("keeps the draft, without secrets, and finds it again", async () => {
    const { mock, user } = await openForm();
    await user.type(screen.getByTestId("edit-field-password"), "hunter2");
    await user.type(screen.getByTestId("edit-field-jira_issue_prefix"), "PAY#");
    await user.click(screen.getByTestId("edit-back"));
    await user.click(await screen.findByTestId("leave-leave"));
    await waitFor(() => expect(mock.drafts.size, "leaving keeps it").toBe(1));
    expect(JSON.stringify([...mock.drafts.values()]), "no secret in it").not.toContain("hunter2");
    await user.click(await screen.findByTestId("edit-custom"));
    expect(await screen.findByTestId("edit-field-jira_issue_prefix"), "there again").toHaveValue("PAY#");
    expect(screen.getByTestId("edit-field-password"), "the secret is not").toHaveValue("");
  });

  it("hands typed secrets to the plan and saves", async () => {
    const { mock, client, user } = await openForm();
    await user.type(screen.getByTestId("edit-field-password"), "hunter2");
    await user.type(screen.getByTestId("edit-field-jira_issue_prefix"), "PAY#");
    await waitFor(() => expect(screen.getByTestId("review-plan")).toBeEnabled());
    await user.click(screen.getByTestId("review-plan"));
    await user.click(await screen.findByTestId("confirm-apply"));
    expect(await screen.findByTestId("toast"), "the outcome").toHaveTextContent("Custom settings in use");
    const apply = mock.calls.find(({ name }) => name === "applyPlan");
    expect(apply?.args[1], "typed once, sent once").toEqual([{ field: "password", value: "hunter2" }]);
    await waitFor(() => expect(mock.drafts.size, "the draft is used up").toBe(0));
    await waitFor(() =>
      expect(client.getMutationCache().getAll(), "nothing that held the secret is kept").toEqual([]),
    );
  });

  it("says why nothing can be sent", async () => {
    const { mock } = await openForm();
    await act(() => mock.update({ safety: "read_only" }));
    expect(await screen.findByText(/set to change nothing/), "not for being offline").toBeVisible();
    expect(screen.queryByTestId("review-plan"), "not offered").toBeNull();
    await act(() => mock.update({ safety: "confirm_large", access: "review_only" }));
    expect(await screen.findByText(/may read, not change/), "by this token").toBeVisible();
  });

  it("switches off what is on, after saying what that does", async () => {
    const { mock, user } = await openForm();
    await user.click(screen.getByTestId("edit-enabled"));
    expect(screen.getByText(/disabling blanks these settings/), "said before anything").toBeVisible();
    expect(screen.getByTestId("edit-field-url"), "nothing to type meanwhile").toBeDisabled();
    await user.click(screen.getByTestId("review-plan"));
    const dialog = await screen.findByTestId("plan-dialog");
    expect(dialog, "and again in the plan").toHaveTextContent("Blanks all its settings");
    await user.click(screen.getByTestId("confirm-apply"));
    expect(await screen.findByTestId("toast"), "the outcome").toHaveTextContent("Switched off");
    const plan = mock.calls.find(({ name }) => name === "makePlan");
    expect(plan?.args[0], "no draft went with it").toMatchObject({ kind: "disable" });
  });
});

describe("a draft that is written slowly", () => {
  it("ends as it was typed last, whatever is written meanwhile", async () => {
    const { mock, user } = await openForm();
    const { keepDraft } = mock.backend.commands;
    const asked: string[] = [];
    let answer: () => void = () => undefined;
    mock.backend.commands.keepDraft = async (...args) => {
      asked.push(JSON.stringify(args[1].fields["jira_issue_prefix"]));
      if (asked.length === 1) await new Promise<void>((go) => (answer = go));
      return keepDraft(...args);
    };
    const prefix = screen.getByTestId("edit-field-jira_issue_prefix");
    fireEvent.change(prefix, { target: { value: "A" } });
    await waitFor(() => expect(asked.length, "the first is being written").toBe(1));
    fireEvent.change(prefix, { target: { value: "AB" } });
    await user.click(screen.getByTestId("edit-back"));
    await screen.findByTestId("edit-custom");
    expect(asked.length, "the second waits for it").toBe(1);
    act(() => answer());
    await waitFor(() => expect(asked.at(-1), "and comes last").toContain('"AB"'));
    await waitFor(() => expect(JSON.stringify([...mock.drafts.values()])).toContain('"AB"'));
  });
});
