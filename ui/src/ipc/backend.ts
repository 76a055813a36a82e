import type { Closing, commands, Preference } from "./bindings.gen";
import { CommandError, toCommandError } from "./errors";

/** Every command of the app, with its generated types. */
export type Commands = typeof commands;

/** Where preferences are kept. */
interface PreferenceStore {
  read(): Promise<Record<string, unknown>>;
  write(name: Preference, value: unknown): Promise<void>;
}

/** What the window needs from outside: the app itself, or the mock company. */
export interface Backend {
  commands: Commands;
  /** Calls back when something in the local state moved; returns how to stop. */
  onChanged(callback: () => void): Promise<() => void>;
  /** Calls back when somebody wants to close the window, which waits for it; returns how to stop. */
  onClosing(callback: (underWay: Closing) => void): Promise<() => void>;
  preferences: PreferenceStore;
}

let current: Backend | undefined;

/** Names the backend, once, before anything is rendered. */
export function provideBackend(backend: Backend): void {
  current = backend;
}

/** The backend that was named. */
export function backend(): Backend {
  if (!current) throw new Error("No backend was provided before the window was drawn.");
  return current;
}

type Data<R> = R extends Promise<infer S> ? (S extends { status: "ok"; data: infer D } ? D : never) : never;

/** The commands, returning data or throwing a `CommandError`. */
export type Calls = {
  [K in keyof Commands]: (...args: Parameters<Commands[K]>) => Promise<Data<ReturnType<Commands[K]>>>;
};

async function call(name: keyof Commands, args: unknown[]): Promise<unknown> {
  type Answer = { status: "ok"; data: unknown } | { status: "error"; error: unknown };
  let answer: Answer;
  try {
    const command = backend().commands[name] as (...args: unknown[]) => Promise<Answer>;
    answer = await command(...args);
  } catch (thrown) {
    throw toCommandError(thrown);
  }
  if (answer.status === "ok") return answer.data;
  throw answer.error instanceof CommandError ? answer.error : toCommandError(answer.error);
}

/** `app.compare(at)` and so on. */
export const app: Calls = new Proxy({} as Calls, {
  get:
    (_, name: string) =>
    (...args: unknown[]) =>
      call(name as keyof Commands, args),
});
