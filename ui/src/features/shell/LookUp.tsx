import { useMutation, useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useNavigation } from "../../app/navigation";
import { Button } from "../../components/Button";
import { Select } from "../../components/Select";
import { app } from "../../ipc/backend";
import { queries } from "../../ipc/queries";
import type { IntegrationRef, ScopeRef } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./LookUp.module.css";

const everywhere: ScopeRef = { level: "instance", id: "0" };

/**
 * Asks for one integration by name where no list shows it, since a row that is off may stand there. What that
 * costs is said before it begins; then it is a sync like any other.
 */
export function LookUp({ connection }: { connection: number }) {
  const { place } = useNavigation();
  const [slug, setSlug] = useState("");
  const [where, setWhere] = useState<"all" | "here">("all");
  const here = place.view === "scopes" && place.scope?.level === "group" ? place.scope : null;
  const group = useQuery({ ...queries.scope(connection, here ?? everywhere), enabled: here !== null });
  const scope = where === "here" && here !== null ? here : everywhere;
  const kinds = useQuery(queries.kinds(connection, null));
  const at: IntegrationRef = { connection, scope, slug };
  const cost = useQuery({ ...queries.deepScanCost(at), enabled: slug !== "" });
  const start = useMutation({
    mutationFn: () => app.startDeepScan(at),
    meta: { failure: m.failed.sync },
  });
  const t = m.shell.lookUp;
  const requests = cost.data?.requests ?? 0;
  return (
    <details className={styles.lookUp} data-testid="look-up">
      <summary>
        <ChevronRight size={14} strokeWidth={2} className={styles.chevron} aria-hidden="true" />
        {t.title}
      </summary>
      <p>{t.note}</p>
      <div className={styles.fields}>
        <Select
          label={t.kind}
          placeholder={t.choose}
          value={slug}
          options={(kinds.data ?? []).map((kind) => ({ value: kind.slug, label: kind.title }))}
          onChange={setSlug}
          data-testid="look-up-kind"
        />
        {here !== null && group.data && (
          <Select
            label={t.where}
            value={where}
            options={[
              { value: "all", label: t.all },
              { value: "here", label: t.below(group.data.scope.name) },
            ]}
            onChange={setWhere}
            data-testid="look-up-where"
          />
        )}
      </div>
      {slug !== "" && (
        <div className={styles.go}>
          <p role="status" data-testid="look-up-cost">
            {cost.error
              ? cost.error.message
              : cost.data &&
                (requests === 0
                  ? t.nothing
                  : m.shell.sync.cost(requests, cost.data.seconds_from, cost.data.seconds_to))}
          </p>
          <Button
            small
            busy={start.isPending}
            disabled={requests === 0}
            onClick={() => start.mutate()}
            data-testid="look-up-start"
          >
            {t.start}
          </Button>
        </div>
      )}
    </details>
  );
}
