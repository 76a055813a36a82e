import type { MissingSecrets, SecretInput, SecretWanted } from "../ipc/types";

/** Something was typed for a secret field. */
export const isGiven = (typed: readonly SecretInput[], field: string): boolean =>
  typed.some((secret) => secret.field === field && secret.value !== "");

/** Of what a step lacks, what was not typed either. */
export const stillLacks = (lacks: readonly SecretWanted[], typed: readonly SecretInput[]): SecretWanted[] =>
  lacks.filter(({ field }) => !isGiven(typed, field));

/** How many steps still lack a secret. */
export const lacking = (missing: readonly MissingSecrets[], typed: readonly SecretInput[]): number =>
  missing
    .filter(({ fields }) => fields.some((field) => !isGiven(typed, field)))
    .reduce((sum, { steps }) => sum + steps, 0);

/** What was typed, without the fields that were left blank. */
export const typedOnly = (typed: readonly SecretInput[]): SecretInput[] =>
  typed.filter(({ value }) => value !== "");
