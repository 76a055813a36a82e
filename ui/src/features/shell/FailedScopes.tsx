import { Check } from "lucide-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { app } from "../../ipc/backend";
import { scopeKey } from "../../ipc/scopes";
import type { FailedScope, ScopeRef } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./BannerBar.module.css";

interface FailedScopesProps {
  onClose: () => void;
  failed: FailedScope[];
  /** A sync is under way. */
  reading: boolean;
  connection: number;
}

/**
 * Which scopes failed, why, and a way to read each again. Those that were read since stay in their
 * place while it is open, with the focus that may be on them.
 */
export function FailedScopes({ onClose, failed, reading, connection }: FailedScopesProps) {
  const [listed, setListed] = useState(failed);
  const added = failed.filter((scope) => !listed.some((each) => nameOf(each) === nameOf(scope)));
  if (added.length > 0) setListed([...listed, ...added]);
  const read = useMutation({
    mutationFn: (scope: ScopeRef) => app.startSync(connection, scope),
    meta: { failure: m.failed.read },
  });
  const t = m.shell.banner;
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={t.failedTitle(failed.length)}
      lead={t.failedNote}
      data-testid="failed-scopes"
      foot={<Button onClick={onClose}>{m.acts.close}</Button>}
    >
      <ul className={styles.failed}>
        {listed.map((scope) => {
          const now = failed.find((each) => nameOf(each) === nameOf(scope));
          const asked = read.variables !== undefined && scopeKey(read.variables) === scopeKey(scope.scope);
          return (
            <li key={nameOf(scope)}>
              <div>
                <bdi>{scope.path}</bdi>
                <p>{now ? now.why : t.readSince}</p>
              </div>
              <Button
                small
                icon={now ? undefined : <Check size={14} strokeWidth={2} />}
                busy={now !== undefined && (read.isPending || reading) && asked}
                aria-disabled={!now || reading}
                onClick={() => now && !reading && read.mutate(scope.scope)}
              >
                {now ? m.acts.readAgain : t.read}
              </Button>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}

/** A scope may fail with several of its rows. */
function nameOf({ scope, path }: FailedScope): string {
  return `${scopeKey(scope)} ${path}`;
}
