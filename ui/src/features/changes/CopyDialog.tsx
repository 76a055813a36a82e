import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Dialog } from "../../components/Dialog";
import { LevelIcon } from "../../components/icons";
import { SearchField } from "../../components/SearchField";
import { queries } from "../../ipc/queries";
import { sameScope } from "../../ipc/scopes";
import type { ScopeRef } from "../../ipc/types";
import { useDebounced } from "../../logic/debounce";
import { m } from "../../messages/en";
import styles from "./Bulk.module.css";
import { BulkFoot } from "./BulkFoot";
import { PathText } from "../../components/PathText";

interface CopyDialogProps {
  connection: number;
  /** Of which integration. */
  slug: string;
  /** How many scopes take the settings over. */
  scopes: number;
  busy: boolean;
  onClose: () => void;
  onCopy: (from: ScopeRef, secrets: string[]) => void;
}

const MOST = 50;

/** Asks whose settings are taken over. */
export function CopyDialog({ connection, slug, scopes, busy, onClose, onCopy }: CopyDialogProps) {
  const [typed, setTyped] = useState("");
  const [from, setFrom] = useState<ScopeRef | null>(null);
  const [given, setGiven] = useState<string[]>([]);
  const secrets = useQuery(queries.secretFields(slug)).data ?? [];
  const field = useRef<HTMLInputElement>(null);
  const query = useDebounced(typed.trim(), 120);
  const found = useQuery(queries.treeSearch(connection, query));
  const rows = (query === "" ? [] : (found.data?.rows ?? []))
    .filter((row) => row.matches && row.scope.level !== "instance")
    .slice(0, MOST);
  return (
    <Dialog
      open
      onClose={onClose}
      title={m.changes.bulk.copyTitle(m.changes.scopes(scopes))}
      lead={m.changes.bulk.copyLead}
      initialFocus={field}
      data-testid="copy-dialog"
      foot={
        <BulkFoot
          busy={busy}
          ready={from !== null}
          onClose={onClose}
          onMake={() => from && onCopy(from, given)}
          testid="copy-go"
        />
      }
    >
      <div className={styles.fields}>
        <SearchField
          ref={field}
          label={m.changes.bulk.copyFind}
          placeholder={m.changes.bulk.copyFind}
          value={typed}
          onChange={setTyped}
          data-testid="copy-find"
        />
        <div className={styles.found} role="radiogroup" aria-label={m.changes.bulk.copyFind}>
          {rows.map((row) => (
            <label key={row.path} className={styles.choice}>
              <input
                type="radio"
                name="copy-from"
                checked={sameScope(from, row.scope)}
                onChange={() => setFrom(row.scope)}
              />
              <LevelIcon level={row.scope.level} />
              <PathText path={row.path} />
            </label>
          ))}
          {query !== "" && found.isSuccess && rows.length === 0 && (
            <p className={styles.note}>{m.tree.noMatches(query)}</p>
          )}
        </div>
        {secrets.length > 0 && (
          <fieldset className={styles.secrets} data-testid="copy-secrets">
            <legend>{m.changes.bulk.copySecrets}</legend>
            {secrets.map(({ field: name, title }) => (
              <label key={name} className={styles.check}>
                <input
                  type="checkbox"
                  checked={given.includes(name)}
                  onChange={(event) =>
                    setGiven(event.target.checked ? [...given, name] : given.filter((it) => it !== name))
                  }
                />
                {title}
              </label>
            ))}
            <p className={styles.note}>{m.changes.bulk.copySecretsNote}</p>
          </fieldset>
        )}
      </div>
    </Dialog>
  );
}
