import { load } from "@tauri-apps/plugin-store";
import type { Backend } from "./backend";
import { commands, events } from "./bindings.gen";
import { CommandError } from "./errors";

/** The real app. */
export const tauriBackend: Backend = {
  commands,
  onChanged: (callback) => events.changed.listen(() => callback()),
  preferences: {
    read: async () => Object.fromEntries(await (await store()).entries()),
    write: async (key, value) => (await store()).set(key, value),
  },
};

// In the app's own data folder, which may be moved; only the app knows where it is.
async function open() {
  const info = await commands.appInfo();
  if (info.status === "error") throw new CommandError(info.error);
  return load(info.data.preferences, { defaults: {}, autoSave: 400 });
}

let opened: ReturnType<typeof open> | undefined;
const store = () => (opened ??= open());
