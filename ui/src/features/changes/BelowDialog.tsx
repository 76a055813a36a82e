import { useId, useRef, useState } from "react";
import { Dialog } from "../../components/Dialog";
import { FieldError } from "../../components/FieldError";
import { Segments } from "../../components/Segments";
import type { Action, BulkWish, ScopeName } from "../../ipc/types";
import { placeName } from "../../logic/source";
import { m } from "../../messages/en";
import { BelowFilter, filterOf, notNarrowed, type States } from "./BelowFilter";
import styles from "./Bulk.module.css";
import { BulkFoot } from "./BulkFoot";
import { countSet, nothingSet, saySet, SetFields } from "./SetFields";
import { useBulk } from "./useBulk";

interface BelowDialogProps {
  connection: number;
  scope: ScopeName;
  slug: string;
  title: string;
  onClose: () => void;
}

const t = m.changes.bulk;
/** Where each act usually means something. */
const usual: Record<Action, States> = {
  use_default: "custom",
  set_custom: "custom",
  disable: "any",
  enable: "disabled",
};

/** One change of everything below a scope: what, and of those which. The plan shows what comes of it. */
export function BelowDialog({ connection, scope, slug, title, onClose }: BelowDialogProps) {
  const id = useId();
  const cancel = useRef<HTMLButtonElement>(null);
  const bulk = useBulk(null);
  const [act, setAct] = useState<Action>("use_default");
  const [narrowed, setNarrowed] = useState({ ...notNarrowed, state: usual.use_default });
  const [setting, setSetting] = useState(nothingSet);
  const wish: BulkWish = act === "set_custom" ? { kind: act, ...setting } : { kind: act };
  const incomplete = act === "set_custom" && countSet(setting) === 0;
  const make = () =>
    bulk.mutate({
      connection,
      slug,
      wish,
      selection: { kind: "below", scope: scope.scope, filter: filterOf(narrowed) },
    });
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
        <BulkFoot
          cancel={cancel}
          said={act === "set_custom" ? saySet(setting) : null}
          busy={bulk.isPending}
          ready={!incomplete}
          onClose={onClose}
          onMake={make}
          testid="below-make"
        />
      }
    >
      <div className={styles.fields}>
        <div className={styles.field}>
          <span>{t.what}</span>
          <Segments<Action>
            label={t.what}
            value={act}
            options={(["use_default", "set_custom", "disable", "enable"] as const).map((each) => ({
              value: each,
              label: t.acts[each],
            }))}
            onChange={(to) => {
              setAct(to);
              setNarrowed({ ...narrowed, state: usual[to] });
            }}
          />
        </div>
        <BelowFilter value={narrowed} onChange={setNarrowed} />
        {act === "set_custom" && narrowed.state === "any" && (
          <p className={styles.hint} data-testid="below-everywhere">
            {t.set.everywhere}
          </p>
        )}
        {act === "set_custom" && (
          <SetFields connection={connection} slug={slug} value={setting} onChange={setSetting} />
        )}
        <FieldError id={`${id}-problem`} message={bulk.error?.message} testid="below-problem" />
        {bulk.error?.hint && <p className={styles.note}>{bulk.error.hint}</p>}
      </div>
    </Dialog>
  );
}
