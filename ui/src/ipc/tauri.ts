import { app, type Backend } from "./backend";
import { commands, events } from "./bindings.gen";

/** The real app. */
export const tauriBackend: Backend = {
  commands,
  onChanged: (callback) => events.changed.listen(() => callback()),
  onClosing: (callback) => events.closing.listen(({ payload }) => callback(payload)),
  preferences: {
    read: async () => JSON.parse(await app.readPreferences()) as Record<string, unknown>,
    write: async (name, value) => {
      await app.writePreference(name, JSON.stringify(value));
    },
  },
};
