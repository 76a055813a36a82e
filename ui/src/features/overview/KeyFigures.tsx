import { StateGlyph } from "../../components/StateGlyph";
import type { Overview, State, Trend } from "../../ipc/types";
import { addCounts, countOf } from "../../logic/states";
import { m } from "../../messages/en";
import { changeSince } from "./trend";
import styles from "./KeyFigures.module.css";

interface KeyFiguresProps {
  overview: Overview;
  trend: Trend | undefined;
  now: number;
  onOpen: (states: State[]) => void;
}

/** The numbers before any chart; each leads to the scopes it counts. */
export function KeyFigures({ overview, trend, now, onOpen }: KeyFiguresProps) {
  const counts = addCounts(overview.kinds.map((kind) => kind.counts));
  const n = (...states: State[]) => countOf(counts, ...states);
  const on = n("inherited", "inherited_differs", "custom");
  const defaults = overview.kinds.reduce((sum, kind) => sum + kind.defaults, 0);
  const kindsWithDefault = overview.kinds.filter((kind) => kind.defaults > 0).length;
  const change = trend ? changeSince(trend, "custom", now) : null;
  const t = m.overview.figures;
  const figures: [
    glyph: State | "sets_default",
    label: string,
    n: number,
    note: string,
    states: State[] | null,
  ][] = [
    ["inherited", m.states.inherited, n("inherited"), t.shareOfOn(n("inherited"), on), ["inherited"]],
    [
      "inherited_differs",
      m.states.inherited_differs,
      n("inherited_differs"),
      t.differs,
      ["inherited_differs"],
    ],
    [
      "custom",
      m.states.custom,
      n("custom"),
      change ? t.change(change) : t.shareOfOn(n("custom"), on),
      ["custom"],
    ],
    ["disabled", m.states.disabled, n("disabled"), t.disabled, ["disabled"]],
    ["sets_default", t.defaults, defaults, t.ofKinds(kindsWithDefault), null],
    n("unknown") > 0
      ? ["unknown", m.states.unknown, n("unknown"), t.untold(overview.unreadable), ["unknown"]]
      : ["unknown", m.states.unknown, overview.unreadable, t.unreadable, ["unknown"]],
  ];
  return (
    <ul className={styles.figures}>
      {figures.map(([glyph, label, value, note, states]) => (
        <li key={label}>
          <span className={styles.label}>
            <StateGlyph of={glyph} />
            {states && value > 0 ? (
              <button type="button" onClick={() => onOpen(states)} data-testid={`figure-${glyph}`}>
                {label}
              </button>
            ) : (
              label
            )}
          </span>
          <strong>{m.format.number(value)}</strong>
          <span className={styles.note}>{note}</span>
        </li>
      ))}
    </ul>
  );
}
