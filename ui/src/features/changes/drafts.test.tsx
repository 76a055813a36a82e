import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";
import type { Draft, IntegrationRef } from "../../ipc/types";

const payments = "acme/platform/checkout/payments-api";
const cart = "acme/platform/checkout/cart-service";
type Opened = Awaited<ReturnType<typeof openWindow>>;

const called = ({ mock }: Opened, name: string) =>
  mock.calls.filter((call) => call.name === name).map((call) => call.args);

/** A draft of what a scope has, with one field changed. */
async function keep({ mock }: Opened, path: string, slug: string, field: string, text: string) {
  const scope = [...mock.company.all.values()].find((each) => each.path === path);
  if (!scope) throw new Error(`There is no ${path}.`);
  const at: IntegrationRef = { connection: 1, scope: scope.ref, slug };
  const form = await mock.backend.commands.editForm(at);
  if (form.status !== "ok") throw new Error("no form");
  const fields: Draft["fields"] = { ...form.data.draft.fields, [field]: { kind: "text", value: text } };
  await mock.backend.commands.keepDraft(at, { ...form.data.draft, fields });
}

/** Changes with drafts: of payments-api, and where it is asked for, more. */
async function openTray(more: [path: string, slug: string, field: string, text: string][] = []) {
  const opened = await openWindow({});
  await keep(opened, payments, "jira", "jira_issue_prefix", "PAY#");
  for (const each of more) await keep(opened, ...each);
  await opened.user.click(await screen.findByTestId("view-changes"));
  await screen.findByTestId("tray-drafts");
  return opened;
}

describe("drafts in the tray", () => {
  it("are planned together, one step each, and applied", async () => {
    const opened = await openTray([[cart, "jira", "jira_issue_prefix", "CART#"]]);
    const { mock, user } = opened;
    await user.click(await screen.findByRole("button", { name: /^Review 2 drafts/ }));
    expect(
      await screen.findByRole("heading", { name: "Jira issues: save the drafts in 2 scopes" }),
      "one plan",
    ).toBeVisible();
    expect(screen.getByTestId("plan-meta")).toHaveTextContent("2 steps");
    const diff = await screen.findByTestId("step-diff");
    expect(diff, "before and after").toHaveTextContent(/PAY#|CART#/);
    expect(mock.drafts.size, "they stay until GitLab has them").toBe(2);
    const secret = screen.queryByTestId("plan-secret-password");
    if (secret) await user.type(secret, "hunter2");
    await user.click(screen.getByTestId("plan-apply"));
    await screen.findByTestId("run-page");
    await waitFor(() => expect(mock.drafts.size, "then they are used up").toBe(0));
  });

  it("say at once what the local copy knows against them, before any plan is asked for", async () => {
    const opened = await openWindow({});
    const { mock, user } = opened;
    await keep(opened, payments, "jira", "jira_issue_prefix", "PAY#");
    const { listDrafts } = mock.backend.commands;
    mock.backend.commands.listDrafts = async (...args) => {
      const answer = await listDrafts(...args);
      if (answer.status === "error") return answer;
      return { ...answer, data: answer.data.map((draft) => ({ ...draft, why: "Its settings changed." })) };
    };
    await user.click(await screen.findByTestId("view-changes"));
    expect(await screen.findByTestId("draft-left"), "beside the draft").toHaveTextContent(
      "Its settings changed.",
    );
    expect(called(opened, "planDrafts"), "nothing was planned for that").toEqual([]);
  });

  it("are ticked one by one, and only those are planned", async () => {
    const opened = await openTray([[cart, "jira", "jira_issue_prefix", "CART#"]]);
    const { user } = opened;
    const all = await screen.findByRole("checkbox", { name: "All 2 drafts" });
    expect(all, "all go along at first").toBeChecked();
    await user.click(screen.getByRole("checkbox", { name: `Take along: Jira issues, ${cart}` }));
    expect(all, "some of them").toBePartiallyChecked();
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByTestId("plan-review");
    const [planned] = called(opened, "planDrafts") as [[number, IntegrationRef[]]];
    expect(planned[1], "the other one").toHaveLength(1);
    expect(screen.getByTestId("plan-meta")).toHaveTextContent("1 step");
  });

  it("become a plan for each integration, and wait in the tray", async () => {
    const opened = await openTray([[cart, "slack", "username", "bot"]]);
    await opened.user.click(await screen.findByTestId("drafts-review"));
    expect(await screen.findByTestId("toast")).toHaveTextContent("2 plans made, one for each integration");
    await waitFor(() =>
      expect(within(screen.getByTestId("tray")).getAllByRole("listitem"), "both").toHaveLength(2),
    );
    expect(screen.getAllByTestId("tray-draft"), "no draft is gone").toHaveLength(2);
  });

  it("say why they get into no plan, beside the draft, and are kept", async () => {
    const opened = await openTray([[cart, "youtrack", "project_url", "nonsense"]]);
    const { mock, user } = opened;
    await user.click(screen.getByRole("checkbox", { name: `Take along: Jira issues, ${payments}` }));
    await user.click(await screen.findByTestId("drafts-review"));
    const why = await screen.findByTestId("draft-left");
    expect(why, "the reason").toHaveTextContent("Project URL: Must start with http:// or https://");
    expect(
      screen.getByRole("checkbox", { name: new RegExp(`${cart}$`) }),
      "told with its tick",
    ).toHaveAccessibleDescription(/^Project URL/);
    expect(mock.drafts.size, "nothing is lost").toBe(2);
    expect(screen.queryByTestId("plan-review"), "nothing to look at").toBeNull();
  });

  it("are thrown away together, after a question", async () => {
    const opened = await openTray([[cart, "jira", "jira_issue_prefix", "CART#"]]);
    const { mock, user } = opened;
    await user.click(await screen.findByTestId("drafts-discard"));
    expect(mock.drafts.size, "not yet").toBe(2);
    await user.click(await screen.findByTestId("drafts-discard-go"));
    await waitFor(() => expect(screen.queryByTestId("tray-drafts"), "none waits").toBeNull());
    expect(mock.drafts.size).toBe(0);
  });

  it("are not sent while nothing may be", async () => {
    const opened = await openWindow({ connection: { safety: "read_only" } });
    await keep(opened, payments, "jira", "jira_issue_prefix", "PAY#");
    await opened.user.click(await screen.findByTestId("view-changes"));
    expect(await screen.findByTestId("drafts-review")).toBeDisabled();
    expect(screen.getByTestId("tray-drafts"), "with the reason").toHaveTextContent(/set to change nothing/);
  });
});
