import { cx } from "../../components/cx";
import type { DriftShown } from "../../app/navigation";
import type { DriftCounts } from "../../ipc/types";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import styles from "./DriftSums.module.css";

interface DriftSumsProps {
  counts: DriftCounts;
  shown: DriftShown;
  onShow: (to: Partial<DriftShown>) => void;
}

/** How much changed, by integration and by sync or run. Each is a filter. */
export function DriftSums({ counts, shown, onShow }: DriftSumsProps) {
  const now = useNow();
  return (
    <section className={styles.side} aria-label={m.drift.sums} data-pane="drift-sums">
      <h2>{m.drift.byKind}</h2>
      <ul>
        {counts.by_kind.map(({ slug, title, scopes, changes }) => (
          <Sum
            key={slug ?? ""}
            label={title ?? slug ?? m.drift.scopeItself}
            note={m.drift.inScopes(scopes)}
            n={changes}
            chosen={slug !== null && slug === shown.slug}
            onChoose={slug === null ? null : () => onShow({ slug: slug === shown.slug ? null : slug })}
          />
        ))}
      </ul>
      <h2>{m.drift.bySync}</h2>
      <ul>
        {counts.by_sync.map(({ sync, run, at, changes }) => {
          const chosen = run === null ? sync !== null && sync === shown.sync : run === shown.run;
          return (
            <Sum
              key={`${sync ?? ""}/${String(run)}`}
              label={m.format.capital(m.format.clock(at, now))}
              note={run !== null ? m.drift.oneRun(run) : sync === null ? m.drift.reading : m.drift.sync}
              title={m.exact(at)}
              n={changes}
              chosen={chosen}
              onChoose={
                sync === null && run === null
                  ? null
                  : () =>
                      onShow(chosen ? { sync: null, run: null } : { sync: run === null ? sync : null, run })
              }
            />
          );
        })}
      </ul>
    </section>
  );
}

interface SumProps {
  label: string;
  note: string;
  title?: string;
  n: number;
  chosen: boolean;
  onChoose: (() => void) | null;
}

function Sum({ label, note, title, n, chosen, onChoose }: SumProps) {
  const body = (
    <>
      <span className={styles.text}>
        <span className={styles.label}>{label}</span>
        <span className={styles.note}>{note}</span>
      </span>
      <span className={styles.n}>{m.format.number(n)}</span>
    </>
  );
  return (
    <li title={title}>
      {onChoose ? (
        <button
          type="button"
          aria-pressed={chosen}
          className={cx(styles.row, chosen && styles.chosen)}
          onClick={onChoose}
        >
          {body}
        </button>
      ) : (
        <div className={styles.row}>{body}</div>
      )}
    </li>
  );
}
