import { useMutation } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { whyNoWrites } from "../../app/connection";
import { useHotkeys } from "../../app/hotkeys";
import { useNavigation } from "../../app/navigation";
import { toastDone } from "../../app/toasts";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { app } from "../../ipc/backend";
import { scopeKey } from "../../ipc/scopes";
import type { Connection, DraftSummary, IntegrationRef } from "../../ipc/types";
import { m } from "../../messages/en";
import { DraftLine } from "./DraftLine";
import styles from "./TrayDrafts.module.css";

interface TrayDraftsProps {
  connection: Connection;
  drafts: DraftSummary[];
}

const keyOf = ({ scope, slug }: IntegrationRef) => `${scopeKey(scope)}/${slug}`;

/**
 * Drafts that wait: those that are ticked are planned together, a plan for each integration. What gets into
 * no plan says why, and stays, as all of them do until GitLab has them.
 */
export function TrayDrafts({ connection, drafts }: TrayDraftsProps) {
  const { go } = useNavigation();
  const id = useId();
  const [out, setOut] = useState<ReadonlySet<string>>(new Set());
  const [left, setLeft] = useState<ReadonlyMap<string, string>>(new Map());
  const [discarding, setDiscarding] = useState(false);
  const cancel = useRef<HTMLButtonElement>(null);
  const chosen = drafts.filter(({ at }) => !out.has(keyOf(at))).map(({ at }) => at);
  const t = m.changes.drafts;

  const review = useMutation({
    mutationFn: () => app.planDrafts(connection.id, chosen),
    meta: { failure: t.notPlanned },
    onSuccess: ({ runs, left: refused }) => {
      setLeft(new Map(refused.map(({ at, why }) => [keyOf(at), why])));
      const [first] = runs;
      if (runs.length === 1 && first !== undefined)
        go({ view: "changes", connection: connection.id, run: first });
      else if (runs.length > 1)
        toastDone(t.planned(runs.length), refused.length > 0 ? t.left(refused.length) : t.plannedNext);
    },
  });
  const discard = useMutation({
    mutationFn: async () => {
      for (const at of chosen) await app.discardDraft(at);
      return chosen.length;
    },
    meta: { failure: m.failed.act },
    onSuccess: (n) => toastDone(t.discarded(n)),
  });
  const refused = whyNoWrites(connection);
  const ready = refused === null && chosen.length > 0 && !review.isPending;
  const plan = () => {
    if (ready) review.mutate();
  };
  useHotkeys({ "Ctrl+Enter": plan });
  const tick = (at: IntegrationRef, on: boolean) => {
    const next = new Set(out);
    if (on) next.delete(keyOf(at));
    else next.add(keyOf(at));
    setOut(next);
  };

  return (
    <section aria-labelledby={`${id}-title`} data-testid="tray-drafts">
      <header className={styles.head}>
        <All
          drafts={drafts.length}
          chosen={chosen.length}
          onChange={(on) => setOut(new Set(on ? [] : drafts.map(({ at }) => keyOf(at))))}
        />
        <div className={styles.text}>
          <h3 id={`${id}-title`}>{t.title}</h3>
          <p className={styles.meta}>{refused ?? t.note}</p>
        </div>
        <Button
          small
          disabled={chosen.length === 0}
          busy={discard.isPending}
          onClick={() => setDiscarding(true)}
          data-testid="drafts-discard"
        >
          {t.discard(chosen.length)}
        </Button>
        <Button
          small
          variant="primary"
          keys={["Ctrl", "⏎"]}
          disabled={!ready && !review.isPending}
          busy={review.isPending}
          onClick={plan}
          data-testid="drafts-review"
        >
          {t.review(chosen.length)}
        </Button>
      </header>
      <ul>
        {drafts.map((draft) => (
          <DraftLine
            key={keyOf(draft.at)}
            of={draft}
            taken={!out.has(keyOf(draft.at))}
            onTake={(on) => tick(draft.at, on)}
            why={left.get(keyOf(draft.at)) ?? draft.why ?? undefined}
          />
        ))}
      </ul>
      <Dialog
        open={discarding}
        onClose={() => setDiscarding(false)}
        title={t.discardTitle(chosen.length)}
        lead={t.discardNote}
        initialFocus={cancel}
        foot={
          <>
            <Button ref={cancel} onClick={() => setDiscarding(false)}>
              {m.acts.cancel}
            </Button>
            <Button
              variant="primary"
              onClick={() => {
                setDiscarding(false);
                discard.mutate();
              }}
              data-testid="drafts-discard-go"
            >
              {t.discard(chosen.length)}
            </Button>
          </>
        }
      />
    </section>
  );
}

interface AllProps {
  drafts: number;
  chosen: number;
  onChange: (on: boolean) => void;
}

/** A tick for all of them; between on and off where only some are taken along. */
function All({ drafts, chosen, onChange }: AllProps) {
  const box = useRef<HTMLInputElement>(null);
  const some = chosen > 0 && chosen < drafts;
  useEffect(() => {
    if (box.current) box.current.indeterminate = some;
  }, [some]);
  const label = m.changes.drafts.all(drafts);
  return (
    <label className={styles.tick}>
      <input
        ref={box}
        type="checkbox"
        aria-label={label}
        title={label}
        checked={chosen === drafts}
        onChange={(event) => onChange(event.target.checked)}
        data-testid="drafts-all"
      />
    </label>
  );
}
