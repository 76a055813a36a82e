import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "../styles/tokens.css";
import "../styles/base.css";

import { MutationCache, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { loadPreferences } from "../ipc/preferences";
import { followChanges, makeQueryClient } from "../ipc/queries";
import { m } from "../messages/en";
import { App } from "./App";
import { toastFailed } from "./toasts";

/** Draws the window over the backend that was provided. */
export function startApp(): void {
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root.");
  const client = makeQueryClient(
    new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (mutation.meta?.failure !== null) toastFailed(mutation.meta?.failure ?? m.failed.act, error);
      },
    }),
  );
  void followChanges(client);
  void loadPreferences().then(() =>
    createRoot(root).render(
      <StrictMode>
        <QueryClientProvider client={client}>
          <App />
        </QueryClientProvider>
      </StrictMode>,
    ),
  );
}
