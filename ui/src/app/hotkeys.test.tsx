import { fireEvent, render, renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { historyKeys } from "./commands/catalog";
import { useHotkeys, useHotkeysInDialog, useNoReload } from "./hotkeys";

const enter = { key: "Enter", ctrlKey: true };
beforeEach(() => void fireEvent.blur(window));

describe("a key that is held", () => {
  it("acts once, and moves on and on", () => {
    const [act, move] = [vi.fn(), vi.fn()];
    renderHook(() => useHotkeys({ "Ctrl+Enter": act, "Alt+ArrowLeft": move }));
    for (const repeat of [false, true, true]) {
      fireEvent.keyDown(window, { ...enter, repeat });
      fireEvent.keyDown(window, { key: "ArrowLeft", altKey: true, repeat });
    }
    expect(act, "what it did was not seen yet").toHaveBeenCalledTimes(1);
    expect(move, "a move may be repeated").toHaveBeenCalledTimes(3);
  });

  it("does nothing in the dialog it opened, until it is let go", () => {
    fireEvent.keyDown(window, { key: "Control", ctrlKey: true });
    fireEvent.keyDown(window, enter);
    const apply = vi.fn();
    renderHook(() => useHotkeysInDialog({ "Ctrl+Enter": apply }));
    // Not every webview says that a key is repeated.
    fireEvent.keyDown(window, enter);
    fireEvent.keyDown(window, { ...enter, repeat: true });
    expect(apply, "nobody has read the plan").not.toHaveBeenCalled();
    fireEvent.keyUp(window, enter);
    fireEvent.keyDown(window, enter);
    expect(apply, "pressed for this dialog").toHaveBeenCalledTimes(1);
  });

  it("acts at once in a dialog that was opened by something else", () => {
    const apply = vi.fn();
    renderHook(() => useHotkeysInDialog({ "Ctrl+Enter": apply }));
    fireEvent.keyDown(window, enter);
    expect(apply).toHaveBeenCalledTimes(1);
  });
});

describe("keys under something open", () => {
  it("act while a popover is open, but lone letters and what is under a modal dialog do not", () => {
    const [sync, edit] = [vi.fn(), vi.fn()];
    renderHook(() => useHotkeys({ "Ctrl+R": sync, E: edit }));
    const press = () => {
      fireEvent.keyDown(window, { key: "r", ctrlKey: true });
      fireEvent.keyDown(window, { key: "e" });
    };
    const popover = render(<div role="dialog" data-open="" />);
    press();
    expect(sync, "the popover's button shows the key").toHaveBeenCalledTimes(1);
    expect(edit, "letters are the popover's").not.toHaveBeenCalled();
    popover.rerender(<div role="dialog" data-modal="" data-open="" />);
    press();
    expect(sync, "not under a question").toHaveBeenCalledTimes(1);
  });
});

describe("keys that load a page anew", () => {
  it("never do so here", () => {
    renderHook(() => useNoReload());
    for (const key of [
      { key: "r", ctrlKey: true },
      { key: "R", metaKey: true, shiftKey: true },
      { key: "F5" },
    ])
      expect(fireEvent.keyDown(window, key), "its own act is prevented").toBe(false);
    expect(fireEvent.keyDown(window, { key: "r" }), "a letter is a letter").toBe(true);
  });

  it("doesn't load anew from the webview's own menu, which stays where text can be copied", () => {
    renderHook(() => useNoReload());
    const line = document.body.appendChild(document.createElement("p"));
    line.textContent = "a path";
    const field = document.body.appendChild(document.createElement("input"));
    expect(fireEvent.contextMenu(line), "its menu offers to load anew").toBe(false);
    expect(fireEvent.contextMenu(field), "a field's menu pastes").toBe(true);
    window.getSelection()?.selectAllChildren(line);
    expect(fireEvent.contextMenu(line), "that of selected text copies").toBe(true);
    line.remove();
    field.remove();
  });
});

describe("back and forward by key", () => {
  it("leave a field's own keys alone on macOS", () => {
    expect(historyKeys(true).back, "⌥← is one word left there").toEqual(["Ctrl", "["]);
    expect(historyKeys(false).back).toEqual(["Alt", "←"]);
  });
});
