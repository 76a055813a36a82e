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

describe("the way back by key", () => {
  it("is a plan to look at, made from the run that ended last", async () => {
    const opened = await openWindow({ runs: true });
    const filter = await screen.findByTestId("tree-filter");
    await opened.user.type(filter, "pay{Control>}z{/Control}");
    expect(called(opened, "planUndo"), "a field takes back what was typed").toEqual([]);
    filter.blur();
    await opened.user.keyboard("{Control>}z{/Control}");
    expect(await screen.findByTestId("plan-review"), "nothing is sent before it was seen").toBeVisible();
    expect(called(opened, "planUndo"), "all of its steps").toEqual([[4, null]]);
  });
});

describe("a plan of many steps", () => {
  it("is applied once its number is typed, with the secrets given", async () => {
    const opened = await openChanges();
    await opened.user.click(await screen.findByTestId("tray-review"));
    const apply = await screen.findByTestId("plan-apply");
    await opened.user.type(await screen.findByTestId("plan-count"), "2151");
    expect(apply, "another number is none").toBeDisabled();
    await opened.user.type(screen.getByTestId("plan-secret-password"), "new one");
    await opened.user.clear(screen.getByTestId("plan-count"));
    await opened.user.type(screen.getByTestId("plan-count"), "2,152{Control>}{Enter}{/Control}");
    expect(await screen.findByTestId("run-page"), "it became a run").toHaveAttribute("data-state", "running");
    expect(called(opened, "beginRun"), "once, with the secret").toEqual([
      [7, [{ field: "password", value: "new one" }], false, 2152],
    ]);
  });

  it("asks the keychain to remember only where somebody ticks it", async () => {
    const opened = await openChanges();
    await opened.user.click(await screen.findByTestId("tray-review"));
    const remember = await screen.findByRole("checkbox", { name: "Remember in keychain" });
    expect(remember, "off until somebody wants it").not.toBeChecked();
    expect(remember, "says what for").toHaveAccessibleDescription(/^For later undo and repeats/);
    await opened.user.click(remember);
    await opened.user.type(screen.getByTestId("plan-secret-password"), "new one");
    await opened.user.type(screen.getByTestId("plan-count"), "2152{Control>}{Enter}{/Control}");
    await screen.findByTestId("run-page");
    expect(called(opened, "beginRun")[0]?.[2], "asked for").toBe(true);
  });

  it("counts the steps that lack a secret, and applies the others", async () => {
    const { user } = await openChanges();
    await user.click(await screen.findByTestId("tray-review"));
    const lacking = await screen.findByTestId("plan-lacking");
    expect(lacking, "two of four find theirs in the keychain").toHaveTextContent(/^2 steps lack a secret/);
    expect(screen.getByTestId("plan-apply")).toHaveTextContent("Apply 211 of 213 steps");
    const group = await screen.findByRole("option", { name: /acme\/platform.*password missing/ });
    expect(group, "the step says which").toBeVisible();
    await user.type(screen.getByTestId("plan-secret-password"), "x");
    expect(lacking, "given").toBeEmptyDOMElement();
    expect(screen.getByTestId("plan-apply")).toHaveTextContent("Apply 213 steps");
  });

  it("leaves a step out by Space, with those that need it, and takes them in again", async () => {
    const opened = await openChanges();
    await opened.user.click(await screen.findByTestId("tray-review"));
    const list = await screen.findByTestId("plan-steps");
    const first = await within(list).findByRole("option", { name: /Set custom settings/ });
    expect(first, "in").toHaveAttribute("aria-checked", "true");
    list.focus();
    await opened.user.keyboard("{ArrowDown} ");
    await waitFor(() => expect(screen.getByTestId("plan-meta"), "one less").toHaveTextContent("212 steps"));
    expect(screen.getByTestId("plan-meta")).toHaveTextContent("1 step left out by you");
    await opened.user.keyboard("{ArrowUp} ");
    expect(await screen.findByText(/^Left out, too: .* They take their default/), "said").toBeVisible();
    await waitFor(() => expect(screen.getByTestId("plan-apply"), "nothing is left to apply").toBeDisabled());
    expect(screen.getByText(/^Every step is left out/)).toBeVisible();
    await opened.user.keyboard(" ");
    await waitFor(() =>
      expect(screen.getByTestId("plan-meta"), "all but the one that was wished out").toHaveTextContent(
        "212 steps",
      ),
    );
    expect(called(opened, "leaveOut").map(([run, , out]) => [run, out])).toEqual([
      [7, true],
      [7, true],
      [7, false],
    ]);
  });

  it("takes all that are listed out and in by one tick", async () => {
    const { user } = await openChanges();
    await user.click(await screen.findByTestId("tray-review"));
    await user.type(await screen.findByTestId("step-filter"), "consent-banner");
    const all = await screen.findByRole("checkbox", { name: /^Include the \d+ steps listed$/ });
    await user.click(all);
    await waitFor(() => expect(all).not.toBeChecked());
    await user.clear(screen.getByTestId("step-filter"));
    const whole = await screen.findByRole("checkbox", { name: "Include all 213 steps" });
    await waitFor(() => expect(whole, "some are out").toBePartiallyChecked());
  });

  it("sums up what all steps change", async () => {
    const { user } = await openChanges();
    await user.click(await screen.findByTestId("tray-review"));
    const sums = await screen.findByTestId("plan-sums");
    expect(within(sums).getByRole("row", { name: /^Web URL/ }), "how many").toHaveTextContent("213");
  });

  it("says what it costs and the least it takes", async () => {
    const { user } = await openChanges();
    await user.click(await screen.findByTestId("tray-review"));
    const cost = await screen.findByText(/^639 requests/);
    expect(cost).toHaveTextContent("15 seconds or more, as fast as GitLab answered last.");
  });

  it("looks up who may be switched on, says how far it is, and stops when asked to", async () => {
    const { user } = await openChanges();
    await user.click(await screen.findByTestId("tray-review"));
    const ask = await screen.findByTestId("ask-maybe");
    expect(ask, "its cost before it starts").toHaveTextContent("about 31 requests");
    await user.click(ask);
    await user.click(await screen.findByTestId("ask-stop"));
    expect(await screen.findByTestId("ask-maybe"), "some are left to ask").toBeVisible();
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
  it("shows what the keychain remembers of it, and forgets it", async () => {
    const opened = await openChanges();
    await opened.user.click(await screen.findByTestId("run-4"));
    const remembered = await screen.findByTestId("remembered");
    expect(remembered).toHaveTextContent("New API token or password of 1 scope");
    await opened.user.click(screen.getByTestId("forget-secrets"));
    await waitFor(() => expect(screen.queryByTestId("remembered"), "gone").toBeNull());
    expect(called(opened, "forgetSecrets")).toEqual([[4]]);
  });

  it("counts what failed and what remains", async () => {
    const { user } = await openChanges();
    await user.click(within(screen.getByTestId("tray-run-6")).getByRole("button", { name: "Open" }));
    expect(await screen.findByTestId("run-failing")).toHaveTextContent("31 didn’t go through");
    expect(screen.getByTestId("run-remaining")).toHaveTextContent("478 remaining");
    expect(screen.getByTestId("run-paused"), "it waits, and says how long").toHaveTextContent(
      "GitLab asked to wait: goes on in 12 seconds",
    );
    expect(screen.getByTestId("status-paused"), "so does the status line").toHaveTextContent(
      "GitLab asked to wait, goes on in 12 seconds",
    );
  });

  it("tells whom a default may reach apart from those it does", async () => {
    const { user } = await openChanges();
    await user.click(within(screen.getByTestId("tray-run-6")).getByRole("button", { name: "Open" }));
    expect(await screen.findByTestId("following")).toHaveTextContent(
      "912 of the 1,000 scopes that are read match",
    );
    expect(screen.getByTestId("following-maybe"), "nobody looked at them yet").toHaveTextContent(
      "41 scopes more may be reached: they are looked at once, at the end.",
    );
  });

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

  it("leads, once it is cancelled, to a plan of what was not sent", async () => {
    const opened = await openChanges();
    const { user } = opened;
    await user.click(within(screen.getByTestId("tray-run-6")).getByRole("button", { name: "Open" }));
    expect(screen.queryByTestId("run-again"), "while it goes on there is nothing to plan").toBeNull();
    await user.click(await screen.findByTestId("run-cancel"));
    const again = await screen.findByTestId("run-again");
    expect(again, "what failed, and the 478 that were not sent").toHaveTextContent("Plan 509 steps again");
    await user.click(again);
    expect(await screen.findByTestId("plan-apply"), "shown before anything is sent").toBeVisible();
    expect(called(opened, "planAgain"), "all of it").toEqual([[6, null]]);
  });

  it("leads, closed, to a plan of what was not sent", async () => {
    const { user } = await openChanges();
    await user.click(within(screen.getByTestId("tray-run-5")).getByRole("button", { name: /Run 5/ }));
    await user.click(await screen.findByTestId("run-close"));
    expect(await screen.findByTestId("run-again")).toHaveTextContent("Plan the 429 not sent");
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
    const [[request]] = called(opened, "planMany") as [
      [{ slug: string; selection: { spans: unknown; order: unknown } }],
    ];
    expect(request.selection.spans, "a span, no list").toEqual([{ first: 0, last: 101 }]);
    expect(request.selection.order, "bound to the rows that were seen").toMatch(/^instance:0 /);
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
