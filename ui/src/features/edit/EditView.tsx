import { useQuery } from "@tanstack/react-query";
import { whyNoWrites } from "../../app/connection";
import { Failed, LoadingRows } from "../../components/Empty";
import { queries } from "../../ipc/queries";
import type { Connection, IntegrationRef, ScopeRef } from "../../ipc/types";
import type { PlanWish } from "../plan/PlanFlow";
import { EditPane } from "./EditPane";

export interface EditViewProps {
  at: IntegrationRef;
  connection: Connection;
  onLeave: (settled: boolean) => void;
  onOpenScope: (scope: ScopeRef) => void;
  onReview: (wish: PlanWish) => void;
}

/** The form for custom settings, in place of list and comparison. */
export function EditView({ at, connection, ...acts }: EditViewProps) {
  const form = useQuery(queries.edit(at));
  if (form.data) return <EditPane at={at} form={form.data} refused={whyNoWrites(connection)} {...acts} />;
  if (form.isError) return <Failed error={form.error} onRetry={() => void form.refetch()} />;
  return <LoadingRows />;
}
