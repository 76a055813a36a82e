import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";
import type { BulkRequest } from "../../ipc/types";

type Opened = Awaited<ReturnType<typeof openWindow>>;

const planned = ({ mock }: Opened): BulkRequest | undefined =>
  mock.calls.find(({ name }) => name === "planMany")?.args[0] as BulkRequest | undefined;

async function openBelow() {
  const opened = await openWindow({ at: "acme/platform", slug: "jira" });
  await opened.user.click(await screen.findByTestId("compare-more"));
  await opened.user.click(await screen.findByTestId("change-below"));
  await screen.findByTestId("below-dialog");
  return opened;
}

describe("a change of everything below a group", () => {
  it("is narrowed by visibility", async () => {
    const opened = await openBelow();
    const visibility = screen.getByRole("group", { name: "Visibility" });
    await opened.user.click(within(visibility).getByRole("button", { name: "Internal" }));
    await opened.user.click(screen.getByTestId("below-make"));
    await waitFor(() =>
      expect(planned(opened)?.selection).toMatchObject({ filter: { visibility: "internal" } }),
    );
  });

  it("sets what is ticked, and nothing else; a secret is asked for in the plan", async () => {
    const opened = await openBelow();
    const { user } = opened;
    await user.click(screen.getByRole("button", { name: "Set custom settings" }));
    expect(screen.getByTestId("below-make"), "nothing to set yet").toBeDisabled();
    expect(screen.queryByTestId("edit-field-url"), "a control comes with its tick").toBeNull();

    await user.click(await screen.findByRole("checkbox", { name: "Set Web URL" }));
    await user.type(screen.getByRole("textbox", { name: "Web URL" }), "https://jira.acme.example");
    await user.click(screen.getByTestId("set-password"));
    await user.click(screen.getByTestId("set-commit_events"));
    await user.click(
      within(screen.getByRole("group", { name: "Commit" })).getByRole("button", { name: "Off" }),
    );
    // Ticked by mistake, and taken back.
    await user.click(screen.getByTestId("set-jira_issue_prefix"));
    await user.click(screen.getByTestId("set-jira_issue_prefix"));
    expect(screen.getByText("3 settings to set")).toBeVisible();
    await user.click(screen.getByTestId("below-make"));

    expect(await screen.findByTestId("plan-review"), "shown before anything is sent").toBeVisible();
    expect(planned(opened)?.wish, "just those").toEqual({
      kind: "set_custom",
      draft: {
        fields: { url: { kind: "text", value: "https://jira.acme.example" } },
        events: { commit_events: false },
      },
      secrets: ["password"],
    });
    expect(await screen.findByTestId("plan-secret-password"), "asked for here").toHaveValue("");
  });

  it("blanks what is ticked and left blank, and says so", async () => {
    const opened = await openBelow();
    const { user } = opened;
    await user.click(screen.getByRole("button", { name: "Set custom settings" }));
    await user.click(await screen.findByTestId("set-jira_issue_prefix"));
    expect(screen.getByRole("textbox", { name: "Issue prefix" })).toHaveAccessibleDescription(
      /^Left blank: it is blanked/,
    );
    await user.click(screen.getByTestId("below-make"));
    await waitFor(() =>
      expect(planned(opened)?.wish).toMatchObject({
        draft: { fields: { jira_issue_prefix: { kind: "empty" } } },
      }),
    );
  });

  it("says that any state includes those that have nothing", async () => {
    const { user } = await openBelow();
    await user.click(screen.getByRole("button", { name: "Set custom settings" }));
    expect(screen.queryByTestId("below-everywhere"), "custom ones alone").toBeNull();
    await user.click(screen.getByRole("button", { name: "Any state" }));
    expect(screen.getByTestId("below-everywhere")).toHaveTextContent(/off or not set/);
  });
});

describe("the selected cells of a column", () => {
  it("are set together", async () => {
    const opened = await openWindow({});
    const { user } = opened;
    await user.click(await screen.findByTestId("view-matrix"));
    await screen.findByTestId("matrix-row-acme/data");
    screen.getByTestId("matrix-grid").focus();
    await user.keyboard("{Control>} {/Control}");
    await user.click(await screen.findByTestId("matrix-set"));
    await user.click(await screen.findByTestId("set-jira_issue_regex"));
    await user.type(screen.getByRole("textbox", { name: "Issue regex" }), "X-1");
    await user.click(screen.getByTestId("set-go"));
    await screen.findByTestId("plan-review");
    expect(planned(opened)).toMatchObject({
      slug: "jira",
      wish: { draft: { fields: { jira_issue_regex: { kind: "text", value: "X-1" } } } },
      selection: { kind: "rows", spans: [{ first: 0, last: 101 }] },
    });
  });
});
