import { MutationCache, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { CommandError } from "../ipc/errors";
import { makeQueryClient } from "../ipc/queries";
import { PagedList } from "./PagedList";

it("says in its place why a page is not there, once, and asks again", async () => {
  const user = userEvent.setup();
  let works = false;
  const page = (at: number) => ({
    queryKey: ["past-runs", 1, at] as const,
    queryFn: () =>
      works
        ? Promise.resolve({ total: 3, rows: ["one", "two", "three"] })
        : Promise.reject(new CommandError({ code: "failed", message: "The disk is gone.", hint: null })),
  });
  render(
    <QueryClientProvider client={makeQueryClient(new MutationCache())}>
      <PagedList
        label="Runs"
        sections={[{ key: "runs", head: null, total: 3, page }]}
        pageSize={50}
        rowHeight={30}
        row={(row) => row}
      />
    </QueryClientProvider>,
  );
  expect(await screen.findByRole("alert"), "in the first row that is missing").toHaveTextContent(
    "The disk is gone. Try again",
  );
  works = true;
  screen.getByRole("listbox").focus();
  await user.keyboard("{Enter}");
  expect(await screen.findByText("three"), "here they are").toBeVisible();
  expect(screen.queryByRole("alert"), "nothing failed any more").toBeNull();
});

it("chooses a row that a key led to as soon as it is there", async () => {
  const user = userEvent.setup();
  const SIZE = 20;
  const waiting: (() => void)[] = [];
  const page = (at: number) => ({
    queryKey: ["past-runs", 2, at] as const,
    queryFn: async () => {
      if (at > 0) await new Promise<void>((come) => waiting.push(come));
      const rows = Array.from({ length: SIZE }, (_, index) => `row ${String(at * SIZE + index)}`);
      return { total: 30, rows: rows.slice(0, 30 - at * SIZE) };
    },
  });
  const choose = vi.fn();
  render(
    <QueryClientProvider client={makeQueryClient(new MutationCache())}>
      <PagedList
        label="Rows"
        sections={[{ key: "rows", head: null, total: 30, page }]}
        pageSize={SIZE}
        rowHeight={30}
        row={(row) => row}
        onChoose={choose}
      />
    </QueryClientProvider>,
  );
  await screen.findByText("row 0");
  screen.getByRole("listbox").focus();
  await user.keyboard("{End}");
  await waitFor(() => expect(waiting.length, "its page is asked for").toBeGreaterThan(0));
  expect(choose, "nobody knows yet which row it is").not.toHaveBeenCalled();
  waiting.forEach((come) => come());
  await waitFor(() => expect(choose, "the last one").toHaveBeenCalledExactlyOnceWith("row 29"));
});
