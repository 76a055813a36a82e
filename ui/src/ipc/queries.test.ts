import { MutationCache, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { mockBackend } from "../mock/backend";
import { provideBackend } from "./backend";
import { followChanges, makeQueryClient } from "./queries";

it("shows every answer while events are steady, and ends with one that is newer than the last event", async () => {
  const mock = mockBackend();
  provideBackend(mock.backend);
  const client = makeQueryClient(new MutationCache());
  await followChanges(client);
  const asked: ((answer: string) => void)[] = [];
  const observer = new QueryObserver(client, {
    queryKey: ["app"],
    queryFn: () => new Promise<string>((answer) => asked.push(answer)),
  });
  const shown: (string | undefined)[] = [];
  const stop = observer.subscribe(({ data }) => {
    if (data !== shown.at(-1)) shown.push(data);
  });
  asked[0]?.("first");
  await vi.waitFor(() => expect(shown).toEqual(["first"]));

  for (let event = 0; event < 5; event += 1) mock.changed();
  await vi.waitFor(() => expect(asked, "asked once for all of them").toHaveLength(2));
  mock.changed();
  asked[1]?.("while it moved");
  await vi.waitFor(() => expect(shown, "what the backend worked out is shown").toContain("while it moved"));
  await vi.waitFor(() => expect(asked, "it may be older than the last event").toHaveLength(3));
  asked[2]?.("last");
  await vi.waitFor(() => expect(shown.at(-1)).toBe("last"));
  expect(asked, "and then there is peace").toHaveLength(3);
  stop();
});
