import { useEffect, useEffectEvent } from "react";
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

/** Whether a dialog is open: what is under it doesn't take keys. */
function dialogOpen(): boolean {
  return document.querySelector('[role="dialog"][data-open], [role="alertdialog"][data-open]') !== null;
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
    if (dialogOpen()) return;
    event.preventDefault();
    act(event);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

/** The same for a dialog: its keys act only while it is open, also from its fields. */
export function useHotkeysInDialog(keys: Hotkeys): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const act = keys[keyName(event)];
    if (!act || event.defaultPrevented) return;
    event.preventDefault();
    act(event);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
