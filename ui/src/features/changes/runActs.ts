import { useMutation } from "@tanstack/react-query";
import { useNavigation } from "../../app/navigation";
import { app } from "../../ipc/backend";
import { typedOnly } from "../../logic/secrets";
import { m } from "../../messages/en";
import { nothingTyped, type Typed } from "./SecretsAsked";

/** A new plan made from a run: what takes it back, or what did not work again. Then it is shown. */
export function usePlanFrom(connection: number, how: "undo" | "again") {
  const { go } = useNavigation();
  return useMutation({
    mutationFn: ({ run, steps }: { run: number; steps: number[] | null }) =>
      how === "undo" ? app.planUndo(run, steps) : app.planAgain(run, steps),
    meta: { failure: how === "undo" ? m.changes.run.notUndone : m.changes.run.notAgain },
    onSuccess: (run) => go({ view: "changes", connection, run }),
  });
}

/** Goes on with a run that was paused or cut short. Secrets are no variables: those stay with the result. */
export function useResumeRun(run: number, typed: Typed = nothingTyped) {
  return useMutation({
    mutationFn: () => app.resumeRun(run, typedOnly(typed.secrets), typed.remember),
    meta: { failure: m.changes.run.notResumed },
  });
}

/** Ends a run that is not going on. */
export function useCloseRun() {
  return useMutation({
    mutationFn: (run: number) => app.closeRun(run),
    meta: { failure: m.changes.run.notClosed },
  });
}

/** Holds what is applied. */
export function usePauseRun(connection: number) {
  return useMutation({
    mutationFn: () => app.pauseRun(connection),
    meta: { failure: m.changes.run.notPaused },
  });
}

/** Ends what is applied. */
export function useCancelRun(connection: number) {
  return useMutation({
    mutationFn: () => app.cancelRun(connection),
    meta: { failure: m.changes.run.notCancelled },
  });
}
