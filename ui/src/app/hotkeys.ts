import { useEffect, useEffectEvent, useRef } from "react";
import { currentPreferences } from "../ipc/preferences";

/** Keys and what they do. "Ctrl" stands for ⌘ too; a lone letter acts only outside of fields. */
export type Hotkeys = Record<string, ((event: KeyboardEvent) => void) | null | false | undefined>;

/** The name of a key press, as used in `Hotkeys`: "Ctrl+K", "Alt+ArrowLeft", "F6", "?". */
export function keyName(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): string {
  const letter = event.key.length === 1;
  const key = letter ? event.key.toUpperCase() : event.key;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && (!letter || parts.length > 0)) parts.push("Shift");
  return [...parts, key].join("+");
}

function inField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Whether a modal dialog is open: what is under it doesn't take keys. */
function modalOpen(): boolean {
  return document.querySelector("[data-modal][data-open]") !== null;
}

/** Whether something hangs open over the window: its letters are its own. */
function popoverOpen(): boolean {
  return document.querySelector('[role="dialog"][data-open]') !== null;
}

/** A key that is held moves on and on, but does nothing twice: what it did is not even seen yet. */
function isHeld({ repeat, key }: KeyboardEvent): boolean {
  return repeat && !key.startsWith("Arrow");
}

const down = new Set<string>();
if (typeof window !== "undefined") {
  window.addEventListener("keydown", ({ key }) => down.add(key.toLowerCase()), { capture: true });
  const up = ({ key }: KeyboardEvent) => {
    down.delete(key.toLowerCase());
    // macOS never tells that a key was let go while ⌘ was held.
    if (key === "Meta") down.clear();
  };
  window.addEventListener("keyup", up, { capture: true });
  window.addEventListener("blur", () => down.clear());
}

/** Makes keys act while the component is shown. */
export function useHotkeys(keys: Hotkeys): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const name = keyName(event);
    const act = keys[name];
    if (!act) return;
    const single = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (single && (inField(event.target) || !currentPreferences().singleLetters)) return;
    // A field takes back what was typed.
    if (name === "Ctrl+Z" && inField(event.target)) return;
    if (modalOpen() || (single && popoverOpen())) return;
    event.preventDefault();
    if (!isHeld(event)) act(event);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

/**
 * The same for a dialog: its keys act only while it is open, also from its fields. Keys that were
 * down already when it opened belong to what opened it, until one of them is let go.
 */
export function useHotkeysInDialog(keys: Hotkeys): void {
  const stillDown = useRef(false);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const act = keys[keyName(event)];
    if (!act || event.defaultPrevented) return;
    event.preventDefault();
    if (!stillDown.current && !isHeld(event)) act(event);
  });
  useEffect(() => {
    stillDown.current = down.size > 0;
    const listen = (event: KeyboardEvent) => onKey(event);
    const letGo = () => {
      stillDown.current = false;
    };
    window.addEventListener("keydown", listen);
    window.addEventListener("keyup", letGo);
    window.addEventListener("blur", letGo);
    return () => {
      window.removeEventListener("keydown", listen);
      window.removeEventListener("keyup", letGo);
      window.removeEventListener("blur", letGo);
    };
  }, []);
}

/**
 * Keeps the webview from loading the page anew, which would lose what is typed: by key, or from its
 * own menu. Where text can be edited or copied the menu stays. Called after the keys that act.
 */
export function useNoReload(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const reload = event.key.toLowerCase() === "r" && (event.ctrlKey || event.metaKey);
      if (reload || event.key === "F5") event.preventDefault();
    };
    const onMenu = (event: Event) => {
      if (!inField(event.target) && !selectedAt(event.target)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    window.addEventListener("contextmenu", onMenu);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("contextmenu", onMenu);
    };
  }, []);
}

/** Whether text is selected there, so that the webview's menu offers to copy it. */
function selectedAt(target: EventTarget | null): boolean {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || !(target instanceof Node)) return false;
  return selection.getRangeAt(0).intersectsNode(target);
}
