import { MutationCache, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";
import { provideBackend } from "../../../ipc/backend";
import { loadPreferences } from "../../../ipc/preferences";
import { makeQueryClient } from "../../../ipc/queries";
import { mockBackend } from "../../../mock/backend";
import { useTree } from "./useTree";

const broken = () =>
  Promise.resolve({
    status: "error" as const,
    error: { code: "failed" as const, message: "The disk is gone.", hint: null },
  });

async function openTree(
  filter = "",
  change: (mock: ReturnType<typeof mockBackend>) => void = () => undefined,
) {
  const mock = mockBackend();
  change(mock);
  provideBackend(mock.backend);
  await loadPreferences();
  const client = makeQueryClient(new MutationCache());
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  return { mock, ...renderHook(() => useTree(1, filter, null), { wrapper }) };
}

describe("the tree", () => {
  it("stays open however many nodes were opened, and remembers the root among them", async () => {
    const { result, mock } = await openTree();
    await waitFor(() => expect(result.current.lines.length).toBeGreaterThan(1));
    const before = result.current.lines.length;
    act(() => result.current.expand(Array.from({ length: 450 }, (_, n) => `group:${String(n + 10_000)}`)));
    await waitFor(() =>
      expect(mock.kept["expanded"], "what is written has an end").toMatchObject({
        "1": { length: 400, 0: "instance:0" },
      }),
    );
    expect(result.current.lines.length, "it did not fold up").toBe(before);
  });

  it("says that it could not be read", async () => {
    const { result } = await openTree("", (mock) => {
      mock.backend.commands.treeChildren = broken;
    });
    await waitFor(() => expect(result.current.error?.message).toBe("The disk is gone."));
    expect(result.current.loading, "and waits for nothing").toBe(false);
  });

  it("does not show everything for a search that failed", async () => {
    const { result } = await openTree("pay", (mock) => {
      mock.backend.commands.treeSearch = broken;
    });
    await waitFor(() => expect(result.current.error?.message).toBe("The disk is gone."));
    expect(result.current.lines, "the whole tree is no answer").toEqual([]);
  });
});
