import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import { useNavigation } from "../../app/navigation";
import { Button } from "../../components/Button";
import { FieldError } from "../../components/FieldError";
import { StateGlyph } from "../../components/StateGlyph";
import { app } from "../../ipc/backend";
import type { DraftSummary } from "../../ipc/types";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import styles from "./TrayDrafts.module.css";

interface DraftLineProps {
  of: DraftSummary;
  /** It goes along when drafts are planned together. */
  taken: boolean;
  onTake: (taken: boolean) => void;
  /** Why it got into no plan. */
  why: string | undefined;
}

/** A draft that waits: opened, thrown away, or taken along. */
export function DraftLine({ of, taken, onTake, why }: DraftLineProps) {
  const { go } = useNavigation();
  const now = useNow();
  const id = useId();
  const name = `${of.title}, ${of.scope.path}`;
  const discard = useMutation({
    mutationFn: () => app.discardDraft(of.at),
    meta: { failure: m.failed.act },
  });
  const open = () =>
    go({
      view: "scopes",
      connection: of.at.connection,
      scope: of.at.scope,
      slug: of.at.slug,
      editing: true,
    });
  return (
    <li className={styles.line} data-testid="tray-draft">
      <label className={styles.tick}>
        <input
          type="checkbox"
          aria-label={m.changes.drafts.include(name)}
          aria-describedby={why === undefined ? undefined : id}
          checked={taken}
          onChange={(event) => onTake(event.target.checked)}
        />
      </label>
      <span className={styles.mark}>
        <StateGlyph of="pending" size={14} />
      </span>
      <div className={styles.text}>
        <button type="button" className={styles.name} onClick={open}>
          <strong>
            {of.title}: <bdi>{of.scope.path}</bdi>
          </strong>
          <span className={styles.meta} title={m.exact(of.kept_at)}>
            {m.changes.tray.draft}, {m.changes.tray.kept(of.kept_at, now)}
          </span>
        </button>
        <FieldError id={id} message={why} testid="draft-left" />
      </div>
      <Button
        small
        busy={discard.isPending}
        aria-label={m.changes.tray.discardLabel(name)}
        onClick={() => discard.mutate()}
      >
        {m.changes.tray.discard}
      </Button>
      <Button small onClick={open}>
        {m.changes.tray.open}
      </Button>
    </li>
  );
}
