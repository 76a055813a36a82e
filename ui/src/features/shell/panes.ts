const focusable = '[data-pane-focus], [tabindex="0"], button:not(:disabled), input:not(:disabled)';

/** Moves focus to the next pane (or the one before), round and round. */
export function focusNextPane(by: 1 | -1): void {
  const panes = Array.from(document.querySelectorAll<HTMLElement>("[data-pane]"));
  if (panes.length === 0) return;
  const now = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(now + by + panes.length) % panes.length] ?? panes[0];
  const target =
    next?.querySelector<HTMLElement>('[data-pane-focus], tr[tabindex="0"]') ??
    next?.querySelector<HTMLElement>(focusable);
  target?.focus();
}
