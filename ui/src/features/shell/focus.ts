import { useEffect, useRef, type RefObject } from "react";
import type { Place } from "../../app/navigation";

const LISTS = 'ul, ol, table, [role="list"], [role="group"], section, [data-pane]';
const FOCUSABLE =
  '[data-pane-focus], [tabindex="0"], a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled)';

/** Where the focus stood: in which lists, from the nearest out, and as the how many-th there. */
type Trail = readonly { list: Element; index: number }[];

const focusableIn = (element: Element) => Array.from(element.querySelectorAll<HTMLElement>(FOCUSABLE));
const lost = () => document.activeElement === null || document.activeElement === document.body;

/**
 * Keeps the keyboard in the window: after a step to another place the focus goes to what is shown
 * there, and where the focused thing was taken away, to its neighbour. Nothing is taken from
 * wherever the focus is.
 */
export function useFocusKept(main: RefObject<HTMLElement | null>, place: Place): void {
  const moved = useRef(false);
  const trail = useRef<{ at: Element; of: Trail } | null>(null);

  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    moved.current = true;
    if (main.current && lost() && focusView(main.current)) moved.current = false;
  }, [main, place]);

  useEffect(() => {
    const view = main.current;
    if (!view) return;
    const onFocus = ({ target }: FocusEvent) => {
      moved.current = false;
      // A menu gives the focus back by itself.
      const ofView = target instanceof Element && view.contains(target) && !target.closest("[data-popups]");
      trail.current = ofView ? { at: target, of: trailOf(target, view) } : null;
    };
    const onChange = () => {
      if (!lost()) return;
      if (moved.current) {
        if (focusView(view)) moved.current = false;
      } else if (trail.current && !trail.current.at.isConnected) {
        focusNeighbour(trail.current.of, view);
      }
    };
    // Dialogs are beside the view: what they give the focus back to may be gone.
    const observer = new MutationObserver(onChange);
    // Whoever acts meanwhile is not taken elsewhere; a press beside everything lets go of the focus.
    const onPress = ({ type }: Event) => {
      moved.current = false;
      if (type === "pointerdown") trail.current = null;
    };
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener("focusin", onFocus);
    window.addEventListener("pointerdown", onPress, { capture: true });
    window.addEventListener("keydown", onPress, { capture: true });
    return () => {
      observer.disconnect();
      document.removeEventListener("focusin", onFocus);
      window.removeEventListener("pointerdown", onPress, { capture: true });
      window.removeEventListener("keydown", onPress, { capture: true });
    };
  }, [main]);
}

function trailOf(target: Element, view: Element): Trail {
  const found: { list: Element; index: number }[] = [];
  for (let list = target.closest(LISTS); list && view.contains(list);) {
    found.push({ list, index: focusableIn(list).indexOf(target as HTMLElement) });
    list = list.parentElement?.closest(LISTS) ?? null;
  }
  return found;
}

/** What came into the place of what is gone, or the last before it. */
function focusNeighbour(trail: Trail, view: Element): void {
  for (const { list, index } of trail) {
    if (!list.isConnected) continue;
    const here = focusableIn(list);
    const next = here[index] ?? here.at(-1);
    if (!next) continue;
    next.focus();
    return;
  }
  focusView(view);
}

/** Focuses where a view begins; the tree, which letters search, only where there is nothing else. */
function focusView(view: Element): boolean {
  const start =
    view.querySelector<HTMLElement>('[data-pane]:not([data-pane="tree"]) [data-pane-focus]') ??
    view.querySelector<HTMLElement>("h1") ??
    view.querySelector<HTMLElement>("[data-pane-focus]");
  if (!start) return false;
  if (!start.hasAttribute("tabindex")) start.tabIndex = -1;
  start.focus({ preventScroll: true });
  return document.activeElement === start;
}
