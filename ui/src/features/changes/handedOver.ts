import type { SecretInput } from "../../ipc/types";

/** Secrets typed for a plan before its page was opened. In memory, and only until that page is there. */
let waiting: { run: number; secrets: SecretInput[] } | null = null;

/** Gives what was typed for a plan to the page that shows it. */
export function handOver(run: number, secrets: SecretInput[]): void {
  waiting = { run, secrets };
}

/** What was typed for a plan before its page was there. */
export function handedOver(run: number): SecretInput[] {
  return waiting?.run === run ? waiting.secrets : [];
}

/** The page has them: they are kept nowhere else. */
export function taken(): void {
  waiting = null;
}
