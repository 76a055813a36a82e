import type { KeyboardEvent, PointerEvent } from "react";
import styles from "./SplitBar.module.css";

interface SplitBarProps {
  label: string;
  value: number;
  min: number;
  max: number;
  /** The pane it sizes lies after the bar. */
  reverse?: boolean;
  onChange: (value: number) => void;
}

/** The bar between two panes: drags, and moves with the arrow keys. */
export function SplitBar({ label, value, min, max, reverse = false, onChange }: SplitBarProps) {
  const sign = reverse ? -1 : 1;
  const set = (next: number) => onChange(Math.round(Math.min(max, Math.max(min, next))));

  function drag(event: PointerEvent<HTMLDivElement>) {
    const bar = event.currentTarget;
    const start = event.clientX;
    bar.setPointerCapture(event.pointerId);
    const move = (to: globalThis.PointerEvent) => set(value + sign * (to.clientX - start));
    const end = () => {
      bar.removeEventListener("pointermove", move);
      bar.removeEventListener("pointerup", end);
      bar.removeEventListener("pointercancel", end);
    };
    bar.addEventListener("pointermove", move);
    bar.addEventListener("pointerup", end);
    bar.addEventListener("pointercancel", end);
  }

  function key(event: KeyboardEvent) {
    const step = event.shiftKey ? 40 : 8;
    const moves: Record<string, number> = {
      ArrowLeft: value - sign * step,
      ArrowRight: value + sign * step,
      Home: min,
      End: max,
    };
    const next = moves[event.key];
    if (next === undefined || event.altKey) return;
    event.preventDefault();
    set(next);
  }

  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className={styles.bar}
      onPointerDown={drag}
      onKeyDown={key}
    />
  );
}
