import type { ErrorCode, IpcError } from "./bindings.gen";

/** A command that failed, with the app's words, or Tauri's own where the app never got to answer. */
export class CommandError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;

  constructor({ code, message, hint }: IpcError) {
    super(message);
    this.name = "CommandError";
    this.code = code;
    this.hint = hint;
  }
}

/**
 * Tauri's own failures (unknown command, a bad argument, a denied permission) reject with a bare
 * string, outside the app's error type; both end up as one here.
 */
export function toCommandError(thrown: unknown): CommandError {
  if (thrown instanceof CommandError) return thrown;
  if (isIpcError(thrown)) return new CommandError(thrown);
  const message =
    thrown instanceof Error ? thrown.message : typeof thrown === "string" ? thrown : JSON.stringify(thrown);
  return new CommandError({ code: "failed", message, hint: null });
}

function isIpcError(value: unknown): value is IpcError {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}
