import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openWindow } from "../../../test/render";

const at = "acme/platform/checkout/payments-api";
afterEach(() => vi.restoreAllMocks());

describe("the keys of the window", () => {
  it("start a sync from its popover, too, and none while one runs", async () => {
    const { mock, user } = await openWindow({ at, slug: "jira" });
    const started = () => mock.calls.filter(({ name }) => name === "startSync").length;
    await screen.findByTestId("edit-custom");
    await user.click(screen.getByTestId("sync-button"));
    await screen.findByTestId("sync-start");
    await user.keyboard("{Control>}r{/Control}");
    await waitFor(() => expect(started(), "the button shows the key").toBe(1));

    const { syncStatus } = mock.backend.commands;
    mock.backend.commands.syncStatus = async (...args) => {
      const answer = await syncStatus(...args);
      return answer.status === "ok" ? { ...answer, data: { ...answer.data, phase: "groups" } } : answer;
    };
    mock.changed();
    await waitFor(() => expect(screen.queryByTestId("sync-start"), "it runs").toBeNull());
    await user.keyboard("{Control>}r{/Control}");
    expect(started(), "not once more").toBe(1);
  });
});

describe("what is off", () => {
  it("is looked up where sync is, after its cost was said", async () => {
    const { mock, user } = await openWindow({ at: "acme/platform" });
    await user.click(await screen.findByTestId("sync-button"));
    await user.click(await screen.findByText("Look up what is off"));
    expect(screen.queryByTestId("look-up-start"), "nothing before it is said what").toBeNull();
    await user.click(screen.getByTestId("look-up-kind"));
    await user.click(await screen.findByRole("option", { name: "Jira issues" }));
    await waitFor(() => expect(screen.getByTestId("look-up-cost")).toHaveTextContent("About 348 requests"));
    await user.click(await screen.findByTestId("look-up-where"));
    await user.click(await screen.findByRole("option", { name: "In platform and below" }));
    await waitFor(() => expect(screen.getByTestId("look-up-cost")).toHaveTextContent("About 12 requests"));
    expect(
      mock.calls.map(({ name }) => name),
      "only the cost was asked",
    ).not.toContain("startDeepScan");
    await user.click(screen.getByTestId("look-up-start"));
    await waitFor(() =>
      expect(mock.calls.find(({ name }) => name === "startDeepScan")?.args[0]).toMatchObject({
        scope: { level: "group" },
        slug: "jira",
      }),
    );
  });
});

describe("a form with a typed secret", () => {
  it("is left only by who says so, since secrets are never kept", async () => {
    const { user } = await openWindow({ at, slug: "jira" });
    await user.click(await screen.findByTestId("edit-custom"));
    fireEvent.change(await screen.findByTestId("edit-field-password"), { target: { value: "hunter2" } });
    await user.click(screen.getByTestId("view-matrix"));
    await user.click(await screen.findByTestId("leave-stay"));
    await waitFor(() => expect(screen.queryByTestId("leave-dialog")).toBeNull());
    expect(screen.getByTestId("edit-field-password"), "still there").toHaveValue("hunter2");
    await user.click(screen.getByTestId("edit-back"));
    await user.click(await screen.findByTestId("leave-leave"));
    expect(await screen.findByTestId("edit-custom"), "left").toBeVisible();
  });
});

describe("a view that cannot be drawn", () => {
  it("takes neither the window nor the draft along", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { mock, user } = await openWindow({ at, slug: "jira" });
    await user.click(await screen.findByTestId("edit-custom"));
    const field = await screen.findByTestId("edit-field-url");
    fireEvent.change(field, { target: { value: "https://half-typed.example" } });
    const { treeChildren } = mock.backend.commands;
    mock.backend.commands.treeChildren = async (...args) => {
      const answer = await treeChildren(...args);
      if (answer.status !== "ok") return answer;
      const rows = answer.data.rows.map((row) => ({ ...row, scope: null as never }));
      return { ...answer, data: { ...answer.data, rows } };
    };
    mock.changed();
    expect(await screen.findByText("This view could not be drawn"), "said in its place").toBeVisible();
    expect(screen.getByTestId("view-matrix"), "the rest of the window is there").toBeVisible();
    await waitFor(() =>
      expect(JSON.stringify([...mock.drafts.values()]), "what was typed").toContain("half-typed.example"),
    );
  });
});
