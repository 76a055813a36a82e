import { ArrowRightLeft, BellOff, CircleHelp, Eraser, Power, Spline } from "lucide-react";
import type { ReactNode } from "react";
import { StateGlyph } from "../../components/StateGlyph";
import type { Besides, PlanStep } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Plan.module.css";

const small = { size: 15, strokeWidth: 1.75, "aria-hidden": true } as const;

const icons: Record<Besides["kind"], ReactNode> = {
  becomes_custom: <StateGlyph of="custom" size={13} />,
  switches_on: <Power {...small} />,
  stays_on: <Power {...small} />,
  switches_off: <StateGlyph of="disabled" size={14} />,
  drops_secrets: <Eraser {...small} />,
  loses_secrets: <Eraser {...small} />,
  follows_default: <StateGlyph of="inherited" size={14} />,
  saves_default_first: <Spline {...small} />,
  keeps_own: <StateGlyph of="custom" size={13} />,
  default_moved: <Eraser {...small} />,
  blanks: <Eraser {...small} />,
  events_off: <BellOff {...small} />,
  not_asked: <CircleHelp {...small} />,
  leaves_inheritors: <Spline {...small} />,
  propagates: <Spline {...small} />,
};

/** What GitLab does besides what was asked, as sentences. */
export function BesidesList({ items }: { items: Besides[] }) {
  return (
    <ul className={styles.effects}>
      {items.map((item) => (
        <li key={item.kind} data-testid={`effect-${item.kind}`}>
          <span className={styles.icon}>{icons[item.kind]}</span>
          {m.edit.besides(item)}
        </li>
      ))}
    </ul>
  );
}

/** What a step does, counted, and what GitLab does besides. */
export function Effects({ step }: { step: PlanStep }) {
  return (
    <div className={styles.effectsBox}>
      <ul className={styles.effects}>
        <li data-testid="effect-changes">
          <span className={styles.icon}>
            <ArrowRightLeft {...small} />
          </span>
          {m.plan.effects(step.changes.length, step.same)}
        </li>
      </ul>
      <BesidesList items={step.besides} />
    </div>
  );
}
