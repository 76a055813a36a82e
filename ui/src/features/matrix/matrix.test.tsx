import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";

async function openMatrix(options: Parameters<typeof openWindow>[0] = {}) {
  const opened = await openWindow(options);
  await opened.user.click(await screen.findByTestId("view-matrix"));
  const grid = await screen.findByTestId("matrix-grid");
  await screen.findByTestId("matrix-row-acme/data");
  return { ...opened, grid };
}

const cell = (path: string, column: string) => {
  const row = screen.getByTestId(`matrix-row-${path}`);
  const at = screen.getByTestId(`matrix-column-${column}`).getAttribute("aria-colindex");
  const found = within(row)
    .getAllByRole("gridcell")
    .find((each) => each.getAttribute("aria-colindex") === at);
  if (!found) throw new Error(`${path} has no ${column}`);
  return found;
};

describe("the matrix", () => {
  it("says what each cell is, also without its shape", async () => {
    const { grid } = await openMatrix();
    expect(grid, "its size is told, though not all of it is drawn").toHaveAttribute("aria-rowcount", "103");
    expect(cell("acme", "jira"), "what is below").toHaveAccessibleName(
      "Jira issues, acme: Not set, 6 custom below",
    );
    expect(cell("acme", "emails-on-push"), "who sets a default").toHaveAccessibleName(
      "Emails on push, acme: Custom, sets a default",
    );
  });

  it("selects a block by keys, says what it is, and lets go of it", async () => {
    const { grid, user } = await openMatrix();
    grid.focus();
    await user.keyboard("{ArrowDown}{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    expect(await screen.findByText("3 selected"), "three cells").toBeVisible();
    expect(await screen.findByText("Jira issues in 3 groups: 3 not set"), "what they are").toBeVisible();
    await user.keyboard("{Escape}{Escape}");
    await waitFor(() => expect(screen.queryByText("3 selected"), "let go").toBeNull());
  });

  it("says that a selection is let go of when the rows are others, and how many match", async () => {
    const { grid, user } = await openMatrix();
    grid.focus();
    await user.keyboard("{ArrowDown}{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    expect(await screen.findByText("3 selected"), "three cells").toBeVisible();
    await user.type(screen.getByTestId("matrix-filter"), "payments-api");
    const said = await screen.findByText("3 no longer selected: the rows changed");
    expect(said, "heard, too").toHaveAttribute("role", "status");
    expect(screen.queryByText("3 selected"), "what was selected by its place means nothing").toBeNull();
    expect(await screen.findByText("2 of 102 scopes"), "what was found").toHaveAttribute("role", "status");
    (await screen.findByTestId("matrix-grid")).focus();
    await user.keyboard(" ");
    expect(await screen.findByText("1 selected"), "another selection").toBeVisible();
    expect(said, "the old one is spoken of no more").toBeEmptyDOMElement();
  });

  it("counts a whole column without fetching its rows", async () => {
    const { grid, user } = await openMatrix();
    grid.focus();
    await user.keyboard("{Control>} {/Control}");
    expect(await screen.findByText("102 selected"), "every row").toBeVisible();
  });

  it("folds what is below a group, and unfolds it", async () => {
    const { grid, user } = await openMatrix();
    grid.focus();
    await user.keyboard("{ArrowDown}{ArrowLeft}{ArrowLeft}");
    await waitFor(() => expect(screen.queryByTestId("matrix-row-acme/data"), "folded away").toBeNull());
    await user.keyboard("{ArrowRight}");
    expect(await screen.findByTestId("matrix-row-acme/data"), "back").toBeVisible();
  });

  it("opens the scope's comparison, and comes back to where it was", async () => {
    const { grid, user } = await openMatrix();
    grid.focus();
    await user.keyboard("{ArrowDown}{Enter}");
    expect(await screen.findByRole("heading", { level: 1, name: "acme" }), "that scope").toBeVisible();
    await user.keyboard("{Alt>}{ArrowLeft}{/Alt}");
    const back = await screen.findByTestId("matrix-grid");
    await waitFor(() =>
      expect(document.getElementById(back.getAttribute("aria-activedescendant") ?? "")).toHaveAccessibleName(
        /Jira issues, acme:/,
      ),
    );
  });

  it("finds rows by a value, and offers all of them where none has it", async () => {
    const { user } = await openMatrix();
    await user.type(screen.getByTestId("matrix-value"), "jira-old");
    expect(await screen.findByTestId("matrix-row-acme/platform/checkout/payments-api")).toBeVisible();
    await user.type(screen.getByTestId("matrix-value"), "er");
    await user.click(await screen.findByRole("button", { name: "Show all scopes" }));
    expect(await screen.findByTestId("matrix-row-acme/data"), "all again").toBeVisible();
  });

  it("offers default settings for one custom cell, through a plan", async () => {
    const { user } = await openMatrix();
    await user.type(screen.getByTestId("matrix-filter"), "payments-api");
    await screen.findByTestId("matrix-row-acme/platform/checkout/payments-api");
    await user.click(cell("acme/platform/checkout/payments-api", "jira"));
    await user.click(await screen.findByTestId("matrix-use-default"));
    expect(await screen.findByTestId("plan-dialog"), "asked first").toHaveTextContent(
      "Use default settings for Jira issues in payments-api?",
    );
  });

  it("acts on the one cell that is selected, wherever the focus went since", async () => {
    const { grid, user } = await openMatrix();
    await user.type(screen.getByTestId("matrix-filter"), "checkout");
    await screen.findByTestId("matrix-row-acme/platform/checkout/payments-api");
    await user.click(cell("acme/platform/checkout/payments-api", "jira"));
    await screen.findByTestId("matrix-use-default");
    grid.focus();
    await user.keyboard("{ArrowDown}");
    expect(screen.getByText("1 selected"), "the arrow moves the focus alone").toBeVisible();
    await screen.findByTestId("matrix-use-default");
    await user.keyboard("u");
    expect(await screen.findByTestId("plan-dialog"), "what the bar says").toHaveTextContent(
      "Use default settings for Jira issues in payments-api?",
    );
  });

  it("lets go of what was selected by its place when rows move", async () => {
    const { grid, user, mock } = await openMatrix();
    grid.focus();
    await user.keyboard("{ArrowDown}{Shift>}{ArrowDown}{/Shift}");
    await screen.findByText("2 selected");
    mock.changed();
    await waitFor(() =>
      expect(mock.calls.filter(({ name }) => name === "matrixHead").length).toBeGreaterThan(1),
    );
    expect(screen.getByText("2 selected"), "nothing moved: it stays").toBeVisible();
    const acme = mock.company.root.children.find(({ path }) => path === "acme");
    acme?.children.reverse();
    mock.changed();
    await waitFor(() => expect(screen.queryByText("2 selected"), "others stand there now").toBeNull());
  });

  it("says why rows are not there, and asks again", async () => {
    const { mock, user } = await openWindow();
    const { matrixRows } = mock.backend.commands;
    mock.backend.commands.matrixRows = () =>
      Promise.resolve({
        status: "error",
        error: { code: "failed", message: "The disk is gone.", hint: null },
      });
    await user.click(await screen.findByTestId("view-matrix"));
    const why = await screen.findByText("The disk is gone.");
    expect(why.closest("[role=alert]"), "no skeletons for ever").not.toBeNull();
    mock.backend.commands.matrixRows = matrixRows;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByTestId("matrix-row-acme/data"), "here they are").toBeVisible();
    expect(screen.queryByText("The disk is gone."), "and nothing is said any more").toBeNull();
  });

  it("offers nothing that writes while offline", async () => {
    const { user } = await openMatrix({
      connection: { reach: { state: "offline", since: new Date().toISOString(), why: "connection refused" } },
    });
    await user.type(screen.getByTestId("matrix-filter"), "payments-api");
    await screen.findByTestId("matrix-row-acme/platform/checkout/payments-api");
    await user.click(cell("acme/platform/checkout/payments-api", "jira"));
    expect(await screen.findByTestId("matrix-open"), "it can be looked at").toBeVisible();
    expect(screen.queryByTestId("matrix-use-default"), "not changed").toBeNull();
  });
});
