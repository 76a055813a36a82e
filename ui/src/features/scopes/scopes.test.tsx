import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { openWindow } from "../../../test/render";

const payments = "acme/platform/checkout/payments-api";

describe("the tree", () => {
  it("opens, closes and moves with the arrow keys", async () => {
    const { user } = await openWindow();
    const tree = await screen.findByRole("tree");
    const acme = await screen.findByTestId("tree-row-acme");
    tree.focus();
    await user.keyboard("{ArrowDown}");
    expect(acme, "selection follows").toHaveAttribute("aria-selected", "true");
    await user.keyboard("{ArrowRight}");
    expect(await screen.findByTestId("tree-row-acme/data"), "its children are fetched").toBeVisible();
    expect(acme, "and it says so").toHaveAttribute("aria-expanded", "true");
    expect(screen.getByTestId("tree-row-acme/data"), "with its place").toHaveAttribute("aria-level", "3");
    await user.keyboard("{ArrowLeft}");
    await waitFor(() => expect(screen.queryByTestId("tree-row-acme/data"), "closed again").toBeNull());
  });

  it("keeps ancestors while filtering", async () => {
    const { user } = await openWindow();
    await user.type(await screen.findByTestId("tree-filter"), "payments");
    expect(await screen.findByTestId(`tree-row-${payments}`), "found").toBeVisible();
    expect(screen.getByTestId("tree-row-acme/platform/checkout"), "its way from the top too").toBeVisible();
    await waitFor(() => expect(screen.queryByTestId("tree-row-acme/data"), "the rest is away").toBeNull());
  });

  it("opens the way to the scope that was shown last", async () => {
    await openWindow({ at: payments });
    expect(await screen.findByTestId(`tree-row-${payments}`), "revealed").toHaveAttribute(
      "aria-selected",
      "true",
    );
  });
});

describe("side by side", () => {
  it("marks what differs, folds what is equal, and can't compare secrets", async () => {
    const { user } = await openWindow({ at: payments, slug: "jira" });
    const url = await screen.findByTestId("compare-row-url");
    expect(url, "they differ").toHaveAttribute("data-verdict", "differs");
    expect(url.querySelector("mark"), "only the differing part is marked").toHaveTextContent(/^-old$/);
    expect(screen.getByTestId("compare-row-password"), "secrets").toHaveAttribute(
      "data-verdict",
      "cannot_compare",
    );
    expect(screen.queryByTestId("compare-row-jira_auth_type"), "equal: folded").toBeNull();
    await user.click(screen.getByTestId("fold-connection"));
    expect(screen.getByTestId("compare-row-jira_auth_type"), "unfolded").toBeVisible();
  });

  it("copies a link to the same page in GitLab, by key", async () => {
    const { user } = await openWindow({ at: "acme/platform/checkout/payments-api", slug: "jira" });
    const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    await screen.findByTestId("compare-more");
    await user.keyboard("{Control>}{Shift>}L{/Shift}{/Control}");
    await waitFor(() => expect(write).toHaveBeenCalledOnce());
    expect(write.mock.calls[0]?.[0], "the integration’s own page").toMatch(/^https:.*integrations\/jira/);
    expect(await screen.findByTestId("toast"), "said").toHaveTextContent("Link copied");
  });

  it("opens an integration that is not set, with the way to custom settings", async () => {
    await openWindow({ at: payments, slug: "asana" });
    expect(await screen.findByTestId("edit-custom"), "offered").toHaveTextContent("Use custom settings");
    expect(screen.queryByTestId("use-default"), "nothing to go back from").toBeNull();
  });

  it("offers nothing that writes while offline", async () => {
    await openWindow({
      at: payments,
      slug: "jira",
      connection: { reach: { state: "offline", since: new Date().toISOString(), why: "connection refused" } },
    });
    expect(await screen.findByTestId("banner-offline"), "the banner says why").toHaveTextContent(
      "connection refused",
    );
    expect(await screen.findByTestId("compare-row-url"), "all can be read").toBeVisible();
    expect(screen.queryByTestId("use-default"), "no going back").toBeNull();
    expect(screen.queryByTestId("edit-custom"), "no editing").toBeNull();
  });
});

describe("use default settings", () => {
  it("says exactly what happens, then does it and shows what was read back", async () => {
    const { mock, user } = await openWindow({ at: payments, slug: "jira" });
    await user.click(await screen.findByTestId("use-default"));
    const dialog = await screen.findByTestId("plan-dialog");
    expect(dialog, "the question").toHaveTextContent("Use default settings for Jira issues in payments-api?");
    expect(within(dialog).getByTestId("effect-loses_secrets"), "the lost secret").toHaveTextContent(
      "can’t give it back",
    );
    await waitFor(() =>
      expect(within(dialog).getByTestId("confirm-cancel"), "focus does no harm").toHaveFocus(),
    );
    expect(
      mock.calls.some(({ name }) => name === "applyPlan"),
      "nothing sent yet",
    ).toBe(false);

    await user.click(within(dialog).getByTestId("confirm-apply"));
    expect(await screen.findByTestId("toast"), "the outcome").toHaveTextContent("Default settings in use");
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() =>
      expect(
        mock.calls.map(({ name }) => name),
        "a plan of its own",
      ).toContain("planUndo"),
    );
    await waitFor(() =>
      expect(screen.getByTestId("integration-jira")).toHaveAttribute("data-state", "inherited"),
    );
  });

  it("forgets the plan when it is cancelled", async () => {
    const { mock, user } = await openWindow({ at: payments, slug: "jira" });
    await user.click(await screen.findByTestId("use-default"));
    await user.click(await screen.findByTestId("confirm-cancel"));
    await waitFor(() =>
      expect(
        mock.calls.map(({ name }) => name),
        "thrown away",
      ).toContain("discardPlan"),
    );
    expect(
      mock.calls.some(({ name }) => name === "applyPlan"),
      "nothing sent",
    ).toBe(false);
  });
});
