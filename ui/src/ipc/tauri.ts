import { load } from "@tauri-apps/plugin-store";
import type { Backend } from "./backend";
import { commands, events } from "./bindings.gen";

/** The real app. */
export const tauriBackend: Backend = {
  commands,
  onChanged: (callback) => events.changed.listen(() => callback()),
  preferences: {
    read: async () => Object.fromEntries(await (await store()).entries()),
    write: async (key, value) => (await store()).set(key, value),
  },
};

const store = () => load("preferences.json", { defaults: {}, autoSave: 400 });
