import { useMutation } from "@tanstack/react-query";
import { ShieldCheck, TriangleAlert } from "lucide-react";
import { useId, useState } from "react";
import { whyNoWrites } from "../../app/connection";
import { useHotkeys } from "../../app/hotkeys";
import { Button } from "../../components/Button";
import { app } from "../../ipc/backend";
import type { Connection, PlanReview } from "../../ipc/types";
import { lacking, typedOnly } from "../../logic/secrets";
import { useNow } from "../../logic/time";
import { m } from "../../messages/en";
import styles from "./ConfirmBar.module.css";
import textStyles from "./Text.module.css";
import type { Typed } from "./SecretsAsked";

interface ConfirmBarProps {
  connection: Connection;
  review: PlanReview;
  typed: Typed;
}

/** Says how many scopes change, has the number typed where they are many, and begins. */
export function ConfirmBar({ connection, review, typed }: ConfirmBarProps) {
  const { summary, confirm, blast, missing } = review;
  const [count, setCount] = useState("");
  const now = useNow();
  const id = useId();
  const begin = useMutation({
    mutationFn: () =>
      app.beginRun(
        summary.run,
        typedOnly(typed.secrets),
        typed.remember,
        confirm.kind === "type_count" ? confirm.count : null,
      ),
    meta: { failure: m.changes.review.notBegun },
    onSuccess: () => {
      begin.reset();
    },
  });
  const { steps } = summary.counts;
  const going = steps - lacking(missing, typed.secrets);
  const needed = confirm.kind === "type_count" ? confirm.count : null;
  const changing = needed ?? steps + blast.change + blast.switch_on + blast.maybe + blast.unseen;
  const fits = needed === null || Number(count.replaceAll(/[\s,.]/g, "")) === needed;
  const expired = Date.parse(summary.expires_at) <= now;
  const refused =
    whyNoWrites(connection) ??
    (expired ? m.changes.review.expired : steps === 0 ? m.changes.review.noneIn : null);
  const ready = fits && refused === null && going > 0 && !begin.isPending;
  const apply = () => {
    if (ready) begin.mutate();
  };
  useHotkeys({ "Ctrl+Enter": apply });
  return (
    <footer className={styles.confirm} data-pane="confirm">
      {refused === null ? (
        <ShieldCheck size={16} strokeWidth={1.75} aria-hidden="true" className={styles.shield} />
      ) : (
        <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" className={textStyles.warn} />
      )}
      <p>
        {refused ?? (
          <>
            <strong>{m.changes.review.confirm(changing)}</strong>{" "}
            {needed !== null && m.changes.review.confirmType}{" "}
            <span className={textStyles.meta} title={m.changes.review.confirmNote}>
              {m.changes.review.expires(summary.expires_at, now)}
            </span>
          </>
        )}
      </p>
      {needed !== null && refused === null && (
        <label htmlFor={id} className={styles.count}>
          {m.changes.review.confirmLabel}
          <input
            id={id}
            inputMode="numeric"
            autoComplete="off"
            placeholder={String(needed)}
            value={count}
            onChange={(event) => setCount(event.target.value)}
            data-testid="plan-count"
          />
        </label>
      )}
      <Button
        variant="primary"
        keys={["Ctrl", "⏎"]}
        busy={begin.isPending}
        disabled={!ready && !begin.isPending}
        onClick={apply}
        data-testid="plan-apply"
      >
        {m.changes.review.apply(going, steps)}
      </Button>
    </footer>
  );
}
