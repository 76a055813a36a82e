import { useMutation } from "@tanstack/react-query";
import { useNavigation } from "../../app/navigation";
import { app } from "../../ipc/backend";
import type { BulkRequest } from "../../ipc/types";
import { m } from "../../messages/en";

/**
 * Plans a change of many scopes and shows the plan. Nothing is sent.
 * @param failure heads the toast if no plan comes of it; `null`: the caller shows why
 */
export function useBulk(failure: string | null = m.changes.planned) {
  const { go } = useNavigation();
  return useMutation({
    mutationFn: (request: BulkRequest) => app.planMany(request),
    meta: { failure },
    onSuccess: (run, { connection }) => go({ view: "changes", connection, run }),
  });
}
