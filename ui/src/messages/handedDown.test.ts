import { describe, expect, it } from "vitest";
import { m } from "./en";

describe("what a changed default does below it", () => {
  it("is promised nowhere, since some GitLabs hand nothing down", () => {
    const said = [
      m.changes.touchedNotes.change,
      m.changes.touchedNotes.switch_on,
      m.edit.besides({ kind: "propagates", inherit: 12, maybe: 3 }),
    ];
    for (const text of said) expect(text).toMatch(/some GitLabs .*later,? or not at all/i);
    expect(m.changes.touched.change(12)).not.toContain("will");
  });

  it("brings a linked row that is off back on, and leaves one with its own settings off", () => {
    const note = m.changes.touchedNotes.maybe;
    expect(note).toContain("inherits comes back on");
    expect(note).toContain("settings of its own stays off");
  });

  it("is counted over all, also where only the first were read", () => {
    expect(m.changes.run.followingText(19, 19, 19)).toBe("19 of 19 scopes match");
    expect(m.changes.run.followingText(912, 1000, 5000)).toContain("of the 1,000 scopes that are read");
    expect(m.changes.run.followingPart(1000, 5000)).toMatch(/5,000 in all.*first 1,000/);
  });

  it("is confirmed by a number that says who only may change", () => {
    expect(m.changes.review.confirm(31)).toBe("31 scopes change or may change.");
  });
});
