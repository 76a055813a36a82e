import { describe, expect, it } from "vitest";
import { tabSeparated } from "./table";

describe("rows for a spreadsheet", () => {
  it("never lets a cell start a formula", () => {
    expect(tabSeparated([["=1+1", "+x", "-x", "@x", "plain"]])).toBe("'=1+1\t'+x\t'-x\t'@x\tplain");
  });

  it("keeps a cell in its place", () => {
    expect(tabSeparated([["a\tb\nc", "d"]]), "one row of two cells").toBe("a b c\td");
  });
});
