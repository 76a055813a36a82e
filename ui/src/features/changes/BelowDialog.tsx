import { useId, useRef, useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { FieldError } from "../../components/FieldError";
import { Segments } from "../../components/Segments";
import type { BulkRequest, Level, ScopeFilter, ScopeName, State } from "../../ipc/types";
import { placeName } from "../../logic/source";
import { m } from "../../messages/en";
import styles from "./Bulk.module.css";
import { useBulk } from "./useBulk";

interface BelowDialogProps {
  connection: number;
  scope: ScopeName;
  slug: string;
  title: string;
  onClose: () => void;
}

type Wish = "use_default" | "disable" | "enable";
type States = "any" | "custom" | "differs" | "disabled";

const t = m.changes.bulk;
const states: Record<States, State[]> = {
  any: [],
  custom: ["custom"],
  differs: ["inherited_differs"],
  disabled: ["disabled"],
};
/** Where each wish usually means something. */
const usual: Record<Wish, States> = { use_default: "custom", disable: "any", enable: "disabled" };

/** One change of everything below a scope: what, and of those which. The plan shows what comes of it. */
export function BelowDialog({ connection, scope, slug, title, onClose }: BelowDialogProps) {
  const id = useId();
  const cancel = useRef<HTMLButtonElement>(null);
  const bulk = useBulk(null);
  const [wish, setWish] = useState<Wish>("use_default");
  const [state, setState] = useState<States>("custom");
  const [level, setLevel] = useState<Level | "any">("any");
  const [text, setText] = useState("");
  const [value, setValue] = useState("");
  const [archived, setArchived] = useState(false);
  const filter: ScopeFilter = {
    states: states[state],
    level: level === "any" ? null : level,
    visibility: null,
    text,
    value,
    archived,
  };
  const request: BulkRequest = {
    connection,
    slug,
    wish: { kind: wish },
    selection: { kind: "below", scope: scope.scope, filter },
  };
  return (
    <Dialog
      open
      onClose={() => !bulk.isPending && onClose()}
      title={t.belowTitle(title, placeName(scope))}
      lead={t.belowLead}
      initialFocus={cancel}
      wide
      data-testid="below-dialog"
      foot={
        <>
          <Button ref={cancel} onClick={onClose}>
            {m.acts.cancel}
          </Button>
          <Button
            variant="primary"
            busy={bulk.isPending}
            onClick={() => bulk.mutate(request)}
            data-testid="below-make"
          >
            {t.make}
          </Button>
        </>
      }
    >
      <div className={styles.fields}>
        <div className={styles.field}>
          <span>{t.what}</span>
          <Segments<Wish>
            label={t.what}
            value={wish}
            options={(["use_default", "disable", "enable"] as const).map((each) => ({
              value: each,
              label: t.acts[each],
            }))}
            onChange={(to) => {
              setWish(to);
              setState(usual[to]);
            }}
          />
        </div>
        <div className={styles.field}>
          <span>{t.which}</span>
          <Segments<States>
            label={t.which}
            value={state}
            options={(["any", "custom", "differs", "disabled"] as const).map((each) => ({
              value: each,
              label: t.filterStates[each],
            }))}
            onChange={setState}
          />
        </div>
        <div className={styles.field}>
          <span>{t.level}</span>
          <Segments<Level | "any">
            label={t.level}
            value={level}
            options={(["any", "project", "group"] as const).map((each) => ({
              value: each,
              label: t.levels[each],
            }))}
            onChange={setLevel}
          />
        </div>
        <div className={styles.field}>
          <label htmlFor={`${id}-text`}>{t.name}</label>
          <input
            id={`${id}-text`}
            type="text"
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
            data-testid="below-text"
          />
        </div>
        <div className={styles.field}>
          <label htmlFor={`${id}-value`}>{t.value}</label>
          <input
            id={`${id}-value`}
            type="text"
            spellCheck={false}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        </div>
        <label className={styles.check}>
          <input type="checkbox" checked={archived} onChange={(event) => setArchived(event.target.checked)} />
          {t.archived}
        </label>
        <FieldError id={`${id}-problem`} message={bulk.error?.message} testid="below-problem" />
        {bulk.error?.hint && <p className={styles.note}>{bulk.error.hint}</p>}
      </div>
    </Dialog>
  );
}
