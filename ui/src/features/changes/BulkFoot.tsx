import type { Ref } from "react";
import { Button } from "../../components/Button";
import { m } from "../../messages/en";
import styles from "./Bulk.module.css";

interface BulkFootProps {
  /** Where the focus starts, if it starts on Cancel. */
  cancel?: Ref<HTMLButtonElement>;
  /** How much is chosen so far. */
  said?: string | null;
  busy: boolean;
  ready: boolean;
  onClose: () => void;
  onMake: () => void;
  testid: string;
}

/** The foot of a dialog that leads to a plan. */
export function BulkFoot({ cancel, said = null, busy, ready, onClose, onMake, testid }: BulkFootProps) {
  return (
    <>
      {said !== null && (
        <p role="status" data-start="" className={styles.said}>
          {said}
        </p>
      )}
      <Button ref={cancel} onClick={onClose}>
        {m.acts.cancel}
      </Button>
      <Button variant="primary" busy={busy} disabled={!ready} onClick={onMake} data-testid={testid}>
        {m.changes.bulk.make}
      </Button>
    </>
  );
}
