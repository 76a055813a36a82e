import { Check, Equal, Info } from "lucide-react";
import { cx } from "../../components/cx";
import { StateGlyph } from "../../components/StateGlyph";
import type { DraftCheck, Shown } from "../../ipc/types";
import { m } from "../../messages/en";
import { readShown } from "../../logic/shown";
import { useNow } from "../../logic/time";
import { BesidesList } from "../plan/Effects";
import styles from "./Edit.module.css";
import type { Aim } from "./formState";

interface DraftPanelProps {
  check: DraftCheck | null;
  keptAt: string | null;
  dirty: boolean;
  hasDefault: boolean;
  to: Aim;
  /** Path of the default. */
  source: string | null;
}

/** What the draft amounts to, live. */
export function DraftPanel({ check, keptAt, dirty, hasDefault, to, source }: DraftPanelProps) {
  const now = useNow();
  const t = m.edit.panel;
  return (
    <aside className={styles.panel} aria-label={t.title} data-pane="draft" tabIndex={-1}>
      <header className={styles.panelHead}>
        <h2>{t.title}</h2>
        <span>{check && check.changes.length > 0 ? t.changes(check.changes.length) : t.none}</span>
        <span className={styles.space} />
        {keptAt !== null && !dirty && (
          <span title={m.exact(keptAt)} data-testid="draft-kept">
            <Check size={14} strokeWidth={2} aria-hidden="true" /> {t.kept(keptAt, now)}
          </span>
        )}
        {dirty && <span>{t.notKept}</span>}
      </header>
      <div className={styles.panelBody}>
        {to !== "draft" ? (
          <p className={styles.panelText}>{to === "off" ? t.offChosen : t.defaultChosen(source)}</p>
        ) : (
          check && (
            <>
              <dl className={styles.changes}>
                {check.changes.map((change) => (
                  <div key={change.name} data-testid={`draft-change-${change.name}`}>
                    <dt>{change.title}</dt>
                    <dd>
                      <span aria-hidden="true">-</span> <Side of={change.before} />
                    </dd>
                    <dd className={styles.added}>
                      <span aria-hidden="true">+</span> <Side of={change.after} />
                    </dd>
                  </div>
                ))}
              </dl>
              <section>
                <h3>{t.against}</h3>
                <Against check={check} hasDefault={hasDefault} />
              </section>
              {check.besides.length > 0 && (
                <section>
                  <h3>{t.besides}</h3>
                  <BesidesList items={check.besides} />
                </section>
              )}
            </>
          )
        )}
      </div>
      <footer className={styles.panelFoot}>
        <Info size={15} strokeWidth={1.75} aria-hidden="true" />
        <p>{t.keptNote}</p>
      </footer>
    </aside>
  );
}

function Side({ of }: { of: Shown }) {
  const { text, literal } = readShown(of);
  return <span className={cx(literal ? styles.literal : undefined)}>{text}</span>;
}

function Against({ check, hasDefault }: { check: DraftCheck; hasDefault: boolean }) {
  const t = m.edit.panel;
  if (!hasDefault) return <p className={styles.panelText}>{t.noDefault}</p>;
  const differ = check.still_differs.length > 0;
  return (
    <p className={styles.against}>
      {differ ? <StateGlyph of="custom" size={13} /> : <Equal size={14} strokeWidth={2} aria-hidden="true" />}
      <span>
        {differ
          ? t.stillDiffer(check.still_differs, check.settings)
          : t.equal(check.settings - check.cannot_compare.length)}{" "}
        {check.cannot_compare.length > 0 && t.cannotCompare(check.cannot_compare)}
      </span>
    </p>
  );
}
