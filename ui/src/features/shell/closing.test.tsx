import { act, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";

const nothing = { applying: false, syncing: false };

describe("closing the window", () => {
  it("keeps what was typed a moment ago, then closes", async () => {
    const { mock, user } = await openWindow({ at: "acme/platform/checkout/payments-api", slug: "jira" });
    await user.click(await screen.findByTestId("edit-custom"));
    const keep = mock.backend.commands.keepDraft;
    let kept = false;
    mock.backend.commands.keepDraft = async (...args) => {
      const answer = await keep(...args);
      kept = true;
      return answer;
    };
    const close = mock.backend.commands.closeWindow;
    let keptBefore = false;
    mock.backend.commands.closeWindow = () => {
      keptBefore = kept;
      return close();
    };
    await user.type(await screen.findByTestId("edit-field-jira_issue_prefix"), "P");
    act(() => mock.close(nothing));
    await waitFor(() => expect(mock.calls.some(({ name }) => name === "closeWindow")).toBe(true));
    expect(keptBefore, "kept first").toBe(true);
    expect(JSON.stringify([...mock.drafts.values()]), "the last key too").toContain('"value":"P"');
  });

  it("asks while a run is under way, and stays open if so wished", async () => {
    const { mock, user } = await openWindow({ at: "acme/platform" });
    await screen.findByRole("tree");
    act(() => mock.close({ applying: true, syncing: false }));
    expect(await screen.findByTestId("closing-dialog"), "what becomes of it").toHaveTextContent(
      "can be gone on with",
    );
    const called = (name: string) => mock.calls.some((call) => call.name === name);
    await waitFor(() => expect(called("stayOpen"), "the app waits").toBe(true));
    expect(called("closeWindow"), "not closed yet").toBe(false);
    await user.click(screen.getByRole("button", { name: /^Keep it open/ }));
    await waitFor(() => expect(screen.queryByTestId("closing-dialog")).toBeNull());
    act(() => mock.close({ applying: false, syncing: true }));
    expect(await screen.findByTestId("closing-dialog"), "asked anew").toHaveTextContent("sync");
    await user.click(screen.getByTestId("closing-close"));
    await waitFor(() => expect(called("closeWindow"), "closed").toBe(true));
  });
});
