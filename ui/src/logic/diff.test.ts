import { describe, expect, it } from "vitest";
import { markDifference } from "./diff";

describe("marking where two texts differ", () => {
  it("marks only the part between what both begin and end with", () => {
    expect(markDifference("https://jira-old.acme.example", "https://jira.acme.example")).toEqual({
      before: "https://jira",
      differs: "-old",
      after: ".acme.example",
    });
  });

  it("marks nothing in the text that lacks the part", () => {
    const { differs } = markDifference("https://jira.acme.example", "https://jira-old.acme.example");
    expect(differs, "there is nothing here that the other doesn't have").toBe("");
  });

  it("doesn't count a letter twice when prefix and suffix would overlap", () => {
    const { before, differs, after } = markDifference("aa", "aaa");
    expect(before + differs + after, "the parts put together are the text").toBe("aa");
  });

  it("never cuts a character made of several code points", () => {
    const marked = markDifference("👩‍💻 ops", "👩‍🔧 ops");
    expect(marked.differs, "the whole emoji differs, not half of it").toBe("👩‍💻");
  });
});
