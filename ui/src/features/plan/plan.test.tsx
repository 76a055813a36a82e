import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";

type Opened = Awaited<ReturnType<typeof openWindow>>;

const payments = "acme/platform/checkout/payments-api";
const asked = { field: "password", title: "Password or API token", steps: 1 };
const called = ({ mock }: Opened, name: string) =>
  mock.calls.filter((call) => call.name === name).map((call) => call.args);

/** The form of a group's default, with a setting and a secret typed, on the way to its plan. */
async function reviewGroup() {
  const opened = await openWindow({ at: "acme/platform", slug: "jira" });
  const { user } = opened;
  await user.click(await screen.findByTestId("edit-custom"));
  await user.type(await screen.findByTestId("edit-field-password"), "hunter2");
  await user.type(screen.getByTestId("edit-field-jira_issue_prefix"), "PAY#");
  await waitFor(() => expect(screen.getByTestId("review-plan"), "it was checked").toBeEnabled());
  await user.click(screen.getByTestId("review-plan"));
  await screen.findByTestId("plan-review");
  return opened;
}

/** The plan of one project going back to its default, which wants a secret that may be remembered. */
async function reviewSecret(remembered: number) {
  const opened = await openWindow({ at: payments, slug: "jira" });
  const { commands } = opened.mock.backend;
  const make = commands.makePlan;
  commands.makePlan = async (request) => {
    const answer = await make(request);
    if (answer.status !== "ok") return answer;
    const [step] = answer.data.steps;
    const secrets = [{ ...asked, remembered }];
    return {
      ...answer,
      data: { ...answer.data, secrets, steps: step ? [{ ...step, secrets: [asked] }] : [] },
    };
  };
  await opened.user.click(await screen.findByTestId("use-default"));
  await screen.findByTestId("plan-dialog");
  return opened;
}

describe("the plan of one group's default", () => {
  it("is a page with everybody it touches, to be searched and exported", async () => {
    const opened = await reviewGroup();
    const { user } = opened;
    expect(screen.queryByTestId("plan-dialog"), "no dialog that shows some of them").toBeNull();
    expect(
      screen.getByRole("heading", { name: "Jira issues: set custom settings in acme/platform" }),
      "what it is",
    ).toBeVisible();
    const change = await screen.findByTestId("blast-change");
    await user.click(within(change).getByText(/to change$/));
    await user.type(await within(change).findByRole("searchbox"), "cart-service");
    expect(await within(change).findByText("cart-service"), "found among all").toBeVisible();
    expect(screen.getByTestId("plan-export")).toBeEnabled();
  });

  it("offers to ask who may be switched on, with the cost", async () => {
    const { user } = await openWindow({ at: "acme/platform", slug: "asana" });
    await user.click(await screen.findByTestId("edit-custom"));
    await user.type(await screen.findByTestId("edit-field-server_url"), "https://asana.acme.example");
    await waitFor(() => expect(screen.getByTestId("review-plan"), "it was checked").toBeEnabled());
    await user.click(screen.getByTestId("review-plan"));
    expect(await screen.findByTestId("ask-maybe")).toHaveTextContent(/^Look them up: about \d+/);
    await user.click(screen.getByTestId("ask-maybe"));
    expect(await screen.findByTestId("blast-switch_on"), "then it is known").toBeVisible();
  });

  it("brings along the secret that was typed in the form, and keeps it nowhere else", async () => {
    const opened = await reviewGroup();
    const { user } = opened;
    const secret = await screen.findByTestId("plan-secret-password");
    expect(secret, "typed once").toHaveValue("hunter2");
    expect(screen.getByTestId("plan-lacking"), "nothing is missing").toBeEmptyDOMElement();
    await user.click(screen.getByRole("button", { name: "Changes" }));
    await user.click(await screen.findByTestId("tray-review"));
    expect(await screen.findByTestId("plan-secret-password"), "gone with the page").toHaveValue("");
  });

  it("is applied as a run, once its number is typed, and uses the draft up", async () => {
    const opened = await reviewGroup();
    const { mock, user } = opened;
    const count = await screen.findByTestId("plan-count");
    await user.type(count, count.getAttribute("placeholder") ?? "");
    await user.click(screen.getByTestId("plan-apply"));
    expect(await screen.findByTestId("run-page"), "with its progress").toBeVisible();
    const [begun] = called(opened, "beginRun");
    expect(begun?.[1], "with the secret").toEqual([{ field: "password", value: "hunter2" }]);
    await waitFor(() => expect(mock.drafts.size, "the draft is in GitLab").toBe(0));
  });

  it("stays a dialog where nobody else is touched", async () => {
    const { user } = await openWindow({ at: payments, slug: "jira" });
    await user.click(await screen.findByTestId("use-default"));
    expect(await screen.findByTestId("plan-dialog")).toBeVisible();
    expect(screen.queryByTestId("plan-review")).toBeNull();
  });
});

describe("a secret that the plan of one scope wants", () => {
  it("need not be typed where the keychain remembers it", async () => {
    const opened = await reviewSecret(1);
    const field = screen.getByTestId("confirm-secret-password");
    expect(field, "says where it is").toHaveAccessibleDescription(
      "In the keychain for the step that needs it: type only to replace it",
    );
    expect(field, "nothing is filled in").toHaveValue("");
    expect(field).not.toBeRequired();
    await opened.user.click(screen.getByTestId("confirm-apply"));
    await waitFor(() => expect(called(opened, "applyPlan"), "sent").toHaveLength(1));
    expect(called(opened, "applyPlan")[0]?.[1], "nothing typed goes along").toEqual([]);
  });

  it("replaces the remembered one where it is typed", async () => {
    const opened = await reviewSecret(1);
    await opened.user.type(screen.getByTestId("confirm-secret-password"), "another");
    await opened.user.click(screen.getByTestId("confirm-apply"));
    await waitFor(() =>
      expect(called(opened, "applyPlan")[0]?.[1]).toEqual([{ field: "password", value: "another" }]),
    );
  });

  it("is wanted where nobody remembers it", async () => {
    const { user } = await reviewSecret(0);
    expect(screen.getByTestId("confirm-secret-password"), "must be typed").toBeRequired();
    expect(screen.getByTestId("confirm-apply"), "not without it").toBeDisabled();
    await user.type(screen.getByTestId("confirm-secret-password"), "typed");
    expect(screen.getByTestId("confirm-apply")).toBeEnabled();
  });
});
