import { describe, expect, it } from "vitest";
import { ancestorsIn, toRemember } from "./remembered";

describe("open nodes that are remembered", () => {
  const many = ["instance:0", "group:1", ...Array.from({ length: 500 }, (_, n) => `group:${String(n + 2)}`)];

  it("are all of a few", () => {
    expect(toRemember(["instance:0", "group:1"], [])).toEqual(["instance:0", "group:1"]);
  });

  it("are the latest of many, and always the root and the way to what is selected", () => {
    const kept = toRemember(many, ["group:1", "instance:0"]);
    expect(kept, "no more than are kept").toHaveLength(400);
    expect(kept, "without it the tree is a single row").toContain("instance:0");
    expect(kept, "above what is selected").toContain("group:1");
    expect(kept, "the latest").toContain("group:501");
    expect(kept, "the oldest go").not.toContain("group:2");
  });

  it("finds the way to a line by its depth", () => {
    const line = (key: string, depth: number) =>
      ({ key, depth }) as Parameters<typeof ancestorsIn>[0][number];
    const lines = [
      line("instance:0", 0),
      line("group:1", 1),
      line("project:1", 2),
      line("group:2", 1),
      line("project:2", 2),
    ];
    expect(ancestorsIn(lines, "project:2")).toEqual(["group:2", "instance:0"]);
    expect(ancestorsIn(lines, "project:9"), "not there").toEqual([]);
  });
});
