import { describe, expect, it } from "vitest";
import { m } from "./en";
import { ago, at, clock, daysUntil, duration, old, plural } from "./format";

const now = new Date(2026, 2, 24, 14, 32).getTime();
const iso = (...date: [number, number, number, number, number]) => new Date(...date).toISOString();

describe("numbers and plurals", () => {
  it("puts the word in the form that goes with the number", () => {
    expect(plural(1, "step", "steps"), "one is singular").toBe("1 step");
    expect(plural(0, "step", "steps"), "none is plural").toBe("0 steps");
    expect(plural(1352, "step", "steps"), "thousands are separated").toBe("1,352 steps");
  });

  it("makes verbs agree", () => {
    expect(m.compare.differ(1), "one differs").toBe("1 differs");
    expect(m.compare.differ(7), "seven differ").toBe("7 differ");
    expect(m.plan.effects(1, 5), "each part agrees by itself").toBe("1 setting changes, 5 stay equal");
  });
});

describe("times", () => {
  it("says how long ago, ever more coarsely", () => {
    expect(ago(new Date(now - 20_000).toISOString(), now), "below a minute").toBe("just now");
    expect(ago(new Date(now - 4 * 60_000).toISOString(), now), "minutes").toBe("4 min ago");
    expect(ago(new Date(now - 9 * 86_400_000).toISOString(), now), "days").toBe("9 days ago");
  });

  it("names the clock today, yesterday, and the date before that", () => {
    expect(clock(iso(2026, 2, 24, 9, 12), now), "today").toBe("09:12");
    expect(clock(iso(2026, 2, 23, 18, 40), now), "yesterday").toBe("yesterday 18:40");
    expect(clock(iso(2025, 10, 8, 18, 40), now), "long ago").toBe("8 Nov 2025");
    expect(at(iso(2025, 10, 8, 18, 40), now), "in a sentence").toBe("on 8 Nov 2025");
  });

  it("gives ages and durations in whole units", () => {
    expect(old(iso(2026, 2, 24, 0, 30), now), "hours").toBe("14 hours old");
    expect(duration(120, 170), "minutes, rounded outwards").toBe("2 to 3 minutes");
    expect(duration(20, 60), "seconds below a minute and a half").toBe("20 to 60 seconds");
    expect(daysUntil("2026-06-14", now), "whole days").toBe(82);
  });
});
