import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";

const at = "acme/platform/checkout/payments-api";

async function openPalette(options: Parameters<typeof openWindow>[0] = {}) {
  const opened = await openWindow({ at, slug: "jira", ...options });
  await screen.findByTestId("edit-custom");
  await opened.user.keyboard("{Control>}k{/Control}");
  const input = await screen.findByTestId("palette-input");
  await waitFor(() => expect(input, "typing begins at once").toHaveFocus());
  return { ...opened, input };
}

const selected = () =>
  screen.getByTestId("palette").querySelector('[role=option][aria-selected="true"]')?.textContent ?? "";

describe("the palette", () => {
  it("names who still has a value, underlines it, and leads to them", async () => {
    const { user } = await openPalette();
    await user.keyboard("jira-old");
    const [hit] = await screen.findAllByText(/Jira issues, 1 scope/);
    const row = hit?.closest('[role="option"]');
    expect(row?.querySelector("mark"), "what was typed").toHaveTextContent("jira-old");
    await user.keyboard("{ArrowRight}");
    const acts = await screen.findAllByTestId("palette-act");
    expect(
      acts.map((act) => act.textContent),
      "the first is what Enter does",
    ).toEqual([`Open ${at}`, "Open as list", "Show in the matrix"]);
    await user.keyboard("{ArrowDown}{Enter}");
    expect(screen.queryByTestId("palette"), "it is closed").toBeNull();
    const group = await screen.findByTestId("members");
    expect(group, "the integration, at the group of that value").toHaveTextContent("payments-api");
    expect(screen.getByRole("button", { name: "Integrations", current: "page" })).toBeVisible();
  });

  it("searches one sort after a sign, and the next with Tab", async () => {
    const { user, input } = await openPalette();
    const chosen = () =>
      screen.getByTestId("palette").querySelector('button[aria-pressed="true"]')?.textContent ?? "";
    await user.keyboard("@check");
    await screen.findByTestId("palette-scope-acme/platform/checkout");
    expect(chosen(), "a sign chooses").toMatch(/^Scopes/);
    await user.keyboard("{Tab}");
    expect(chosen(), "Tab goes on from there").toMatch(/^Values/);
    expect(input, "without the sign").toHaveValue("check");
    await user.keyboard("{Shift>}{Tab}{/Shift}{Shift>}{Tab}{/Shift}");
    expect(chosen(), "and back").toMatch(/^Everything/);
  });

  it("goes to a scope that was found by a part of its path", async () => {
    const { user } = await openPalette();
    await user.keyboard("@ios/check");
    await screen.findByTestId("palette-scope-acme/mobile/ios/checkout");
    await user.keyboard("{Enter}");
    await waitFor(() => {
      const row = screen.getByTestId("tree-row-acme/mobile/ios/checkout");
      expect(row, "it is selected in the tree").toHaveAttribute("aria-selected", "true");
    });
  });

  it("opens what was typed, not what an earlier text found", async () => {
    const { mock, user } = await openPalette();
    await user.keyboard("@refunds");
    await screen.findByTestId("palette-scope-acme/platform/checkout/refunds-worker");
    const { suggest } = mock.backend.commands;
    const waiting: (() => void)[] = [];
    mock.backend.commands.suggest = async (...args) => {
      await new Promise<void>((go) => waiting.push(go));
      return suggest(...args);
    };
    await user.keyboard("{Control>}a{/Control}@ios/check{Enter}");
    expect(screen.getByTestId("palette"), "the answer to this text is awaited").toBeVisible();
    await waitFor(() => {
      for (const go of waiting.splice(0)) go();
      expect(screen.queryByTestId("palette")).toBeNull();
    });
    await waitFor(() => {
      const row = screen.getByTestId("tree-row-acme/mobile/ios/checkout");
      expect(row, "what the text found").toHaveAttribute("aria-selected", "true");
    });
  });

  it("says that a search failed, and asks again", async () => {
    const { mock, user } = await openPalette();
    const { suggest } = mock.backend.commands;
    mock.backend.commands.suggest = () =>
      Promise.resolve({
        status: "error",
        error: { code: "failed", message: "The disk is gone.", hint: null },
      });
    await user.keyboard("@check");
    const palette = within(screen.getByTestId("palette"));
    expect(await palette.findByRole("alert"), "nothing was looked at").toHaveTextContent("The disk is gone");
    expect(palette.queryByText(/^Nothing holds/), "so nobody knows that").toBeNull();
    mock.backend.commands.suggest = suggest;
    await user.click(palette.getByRole("button", { name: "Try again" }));
    expect(await screen.findByTestId("palette-scope-acme/platform/checkout")).toBeVisible();
  });

  it("offers what can be done now, with its keys, and does it", async () => {
    const { user } = await openPalette();
    await user.keyboard(">matrix");
    await screen.findByTestId("palette-action-view-matrix");
    expect(selected(), "by name, with the keys").toContain("Go to Matrix");
    expect(screen.queryByTestId("palette-action-palette"), "not itself").toBeNull();
    await user.keyboard("{Enter}");
    expect(await screen.findByTestId("matrix-grid")).toBeVisible();
  });

  it("does not offer what cannot be done offline", async () => {
    const { user } = await openWindow({
      at,
      slug: "jira",
      connection: { reach: { state: "offline", since: new Date().toISOString(), why: "timed out" } },
    });
    await screen.findByTestId("tree-filter");
    await user.keyboard("{Control>}k{/Control}>");
    await screen.findByTestId("palette-action-shortcuts");
    for (const id of ["sync", "editCustom", "useDefault"])
      expect(screen.queryByTestId(`palette-action-${id}`), `${id} needs GitLab`).toBeNull();
  });

  it("lets go one step at a time", async () => {
    const { user } = await openPalette();
    await user.keyboard("@platform");
    await screen.findByTestId("palette-scope-acme/platform");
    await user.keyboard("{ArrowRight}");
    await screen.findAllByTestId("palette-act");
    await user.keyboard("{Escape}");
    expect(await screen.findByTestId("palette-scope-acme/platform"), "back to the results").toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByTestId("palette"), "then away").toBeNull());
  });

  it("says where an export was saved", async () => {
    const { user, mock } = await openPalette();
    await user.keyboard(">spreadsheet");
    await screen.findByTestId("palette-action-exportCsv");
    await user.keyboard("{Enter}");
    const toast = await screen.findByTestId("toast");
    expect(within(toast).getByText("/home/d/acme-gitlab.csv"), "the whole path").toBeVisible();
    const asked = mock.calls.find(({ name }) => name === "exportCopy");
    expect(asked?.args, "everything of this connection").toEqual([1, { below: null, slug: null }, "csv"]);
  });
});

describe("several connections", () => {
  it("stand side by side, each with its own state, and are switched by key", async () => {
    const { user } = await openWindow({
      at,
      slug: "jira",
      others: [
        { name: "Staging", host: "staging.example", token: "refused", drafts: 2, unreadable: 12 },
        {
          name: "Build",
          host: "build.example",
          reach: { state: "unknown" },
          syncing: { phase: "integrations", done: 21, total: 89 },
        },
      ],
    });
    const trigger = await screen.findByTestId("connection-switch");
    trigger.focus();
    await user.keyboard("{Enter}");
    const staging = await screen.findByTestId("connection-2");
    for (const said of ["Token refused", "12 scopes not read", "2 pending changes", "Synced 4 min ago"])
      expect(staging, said).toHaveTextContent(said);
    const build = screen.getByTestId("connection-3");
    expect(build, "what runs").toHaveTextContent("Reading integrations, 21 of 89");
    await waitFor(() => expect(screen.getByTestId("connection-1")).toHaveFocus());
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(screen.getByTestId("connection-switch")).toHaveTextContent("Staging"));
  });
});
