import { describe, expect, it } from "vitest";
import { listMove } from "./listKeys";

const press = (key: string, held = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

describe("keys in a list", () => {
  it("never lead out of it", () => {
    expect(listMove(press("ArrowDown"), 2, 3), "the last stays the last").toBe(2);
    expect(listMove(press("ArrowUp"), 0, 3), "the first, the first").toBe(0);
    expect(listMove(press("ArrowDown"), -1, 3), "with none chosen, the first").toBe(0);
    expect(listMove(press("PageDown"), 1, 30, 10)).toBe(11);
    expect(listMove(press("End"), 0, 0), "an empty list has nowhere to go").toBeNull();
  });

  it("leave to others what is theirs", () => {
    expect(listMove(press("ArrowDown", { ctrlKey: true }), 0, 3), "with Ctrl").toBeNull();
    expect(listMove(press("PageDown"), 0, 3), "pages where there are none").toBeNull();
    expect(listMove(press("Enter"), 0, 3), "other keys").toBeNull();
  });
});
