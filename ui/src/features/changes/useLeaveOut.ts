import { useMutation } from "@tanstack/react-query";
import { app } from "../../ipc/backend";
import type { Along, ChosenSteps } from "../../ipc/types";
import { m } from "../../messages/en";

interface Wish {
  which: ChosenSteps;
  out: boolean;
}

/** Leaves steps out of a plan, or takes them in again; says which others went along. */
export function useLeaveOut(run: number) {
  const leave = useMutation({
    mutationFn: ({ which, out }: Wish) => app.leaveOut(run, which, out),
    meta: { failure: m.changes.review.notLeft },
  });
  return { leave: leave.mutate, said: said(leave.data, leave.variables), busy: leave.isPending };
}

function said(along: Along | undefined, wish: Wish | undefined): string | null {
  if (!along || !wish || along.steps === 0) return null;
  return m.changes.review.along(wish.out, along.steps, along.first);
}
