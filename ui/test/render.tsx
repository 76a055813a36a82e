import { MutationCache, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "../src/app/App";
import { provideBackend } from "../src/ipc/backend";
import { loadPreferences } from "../src/ipc/preferences";
import { followChanges, makeQueryClient } from "../src/ipc/queries";
import { mockBackend, type MockOptions } from "../src/mock/backend";

/** The whole window over a mock company, opened at a scope. */
export async function openWindow({
  at,
  slug,
  ...options
}: Partial<MockOptions> & { at?: string; slug?: string } = {}) {
  const mock = mockBackend(options);
  const scopes = [...mock.company.all.values()];
  const scope = scopes.find((each) => each.path === at);
  if (scope) mock.kept["last"] = { connection: 1, ...scope.ref, slug: slug ?? null };
  provideBackend(mock.backend);
  await loadPreferences();
  const client = makeQueryClient(new MutationCache());
  await followChanges(client);
  render(
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>,
  );
  return { mock, client, user: userEvent.setup() };
}
