import { MutationCache, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
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
