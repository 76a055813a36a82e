import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";
import type { Connection, KindCounts, Overview } from "../../ipc/types";
import { notable } from "./notable";
import { changeSince, domainOf, pointsOf } from "./trend";

const NOW = Date.parse("2026-03-23T12:00:00Z");
const DAY = 24 * 60 * 60_000;
const kind = (slug: string, counts: KindCounts["counts"]): KindCounts => ({
  slug,
  title: slug,
  category: "other",
  counts,
  defaults: 0,
  in_use: true,
});
const connection = (more: Partial<Connection>) =>
  ({ token_expires_on: null, synced: null, ...more }) as Connection;
const overview = (more: Partial<Overview>): Overview => ({
  groups: 1,
  projects: 1,
  unreadable: 0,
  kinds: [],
  parts: [],
  ...more,
});

describe("worth a look", () => {
  it("says nothing where nothing stands out", () => {
    expect(
      notable(connection({}), overview({ kinds: [kind("a", [{ state: "inherited", n: 9 }])] }), NOW),
    ).toEqual([]);
  });

  it("puts what hinders first, then what differs most", () => {
    const found = notable(
      connection({
        token_expires_on: "2026-04-01",
        synced: { finished_at: new Date(NOW - 2 * DAY).toISOString() } as Connection["synced"],
      }),
      overview({
        unreadable: 3,
        kinds: [
          kind("few", [{ state: "inherited_differs", n: 1 }]),
          kind("many", [
            { state: "inherited_differs", n: 7 },
            { state: "custom", n: 5 },
          ]),
        ],
      }),
      NOW,
    );
    expect(found.map((each) => each.kind)).toEqual([
      "token_expires",
      "stale",
      "unreadable",
      "differs",
      "differs",
      "most_custom",
    ]);
    expect(found[3], "the larger first").toMatchObject({ of: { slug: "many" }, n: 7 });
  });
});

describe("the trend", () => {
  const point = (days: number, n: number, complete = true) => ({
    at: new Date(NOW - days * DAY).toISOString(),
    complete,
    counts: [{ state: "custom" as const, n }],
  });
  const trend = { points: [point(100, 9), point(60, 8), point(30, 1, false), point(1, 5)], runs: [] };

  it("leaves out what is too old, and syncs that didn't read everything", () => {
    expect(pointsOf(trend, "custom", NOW).map(({ n }) => n)).toEqual([8, 5]);
  });

  it("compares with the first of those", () => {
    expect(changeSince(trend, "custom", NOW)).toEqual({ by: -3, days: 60 });
    expect(
      changeSince({ points: [point(1, 5)], runs: [] }, "custom", NOW),
      "nothing to compare with",
    ).toBeNull();
  });

  it("keeps small moves small, and never goes below nothing", () => {
    expect(domainOf([{ at: 0, n: 2 }])[0]).toBe(0);
    const [low, high] = domainOf([
      { at: 0, n: 1000 },
      { at: 1, n: 1002 },
    ]);
    expect(high - low, "two of a thousand are no cliff").toBeGreaterThan(40);
  });
});

describe("the overview", () => {
  it("leads from a figure to the scopes it counts", async () => {
    const { user } = await openWindow();
    await user.click(await screen.findByTestId("view-overview"));
    await user.click(await screen.findByTestId("figure-inherited_differs"));
    expect(
      await screen.findByTestId("matrix-row-acme/platform/checkout/cart-service"),
      "the one that differs",
    ).toBeVisible();
    expect(screen.queryByTestId("matrix-row-acme/data"), "no other").toBeNull();
  });

  it("leads from a kind to its view", async () => {
    const { user } = await openWindow();
    await user.click(await screen.findByTestId("view-overview"));
    await user.click(await screen.findByRole("button", { name: "Slack notifications" }));
    expect(await screen.findByRole("heading", { name: "Slack notifications" })).toBeVisible();
  });
});
