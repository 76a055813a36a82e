import { describe, expect, it } from "vitest";
import type { TreePage, TreeRow } from "../../../ipc/types";
import { flatten, flattenFound, indexOfKey, type Pages } from "./flatten";
import { treeKey, typeAhead } from "./keyboard";

function row(id: number, name: string, children = 0, depth = 1, matches = true): TreeRow {
  return {
    scope: { level: children > 0 ? "group" : "project", id: String(id) },
    parent: { level: "instance", id: "0" },
    depth,
    name,
    path: name,
    children,
    projects: 0,
    custom: 0,
    sets_defaults: 0,
    differs: 0,
    archived: false,
    pending_deletion: false,
    personal: false,
    gone: false,
    unreadable: null,
    drafts: 0,
    matches,
  };
}
const page = (rows: TreeRow[], total = rows.length): TreePage => ({ total, rows });

const pages: Pages = new Map([
  ["root", [page([row(1, "acme", 3), row(2, "labs", 5), row(9, "zoo")])]],
  ["group:1", [page([row(3, "api"), row(4, "app")], 3)]],
]);

describe("the tree as lines", () => {
  it("knows a place that was gone to before it was there", () => {
    const last = [...flatten(pages, new Set(["group:1"]), 2)].findIndex((line) => line.kind === "pending");
    const there: Pages = new Map([
      ...pages,
      ["group:1", [page([row(3, "api"), row(4, "app")], 3), page([row(5, "web")], 3)]],
    ]);
    const lines = flatten(there, new Set(["group:1"]), 2);
    expect(indexOfKey(lines, "group:1/2"), "the third below acme, pending or come").toBe(last);
    expect(lines[last]).toMatchObject({ kind: "row", key: "project:5" });
    expect(indexOfKey(lines, "project:77"), "nowhere").toBe(-1);
    expect(indexOfKey(lines, null), "nothing").toBe(-1);
  });
  it("keeps a place for children that are not here yet", () => {
    const inTwos: Pages = new Map([
      ["root", [page([row(1, "acme", 3), row(2, "labs", 5)], 3), page([row(9, "zoo")], 3)]],
      ["group:1", [page([row(3, "api"), row(4, "app")], 3)]],
    ]);
    const lines = flatten(inTwos, new Set(["group:1"]), 2);
    expect(
      lines.map((line) => (line.kind === "row" ? line.row.name : "…")),
      "the third child of acme is known to exist",
    ).toEqual(["acme", "api", "app", "…", "labs", "zoo"]);
  });

  it("tells each line its place among its siblings", () => {
    const [, , app] = flatten(pages, new Set(["group:1"]), 200);
    expect(app, "for assistive technology").toMatchObject({ position: 2, siblings: 3, depth: 1 });
  });

  it("counts an open node's children before its first page is here", () => {
    const lines = flatten(pages, new Set(["group:2"]), 200);
    expect(lines.filter((line) => line.kind === "pending").length, "labs is known to have five").toBe(5);
  });

  it("shows found rows open, with their ancestors", () => {
    const parent = { ...row(1, "acme", 3, 1, false), parent: null };
    const child = { ...row(3, "api", 0, 2), parent: { level: "group" as const, id: "1" } };
    expect(flattenFound([parent, child])[0], "the ancestor is open").toMatchObject({
      expanded: true,
      siblings: 1,
    });
  });
});

describe("keys in the tree", () => {
  const lines = flatten(pages, new Set(["group:1"]), 200);

  it("opens with the right arrow, then goes to the first child", () => {
    const labs = lines.findIndex((line) => line.key === "group:2");
    expect(treeKey("ArrowRight", lines, labs, 10), "closed: opens").toEqual({
      kind: "expand",
      keys: ["group:2"],
    });
    expect(treeKey("ArrowRight", lines, 0, 10), "open: goes in").toEqual({ kind: "move", to: 1 });
  });

  it("closes with the left arrow, or goes to the parent", () => {
    expect(treeKey("ArrowLeft", lines, 0, 10), "open: closes").toEqual({ kind: "collapse", key: "group:1" });
    expect(treeKey("ArrowLeft", lines, 2, 10), "leaf: to acme").toEqual({ kind: "move", to: 0 });
  });

  it("opens all siblings with *", () => {
    expect(treeKey("*", lines, 0, 10), "every branch beside it").toEqual({
      kind: "expand",
      keys: ["group:1", "group:2"],
    });
  });

  it("stays within the ends", () => {
    expect(treeKey("ArrowUp", lines, 0, 10), "nothing above the first").toEqual({ kind: "move", to: 0 });
    expect(treeKey("End", lines, 0, 10), "to the last").toEqual({ kind: "move", to: lines.length - 1 });
  });

  it("jumps to a typed name, going round", () => {
    expect(typeAhead(lines, 1, "a"), "the next one with that letter").toBe(2);
    expect(typeAhead(lines, 2, "ac"), "round to the first").toBe(0);
    expect(typeAhead(lines, 0, "q"), "no such name").toBeNull();
  });
});
