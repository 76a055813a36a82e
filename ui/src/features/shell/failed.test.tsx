import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";

const failed = [
  { scope: { level: "group" as const, id: "7" }, path: "acme/security", why: "GitLab answered 502." },
  { scope: { level: "group" as const, id: "8" }, path: "acme/mobile", why: "GitLab answered 502." },
];

describe("scopes that could not be read", () => {
  it("are read again from their dialog, which stays until it is closed", async () => {
    const { mock, user } = await openWindow({ sync: { failed } });
    await user.click(await screen.findByTestId("banner-act"));
    const dialog = await screen.findByTestId("failed-scopes");
    const first = within(dialog).getAllByRole("button", { name: "Read again" })[0];
    await user.click(first as HTMLElement);
    mock.sync.phase = "settings";
    mock.sync.failed = failed.slice(1);
    act(mock.changed);
    await screen.findByTestId("banner-syncing");
    expect(screen.getByTestId("failed-scopes"), "still open while it reads").toBe(dialog);
    await waitFor(() => expect(dialog, "one of two").toHaveTextContent("1 scope could not be read"));
    expect(within(dialog).getByRole("button", { name: "Read" }), "focus is where it was").toHaveFocus();
    await user.click(within(dialog).getByRole("button", { name: "Close" }));
    mock.sync.phase = "idle";
    act(mock.changed);
    await screen.findByTestId("banner-partial");
    expect(screen.queryByTestId("failed-scopes"), "it doesn't come back by itself").toBeNull();
  });

  it("are offered a sync where only their number is known", async () => {
    const last = {
      finished_at: new Date().toISOString(),
      complete: false,
      failed: 3,
      seconds: 2,
      requests: 9,
    };
    const { mock, user } = await openWindow({ sync: { all_failed_known: false, last } });
    expect(await screen.findByTestId("banner-partial"), "the kept number").toHaveTextContent("3 scopes");
    await user.click(screen.getByTestId("banner-act"));
    await waitFor(() => expect(mock.calls.map(({ name }) => name)).toContain("startSync"));
  });
});
