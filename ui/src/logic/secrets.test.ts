import { describe, expect, it } from "vitest";
import { lacking, stillLacks, typedOnly } from "./secrets";

const missing = [
  { fields: ["password"], steps: 12 },
  { fields: ["password", "token"], steps: 3 },
];

describe("missing secrets", () => {
  it("hold back exactly the steps that lack one", () => {
    expect(lacking(missing, []), "all that lack something").toBe(15);
    expect(lacking(missing, [{ field: "password", value: "x" }]), "the other secret is missing").toBe(3);
    expect(lacking(missing, [{ field: "password", value: "" }]), "blank is not given").toBe(15);
    expect(
      lacking(
        missing,
        ["password", "token"].map((field) => ({ field, value: "x" })),
      ),
      "none",
    ).toBe(0);
  });

  it("are named of each step until they are typed", () => {
    const lacks = [{ field: "token", title: "Token" }];
    expect(stillLacks(lacks, [])).toEqual(lacks);
    expect(stillLacks(lacks, [{ field: "token", value: "x" }])).toEqual([]);
  });

  it("are not sent as blanks", () => {
    expect(
      typedOnly([
        { field: "a", value: "" },
        { field: "b", value: "x" },
      ]),
    ).toEqual([{ field: "b", value: "x" }]);
  });
});
