import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { openWindow } from "../../../test/render";
import type { Connection } from "../../ipc/types";
import { dayOf, sinceTime } from "./since";

const NOW = Date.parse("2026-03-23T12:00:30Z");

describe("since", () => {
  const synced = { finished_at: "2026-03-23T11:00:00.000Z", seconds: 90 } as Connection["synced"];
  const connection = { synced } as Connection;

  it("begins where the last sync began, a little before", () => {
    expect(sinceTime({ kind: "sync" }, connection, NOW)).toBe("2026-03-23T10:58:29.000Z");
  });

  it("is the same question for a whole minute", () => {
    const days = { kind: "days", days: 7 } as const;
    expect(sinceTime(days, connection, NOW)).toBe(sinceTime(days, connection, NOW + 20_000));
  });

  it("takes a day in local time", () => {
    expect(dayOf(Date.parse(sinceTime({ kind: "day", day: "2026-03-20" }, connection, NOW)))).toBe(
      "2026-03-20",
    );
  });
});

describe("the drift view", () => {
  it("says what changed, from what to what, and that nobody knows who did it", async () => {
    const { user } = await openWindow();
    await user.click(await screen.findByTestId("view-drift"));
    const list = await screen.findByTestId("drift-list");
    const rows = await within(list).findAllByRole("option");
    expect(rows, "a week of it").toHaveLength(6);
    expect(rows[0]).toHaveTextContent(/refunds-worker.*Jira issues.*Inherited.*Custom.*Not known/);
    expect(rows[1]).toHaveTextContent(/Web URL.*jira\.acme\.example.*jira-old\.acme\.example/);
    const own = [...(rows[1]?.querySelectorAll("mark") ?? [])].map((mark) => mark.textContent);
    expect(own, "the part that tells them apart is cut last").toEqual(["-old"]);
    const name = within(rows[0] as HTMLElement).getByText("refunds-worker");
    expect(name, "so is a path's last part").toBeVisible();
  });

  it("filters by integration, names Heirloom's own runs, and copies", async () => {
    const { user } = await openWindow();
    await user.click(await screen.findByTestId("view-drift"));
    await user.click(await screen.findByRole("button", { name: "30 days" }));
    await user.click(await screen.findByRole("button", { name: /Slack notifications/ }));
    const list = await screen.findByTestId("drift-list");
    await waitFor(() => expect(within(list).getAllByRole("option"), "Slack only").toHaveLength(11));
    expect(within(list).getAllByRole("option").at(-1), "whose run").toHaveTextContent("Heirloom, run 7");
    const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    await user.click(screen.getByTestId("drift-copy"));
    await waitFor(() => expect(write).toHaveBeenCalled());
    expect(write.mock.calls[0]?.[0].split("\n"), "with a head").toHaveLength(12);
  });

  it("says so where nothing changed, with the way back", async () => {
    const { user } = await openWindow();
    await user.click(await screen.findByTestId("view-drift"));
    await user.click(await screen.findByTestId("scope-picker"));
    await user.click(await screen.findByRole("option", { name: "vendors" }));
    await screen.findByRole("heading", { name: "Nothing changed there" });
    await user.click(await screen.findByRole("button", { name: "Show all changes" }));
    expect(await screen.findByTestId("drift-list"), "all again").toBeVisible();
  });
});
