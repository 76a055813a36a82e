import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";

async function openChanges(options: Parameters<typeof openWindow>[0] = { runs: true }) {
  const opened = await openWindow(options);
  await opened.user.click(await screen.findByTestId("view-changes"));
  return { ...opened, tray: await screen.findByTestId("tray") };
}

const called = ({ mock }: Awaited<ReturnType<typeof openWindow>>, name: string) =>
  mock.calls.filter((call) => call.name === name).map((call) => call.args);

describe("what waits and what was done", () => {
  it("counts what waits, and lists what is open before what was not begun", async () => {
    const { tray } = await openChanges();
    expect(screen.getByTestId("changes-count"), "two runs and a plan").toHaveTextContent("3");
    const lines = within(tray).getAllByRole("listitem");
    expect(
      lines.map((line) => line.getAttribute("data-testid")),
      "open runs first",
    ).toEqual(["tray-run-6", "tray-run-5", "tray-plan-7"]);
    expect(await screen.findByTestId("run-4"), "what came of it").toHaveTextContent(
      "201 applied, 4 already so, 3 conflicts, 3 refused, 3 failed",
    );
  });

  it("throws a plan away, and sends nothing", async () => {
    const opened = await openChanges();
    await opened.user.click(await screen.findByTestId("tray-discard"));
    await waitFor(() => expect(screen.queryByTestId("tray-plan-7"), "gone").toBeNull());
    expect(called(opened, "beginRun"), "nothing was applied").toEqual([]);
  });
});

describe("a plan of many steps", () => {
  it("is applied once its number is typed, with the secrets given", async () => {
    const opened = await openChanges();
    await opened.user.click(await screen.findByTestId("tray-review"));
    const apply = await screen.findByTestId("plan-apply");
    await opened.user.type(await screen.findByTestId("plan-count"), "2124");
    expect(apply, "another number is none").toBeDisabled();
    await opened.user.type(screen.getByTestId("plan-secret-password"), "new one");
    await opened.user.clear(screen.getByTestId("plan-count"));
    await opened.user.type(screen.getByTestId("plan-count"), "2,125{Control>}{Enter}{/Control}");
    expect(await screen.findByTestId("run-page"), "it became a run").toHaveAttribute("data-state", "running");
    expect(called(opened, "beginRun"), "once, with the secret").toEqual([
      [7, [{ field: "password", value: "new one" }], 2125],
    ]);
  });

  it("says where its file was saved", async () => {
    const { user } = await openChanges();
    await user.click(await screen.findByTestId("tray-review"));
    await user.click(await screen.findByTestId("plan-export"));
    expect(await screen.findByText("/home/d.whitfield/Downloads/heirloom-plan-7.json")).toBeVisible();
  });

  it("says why it can't be applied while offline", async () => {
    const { user } = await openChanges({
      runs: true,
      connection: { reach: { state: "offline", since: new Date().toISOString(), why: "refused" } },
    });
    await user.click(await screen.findByTestId("tray-review"));
    expect(await screen.findByTestId("plan-apply"), "not offered").toBeDisabled();
    expect(screen.getByText(/^Offline: nothing can be changed/), "with the reason").toBeVisible();
    expect(screen.queryByTestId("plan-count"), "no number is asked for").toBeNull();
  });
});

describe("a run", () => {
  it("leaves a conflict as GitLab has it, and needs nobody for it any more", async () => {
    const opened = await openChanges();
    await opened.user.click(await screen.findByTestId("run-4"));
    await opened.user.click(await screen.findByRole("button", { name: /^Needs you/ }));
    const detail = await screen.findByTestId("step-detail");
    await waitFor(() => expect(detail, "the first that needs somebody").toHaveTextContent("Step 4"));
    expect(within(detail).getByTestId("change-url"), "planned beside found").toHaveTextContent(
      "https://acme.atlassian.net",
    );
    await opened.user.click(within(detail).getByTestId("step-keep"));
    expect(await screen.findByRole("button", { name: "Needs you 8" }), "one less").toBeVisible();
    expect(called(opened, "keepSteps"), "that one alone").toEqual([[4, [4]]]);
  });

  it("is paused by a key", async () => {
    const opened = await openChanges();
    await opened.user.click(within(screen.getByTestId("tray-run-6")).getByRole("button", { name: "Open" }));
    await screen.findByTestId("run-pause");
    await opened.user.keyboard("p");
    expect(await screen.findByTestId("run-resume"), "it can go on").toBeVisible();
  });

  it("leads to a plan that takes it back", async () => {
    const { user } = await openChanges();
    await user.click(await screen.findByTestId("run-4"));
    await user.click(await screen.findByTestId("run-undo"));
    expect(await screen.findByRole("heading", { name: "Jira issues: take back run 4" })).toBeVisible();
    expect(screen.getByTestId("plan-meta"), "what was applied").toHaveTextContent("201 steps");
  });
});

describe("a change of many scopes", () => {
  it("is planned from a whole column of the matrix, whose rows the app looks up", async () => {
    const opened = await openWindow({});
    await opened.user.click(await screen.findByTestId("view-matrix"));
    await screen.findByTestId("matrix-row-acme/data");
    screen.getByTestId("matrix-grid").focus();
    await opened.user.keyboard("{Control>} {/Control}");
    await screen.findByText("102 selected");
    await opened.user.keyboard("u");
    expect(await screen.findByTestId("plan-review"), "shown before anything is sent").toBeVisible();
    const [[request]] = called(opened, "planMany") as [[{ slug: string; selection: { spans: unknown } }]];
    expect(request.selection.spans, "a span, no list").toEqual([{ first: 0, last: 101 }]);
  });

  it("is planned for everything below a group", async () => {
    const opened = await openWindow({ at: "acme/platform", slug: "jira" });
    await opened.user.click(await screen.findByTestId("compare-more"));
    await opened.user.click(await screen.findByTestId("change-below"));
    await opened.user.click(await screen.findByTestId("below-make"));
    expect(
      await screen.findByRole("heading", {
        name: "Jira issues: use default settings below acme/platform (custom)",
      }),
      "with its filter",
    ).toBeVisible();
  });

  it("keeps what was typed when there is nothing to plan, and says so beside it", async () => {
    const { user } = await openWindow({ at: "acme/platform", slug: "jira" });
    await user.click(await screen.findByTestId("compare-more"));
    await user.click(await screen.findByTestId("change-below"));
    await user.type(await screen.findByTestId("below-text"), "nothing is called this");
    await user.click(screen.getByTestId("below-make"));
    expect(await screen.findByTestId("below-problem"), "why there is no plan").toHaveTextContent(
      "Nothing to do",
    );
    expect(screen.getByTestId("below-text"), "to be mended").toHaveValue("nothing is called this");
  });
});
