import { useEffect, useEffectEvent } from "react";

const waiting = new Set<() => Promise<void>>();

/** Has something written down before the window closes: nothing is unmounted then. */
export function useBeforeClose(write: () => Promise<void>): void {
  const latest = useEffectEvent(write);
  useEffect(() => {
    const last = () => latest();
    waiting.add(last);
    return () => void waiting.delete(last);
  }, []);
}

/** Writes down all that waits for it. Rejects where something could not be written. */
export async function writeBeforeClose(): Promise<void> {
  await Promise.all([...waiting].map((write) => write()));
}
