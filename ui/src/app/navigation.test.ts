import { describe, expect, it } from "vitest";
import { keyName } from "./hotkeys";
import { moveHistory, recall, startOf, wholeMatrix, type Place } from "./navigation";

const at = (id: string): Place => ({
  view: "scopes",
  connection: 1,
  scope: { level: "project", id },
  slug: null,
  editing: false,
});
const go = (place: Place, replace = false) => ({ kind: "go", place, replace }) as const;

describe("back and forward", () => {
  it("forgets what was ahead when going somewhere new", () => {
    let history = { places: [at("1")], index: 0 };
    for (const move of [go(at("2")), { kind: "step", by: -1 } as const, go(at("3"))])
      history = moveHistory(history, move);
    expect(history.places, "2 was ahead").toEqual([at("1"), at("3")]);
  });

  it("takes no step for a move within a list", () => {
    const history = moveHistory(moveHistory({ places: [at("1")], index: 0 }, go(at("2"))), go(at("3"), true));
    expect(history.places, "3 in place of 2").toEqual([at("1"), at("3")]);
  });

  it("takes no step to where one is", () => {
    const history = { places: [at("1")], index: 0 };
    expect(moveHistory(history, go(at("1"))), "nothing moved").toBe(history);
  });
});

describe("turning to a view", () => {
  const filtered: Place = { view: "matrix", connection: 1, shown: { ...wholeMatrix, text: "pay" } };
  it("comes back to it as it was left", () => {
    expect(recall({ places: [filtered, at("1")], index: 1 }, "matrix", 1)).toEqual(filtered);
  });

  it("begins anew where it was not seen yet, or belongs to another connection", () => {
    expect(recall({ places: [filtered], index: 0 }, "matrix", 2)).toEqual(startOf("matrix", 2));
    expect(recall({ places: [at("1"), filtered], index: 0 }, "matrix", 1), "what is ahead is undone").toEqual(
      startOf("matrix", 1),
    );
  });

  it("leads from a run to the list of all", () => {
    const run: Place = { view: "changes", connection: 1, run: 7 };
    expect(recall({ places: [run], index: 0 }, "changes", 1)).toEqual(startOf("changes", 1));
    expect(recall({ places: [run, at("1")], index: 1 }, "changes", 1), "from elsewhere, as left").toEqual(
      run,
    );
  });
});

describe("names of keys", () => {
  const press = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  it("counts ⌘ as Ctrl and ignores the Shift that makes a sign", () => {
    expect(keyName({ ...press, key: "k", metaKey: true }), "macOS").toBe("Ctrl+K");
    expect(keyName({ ...press, key: "?", shiftKey: true }), "a sign needs Shift on some keyboards").toBe("?");
    expect(keyName({ ...press, key: "ArrowLeft", altKey: true }), "history").toBe("Alt+ArrowLeft");
  });
});
