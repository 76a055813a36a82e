import { useMutation } from "@tanstack/react-query";
import { toastDone } from "../../app/toasts";
import { app } from "../../ipc/backend";
import type { ChangesFormat, DriftQuery, ExportFormat, ExportPart } from "../../ipc/types";
import { m } from "../../messages/en";

/** Everything there is of a connection. */
export const wholeEstate: ExportPart = { below: null, slug: null };

interface Exports {
  busy: boolean;
  /** The local copy, or a part of it; the app asks where to. */
  copy: (part: ExportPart, format: ExportFormat) => void;
  /** What changed. */
  drift: (query: DriftQuery, format: ChangesFormat) => void;
}

/** Writes files where the person says, and tells where they are. */
export function useExport(connection: number): Exports {
  const after = {
    onSuccess: (path: string | null) => path !== null && toastDone(m.exporting.saved, path),
    meta: { failure: m.exporting.failed },
  };
  const copy = useMutation({
    mutationFn: ({ part, format }: { part: ExportPart; format: ExportFormat }) =>
      app.exportCopy(connection, part, format),
    ...after,
  });
  const drift = useMutation({
    mutationFn: ({ query, format }: { query: DriftQuery; format: ChangesFormat }) =>
      app.exportDrift(connection, query, format),
    ...after,
  });
  return {
    busy: copy.isPending || drift.isPending,
    copy: (part, format) => copy.mutate({ part, format }),
    drift: (query, format) => drift.mutate({ query, format }),
  };
}
