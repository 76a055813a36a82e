import { describe, expect, it } from "vitest";
import type { CompareRow, Verdict } from "../../../ipc/types";
import { nextDifference, shownSections } from "./sections";

const row = (name: string, verdict: Verdict): CompareRow => ({
  name,
  title: name,
  event: false,
  secret: verdict === "cannot_compare",
  default: { kind: "hidden" },
  own: { kind: "hidden" },
  verdict,
});
const section = {
  kind: "connection" as const,
  title: "Connection",
  rows: [
    row("url", "differs"),
    row("auth", "same"),
    row("password", "cannot_compare"),
    row("user", "differs"),
  ],
};

describe("folding what is equal", () => {
  it("folds equal rows and keeps all others in form order", () => {
    const [shown] = shownSections([section], new Set());
    expect(
      shown?.rows.map((each) => each.name),
      "equal ones are away",
    ).toEqual(["url", "password", "user"]);
    expect(
      shown?.equal.map((each) => each.name),
      "and can be named",
    ).toEqual(["auth"]);
    expect(shown?.differs, "secrets don't count as differing").toBe(2);
  });

  it("shows everything in place when unfolded", () => {
    const [shown] = shownSections([section], new Set(["connection" as const]));
    expect(shown?.rows.length, "nothing is away").toBe(4);
  });

  it("leaves out sections without settings", () => {
    expect(shownSections([{ ...section, rows: [] }], new Set()), "no empty heading").toEqual([]);
  });
});

describe("going from difference to difference", () => {
  it("skips what is equal or can't be compared", () => {
    expect(nextDifference(section.rows, 0, 1), "from url to user").toBe(3);
    expect(nextDifference(section.rows, 3, -1), "and back").toBe(0);
    expect(nextDifference(section.rows, 3, 1), "none further").toBeNull();
  });
});
