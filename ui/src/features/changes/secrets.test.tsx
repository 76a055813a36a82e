import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";

const asked = {
  secrets: [{ field: "password", title: "New API token or password", steps: 429, remembered: 0 }],
  missing: [{ fields: ["password"], steps: 429 }],
};

/** A paused run whose open steps want a secret; going on is up to the test. */
async function openPaused() {
  const opened = await openWindow({ runs: true });
  const { commands } = opened.mock.backend;
  const view = commands.runView;
  commands.runView = async (run) => {
    const answer = await view(run);
    return answer.status === "ok" && run === 5 ? { ...answer, data: { ...answer.data, ...asked } } : answer;
  };
  await opened.user.click(await screen.findByTestId("view-changes"));
  await opened.user.click(await screen.findByTestId("tray-resume"));
  await opened.user.click(await screen.findByTestId("run-resume"));
  return opened;
}

describe("a secret typed for a run that goes on", () => {
  it("is nowhere once the question is left", async () => {
    const { user } = await openPaused();
    await user.type(await screen.findByTestId("plan-secret-password"), "hunter2");
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByTestId("plan-secret-password")).toBeNull());
    await user.click(screen.getByTestId("run-resume"));
    expect(await screen.findByTestId("plan-secret-password"), "forgotten").toHaveValue("");
  });

  it("is nowhere once it was sent", async () => {
    const { mock, client, user } = await openPaused();
    let kept = "";
    const resume = mock.backend.commands.resumeRun;
    mock.backend.commands.resumeRun = (...args) => {
      kept = JSON.stringify(
        client
          .getMutationCache()
          .getAll()
          .map(({ state }) => state.variables ?? null),
      );
      return resume(...args);
    };
    await user.type(await screen.findByTestId("plan-secret-password"), "hunter2");
    await user.click(screen.getByTestId("resume-go"));
    await waitFor(() => expect(mock.calls.some(({ name }) => name === "resumeRun")).toBe(true));
    expect(kept, "not among what is kept beside a result").not.toContain("hunter2");
    await waitFor(() => expect(client.getMutationCache().getAll(), "and no result is kept").toEqual([]));
  });
});
